import { rungCategory as rung } from "../contract/names";
import { reach } from "./directory";
import { sceneName } from "./rehearsal/scene";

/**
 * First come, first served, for everybody who wants the same extension. Each caller takes a ticket: a channel group
 * named after the extension and a number that grows with time. Asterisk removes a channel's groups with the channel, so
 * nothing remains, however the caller leaves.
 */
const tickets = "smart-transfer-tickets";

/** The group of callers who are taking a ticket at the moment. */
const arrivals = "smart-transfer-arrivals";

/**
 * Takes a ticket, unless the caller already has one for this extension. Nobody compares tickets while another caller is
 * between reading the clock and getting a ticket. Otherwise two callers could both believe that they are first
 * (Lamport's bakery algorithm).
 */
export function takeTicket(extension: string): void {
  const [held] = string.match(ownTicket(), "^(.*)%-%d+$");
  if (held === nameOf(extension)) return;
  channel.GROUP(arrivals).set(nameOf(extension));
  const ticket = `${nameOf(extension)}-${nextNumber()}`;
  channel.SMART_TRANSFER_TICKET.set(ticket);
  channel.GROUP(tickets).set(ticket);
  channel.GROUP(arrivals).set("");
  for (const _ of $range(1, tries)) {
    if (members(nameOf(extension), arrivals) === 0) break;
    app.Wait(0.01);
  }
}

/** Taking a ticket lasts less than a millisecond. Longer means that it failed with an error. */
const tries = 100;

/** Returns the ticket: the caller no longer waits for anybody. */
export function giveTicketBack(): void {
  if (ownTicket() === "") return;
  channel.SMART_TRANSFER_TICKET.set("");
  channel.GROUP(tickets).set("");
  channel.GROUP(rung).set("");
}

/** Whether the caller may ring the extension's phones now. Checks the phones' state first, which usually decides. */
export function mayRing(extension: string): boolean {
  const isFree = () => reach(extension) === "free";
  // Check the phones again at the end: the last call to them may just have been answered.
  return isFree() && callersBefore() === 0 && !isRung(extension) && isFree();
}

/** The number of callers who took a ticket for the same extension before this one. */
export function callersBefore(): number {
  const [whose, number] = string.match(ownTicket(), "^(.*)%-(%d+)$");
  if (whose === undefined || number === undefined || matching(`^${whose}-[0-9]+$`) < 2) return 0;
  let before = 0;
  // A lower number has a lower digit at the first difference.
  for (const at of $range(1, number.length)) {
    const digit = tonumber(string.sub(number, at, at)) ?? 0;
    if (digit > 0) before += matching(`^${whose}-${string.sub(number, 1, at - 1)}[0-${digit - 1}]`);
  }
  return before;
}

/**
 * Rings an extension's phones while nobody else does. The device state alone says free until the phone rings, which may
 * take seconds. The caller's ticket cannot mark that time, because they could not return it when answered. So the
 * phones' channels are in a group of their own until then (plan/dial-contexts.ts), and the caller's channel marks the
 * moment until those exist.
 */
export function whileRung(extension: string, dial: () => void): void {
  channel.GROUP(rung).set(momentOf(extension, thisSecond()));
  channel.GROUP(tickets).set("");
  dial();
  channel.GROUP(tickets).set(ownTicket());
  channel.GROUP(rung).set("");
}

/** The group, with its category, of phones that are ringing. */
export function rungGroup(extension: string): string {
  return `${nameOf(extension)}@${rung}`;
}

function isRung(extension: string): boolean {
  if (members(nameOf(extension), rung) > 0) return true;
  // The phones' channels exist within milliseconds.
  const second = thisSecond();
  return members(momentOf(extension, second), rung) + members(momentOf(extension, second - 1), rung) > 0;
}

function momentOf(extension: string, second: number): string {
  return `${nameOf(extension)}-${string.format("%.0f", second)}`;
}

function thisSecond(): number {
  return tonumber(channel.EPOCH.get() ?? "") ?? 0;
}

function ownTicket(): string {
  return channel.SMART_TRANSFER_TICKET.get() ?? "";
}

/** The name of the tickets. A rehearsal has its own. */
function nameOf(extension: string): string {
  const scene = sceneName();
  return scene === undefined ? extension : `${extension}-${scene}`;
}

/**
 * Microseconds since 1970, so that a later caller has a higher number. Two in the same microsecond differ by their
 * channels.
 */
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
