import { contexts, index, lineName, sharedLineName, sharedLines } from "../settings/files";
import { now } from "./clock";
import { indexed } from "./config";
import { devicesOf } from "./directory";
import { members } from "./group";
import { isRehearsal } from "./rehearsal/scene";

/**
 * The queue that is an extension's line. In a large directory the extensions share some (plan/lines.ts says why): one of those
 * belongs to the extension that is its member, as long as somebody waits in it or is about to. The last who leaves takes the
 * member out again.
 */

/** How many are shared; 0 where each extension has a line of its own. */
function sharedLineCount(): number {
  return tonumber(indexed(index.lines, sharedLines) ?? "") ?? 0;
}

/** Is anybody waiting in the extension's line? */
export function hasLine(extension: string): boolean {
  if (isRehearsal()) return false;
  const line = sharedLineCount() === 0 ? lineName + extension : sharedLineOf(extension);
  return line !== undefined && isWaitedIn(line);
}

/** The line to wait in for an extension; `undefined` when all shared ones are taken. */
export function takeLine(extension: string): string | undefined {
  return sharedLineCount() === 0 ? lineName + extension : takeSharedLine(extension);
}

/** Who went to wait for an extension, as a channel group: by it most extensions are seen to have no line. */
const waiters = "smart-transfer-waiters";

/** Who is between the choice of a line and Queue, as a channel group: the line and the second of the choice. */
const choices = "smart-transfer-choices";

/** How many seconds a choice counts. */
const longestChoice = 3;

function sharedLineOf(extension: string): string | undefined {
  return members(extension, waiters) === 0 ? undefined : findLine((line) => isMember(extension, line));
}

/** The one that it has, or one that nobody needs. */
function takeSharedLine(extension: string): string | undefined {
  channel.GROUP(waiters).set(extension);
  return alone(() => {
    const line = findLine((one) => isMember(extension, one)) ?? findLine(isUnused);
    if (line === undefined) return undefined;
    channel.GROUP(choices).set(choice(line, now()));
    channel.SMART_TRANSFER_LINE.set(line);
    if (!isMember(extension, line)) {
      removeMembers(line);
      app.AddQueueMember(line, ringing(extension), 0, undefined, undefined, devicesOf(extension)[0]);
    }
    return line;
  });
}

/** The caller stands in no line any more. */
export function leaveLine(): void {
  const line = channel.SMART_TRANSFER_LINE.get() ?? "";
  if (line === "") return;
  channel.SMART_TRANSFER_LINE.set("");
  channel.GROUP(waiters).set("");
  channel.GROUP(choices).set("");
  alone(() => {
    if (isUnused(line)) removeMembers(line);
  });
}

function alone<T>(act: () => T): T {
  channel.LOCK(sharedLineName).get();
  const result = act();
  channel.UNLOCK(sharedLineName).get();
  return result;
}

function findLine(fits: (line: string) => boolean): string | undefined {
  for (const number of $range(1, sharedLineCount())) {
    const line = `${sharedLineName}${number}`;
    if (fits(line)) return line;
  }
  return undefined;
}

function isWaitedIn(line: string): boolean {
  return (channel.QUEUE_WAITING_COUNT(line).get() ?? "0") !== "0";
}

function isUnused(line: string): boolean {
  if (isWaitedIn(line)) return false;
  for (const ago of $range(0, longestChoice)) {
    if (members(choice(line, now() - ago * 1000), choices) > 0) return false;
  }
  return true;
}

function choice(line: string, milliseconds: number): string {
  return `${line}-${string.format("%.0f", math.floor(milliseconds / 1000))}`;
}

/** What a line rings for an extension. */
function ringing(extension: string): string {
  return `Local/${extension}@${contexts.ring}`;
}

function isMember(extension: string, line: string): boolean {
  return channel.QUEUE_MEMBER_LIST(line).get() === ringing(extension);
}

function removeMembers(line: string): void {
  for (const [member] of string.gmatch(channel.QUEUE_MEMBER_LIST(line).get() ?? "", "[^,]+"))
    app.RemoveQueueMember(line, member);
}
