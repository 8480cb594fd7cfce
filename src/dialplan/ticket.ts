import { rungCategory as rung } from "../contract/names";
import { now } from "./clock";
import { reach } from "./directory";
import { isRemote } from "./nodes";
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
 *
 * @param waited for how many milliseconds the caller has waited for it already, at another node
 */
export function takeTicket(extension: string, waited = 0): void {
  const [held] = string.match(ownTicket(), "^(.*)%-%d+$");
  if (held === nameOf(extension)) return;
  channel.GROUP(arrivals).set(nameOf(extension));
  const ticket = `${nameOf(extension)}-${nextNumber(waited)}`;
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

/** For how many milliseconds the caller has had their ticket. */
export function ticketAge(): number {
  const [milliseconds] = string.match(ownTicket(), "(%d+)%d%d%d%d%d%d$");
  return milliseconds === undefined ? 0 : now() - (tonumber(milliseconds) ?? now());
}

/**
 * Whether the caller may ring the extension's phones now. Checks the phones' state first, which usually decides. Whose
 * turn it is at a remote extension, its home node knows.
 */
export function mayRing(extension: string): boolean {
  const isFree = () => reach(extension) === "free";
  if (isRemote(extension)) return isFree();
  // Check the phones again at the end: the last call to them may just have been answered.
  return isFree() && callersBefore() === 0 && !isRung(extension) && isFree();
}

/** The number of callers who want an extension at the moment. */
export function callersWaiting(extension: string): number {
  return ticketsOf(nameOf(extension));
}

/** The number of callers who took a ticket for the same extension before this one. */
export function callersBefore(): number {
  const [whose, number] = string.match(ownTicket(), "^(.*)%-(%d+)$");
  if (whose === undefined || number === undefined || ticketsOf(whose) < 2) return 0;
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
  channel.GROUP(rung).set(nameOf(extension) + moment(thisSecond()));
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
  // The phones' channels exist within milliseconds, long before the second after the moment is over.
  const second = thisSecond();
  return matching(`^${nameOf(extension)}(${moment(second)}|${moment(second - 1)})?$`, rung) > 0;
}

function moment(second: number): string {
  return string.format("-%.0f", second);
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
function nextNumber(waited: number): string {
  const [serial] = string.match(channel.UNIQUEID.get() ?? "", "(%d+)$");
  const microseconds = tonumber(channel.STRFTIME("", "", "%s%6q").get() ?? "") ?? 0;
  return `${string.format("%.0f", microseconds - waited * 1000)}${string.sub(`000${serial ?? ""}`, -3)}`;
}

function ticketsOf(name: string): number {
  return matching(`^${name}-[0-9]+$`);
}

function matching(pattern: string, category = tickets): number {
  return tonumber(channel.GROUP_MATCH_COUNT(`${pattern}@${category}`).get() ?? "") ?? 0;
}

function members(group: string, category: string): number {
  return tonumber(channel.GROUP_COUNT(`${group}@${category}`).get() ?? "") ?? 0;
}
