import { rungCategory as rung } from "../contract/names";
import { reach } from "./directory";
import { sceneName } from "./rehearsal/scene";

/**
 * First come, first served, among all who want the same extension. Who wants it takes a ticket: a channel group named after
 * the extension and a number that grows with time. Asterisk drops a channel's groups with the channel, so nothing stays
 * behind, however the caller leaves.
 */
const tickets = "smart-transfer-tickets";

/** Who is taking one just now. */
const arrivals = "smart-transfer-arrivals";

/**
 * Takes a ticket, unless the caller holds one for this extension already. Nobody looks at the tickets while another caller is
 * between reading the clock and holding his: else two could each believe that they are first (Lamport's bakery).
 */
export function takeTicket(extension: string): void {
  const [held] = string.match(ownTicket(), "^(.*)%-%d+$");
  if (held === nameOf(extension)) return;
  channel.GROUP(arrivals).set(nameOf(extension));
  channel.SMART_TRANSFER_TICKET.set(`${nameOf(extension)}-${nextNumber()}`);
  channel.GROUP(tickets).set(ownTicket());
  channel.GROUP(arrivals).set("");
  for (const _ of $range(1, tries)) {
    if (members(nameOf(extension), arrivals) === 0) break;
    app.Wait(0.01);
  }
}

/** Somebody who arrives is done in less than a millisecond; who is not did not get over an error. */
const tries = 100;

/** The caller wants nobody any more. */
export function giveTicketBack(): void {
  if (ownTicket() === "") return;
  channel.SMART_TRANSFER_TICKET.set("");
  channel.GROUP(tickets).set("");
  channel.GROUP(rung).set("");
}

/** May the caller ring the extension's phones now? The phones' state is looked at first, since that is mostly the answer. */
export function isHisTurn(extension: string): boolean {
  const isFree = () => reach(extension) === "free";
  // And last once more: who was rung until now may just have been answered.
  return isFree() && callersBefore() === 0 && !isRung(extension) && isFree();
}

/** How many took their tickets for the same extension before this caller. */
export function callersBefore(): number {
  const [whose, number] = string.match(ownTicket(), "^(.*)%-(%d+)$");
  if (whose === undefined || number === undefined || matching(`^${whose}-[0-9]+$`) < 2) return 0;
  let before = 0;
  // Of a number that is lower some first digit is.
  for (const at of $range(1, number.length)) {
    const digit = tonumber(string.sub(number, at, at)) ?? 0;
    if (digit > 0) before += matching(`^${whose}-${string.sub(number, 1, at - 1)}[0-${digit - 1}]`);
  }
  return before;
}

/**
 * Rings an extension's phones, and nobody else does meanwhile: by the device state alone a phone is free until it rings, which
 * takes some of them seconds. The caller cannot hold his ticket for that: he could not give it back when he is answered. So the
 * phones' channels hold a group of their own until then (plan/dial-contexts.ts), and his marks the moment until they do.
 */
export function whileRung(extension: string, dial: () => void): void {
  channel.GROUP(rung).set(momentOf(extension, 0));
  channel.GROUP(tickets).set("");
  dial();
  channel.GROUP(tickets).set(ownTicket());
  channel.GROUP(rung).set("");
}

/** The group of a phone that is being rung, with its category. */
export function rungGroup(extension: string): string {
  return `${nameOf(extension)}@${rung}`;
}

function isRung(extension: string): boolean {
  if (members(nameOf(extension), rung) > 0) return true;
  // The phones' channels are there within milliseconds.
  return members(momentOf(extension, 0), rung) + members(momentOf(extension, 1), rung) > 0;
}

function momentOf(extension: string, secondsAgo: number): string {
  const second = tonumber(channel.EPOCH.get() ?? "") ?? 0;
  return `${nameOf(extension)}-${string.format("%.0f", second - secondsAgo)}`;
}

function ownTicket(): string {
  return channel.SMART_TRANSFER_TICKET.get() ?? "";
}

/** A rehearsal has tickets of its own. */
function nameOf(extension: string): string {
  const scene = sceneName();
  return scene === undefined ? extension : `${extension}-${scene}`;
}

/** Microseconds since 1970: of two who come one after the other the later has more. Of two in the same one, their channels differ. */
function nextNumber(): string {
  const [serial] = string.match(channel.UNIQUEID.get() ?? "", "(%d+)$");
  return `${channel.STRFTIME("", "", "%s%6q").get()}${string.sub(`000${serial ?? ""}`, -3)}`;
}

function matching(pattern: string): number {
  return tonumber(channel.GROUP_MATCH_COUNT(`${pattern}@${tickets}`).get() ?? "") ?? 0;
}

function members(group: string, category: string): number {
  return tonumber(channel.GROUP_COUNT(`${group}@${category}`).get() ?? "") ?? 0;
}
