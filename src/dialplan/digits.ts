import { betweenPresenceChecks } from "../contract/settings-table";
import { isPrefix } from "./directory";
import { mayPassThrough } from "./pass-through";
import { numberSetting, split } from "./settings";

/**
 * Reads digits until they can mean only one extension, or none; so no end key is needed. `#` or silence ends early.
 * Returns `undefined` after `*`, or when either party leaves. Skips a `#` before the first digit: FreePBX users press
 * `##102`.
 */
export function readExtension(sound: string): string | undefined {
  const silence = numberSetting("digit_timeout");
  return readOn("", awaitDigit(sound, silence), silence);
}

/** Reads an extension like readExtension, while several sounds play. Looks between them whether the other party left. */
export function readAfter(sounds: string): string | undefined {
  const silence = numberSetting("digit_timeout");
  const isLeft = () => !isInCall();
  return readOn("", ask(sounds, silence, isLeft), silence);
}

/**
 * Continues readExtension where extensions.conf stopped, which keeps the last digit in a variable of its own
 * (plan/key-context.ts).
 */
export function readRest(): string | undefined {
  return readOn(channel.SMART_TRANSFER_DIGITS.get() ?? "", lastDigit(), numberSetting("digit_timeout"));
}

function readOn(before: string, next: string | undefined, silence: number): string | undefined {
  let digits = before;
  let digit = next;
  while (true) {
    if (digit === undefined || digit === "*") return undefined;
    if (digit === "" || (digit === "#" && digits !== "")) return digits;
    if (digit !== "#") digits += digit;
    if (digits !== "" && !isPrefix(digits) && !mayPassThrough(digits)) return digits;
    digit = awaitDigit(undefined, silence);
  }
}

/**
 * Reads one key like readDigit(). Read does not notice that the other party has left, so we call it for short times.
 */
function awaitDigit(sound: string | undefined, silence: number): string | undefined {
  for (const look of $range(1, silence / betweenPresenceChecks)) {
    const digit = readDigit(look === 1 ? sound : undefined, betweenPresenceChecks);
    if (digit !== "" || channel.READSTATUS.get() !== "TIMEOUT") return digit;
    if (!isInCall()) return undefined;
  }
  return "";
}

/**
 * Whether the other party is still there. BRIDGEPEER names them even after they left (main/bridge.c,
 * set_bridge_peer_vars).
 */
export function isInCall(): boolean {
  const [peer] = string.match(channel.BRIDGEPEER.get() ?? "", "^[^,]+");
  return peer !== undefined && isThere(peer);
}

/** Whether a channel exists and has not hung up. */
export function isThere(channelName: string): boolean {
  return channel.IMPORT(channelName, "CHANNEL(checkhangup)").get() === "0";
}

/**
 * Reads one key during a prompt or within some seconds after it. Empty if none was pressed, `undefined` if the party
 * hung up.
 */
export function readDigit(sound: string | undefined, silence: number): string | undefined {
  app.Read("SMART_TRANSFER_DIGIT", sound, 1, "t", 1, silence);
  return lastDigit();
}

/**
 * The digit just read. With option `t`, Read returns a `#` as a digit; before about Asterisk 16.21 it returns nothing
 * and says OK.
 */
function lastDigit(): string | undefined {
  const status = channel.READSTATUS.get();
  if (status === "HANGUP") return undefined;
  const digit = channel.SMART_TRANSFER_DIGIT.get() ?? "";
  return digit === "" && status === "OK" ? "#" : digit;
}

/** Reads one key within some seconds, without interrupting what the party hears. Empty if none was pressed. */
export function keyWithin(forSeconds: number): string {
  app.WaitDigit(forSeconds);
  return channel.WAITDIGITSTATUS.get() === "DTMF" ? (channel.WAITDIGITRESULT.get() ?? "") : "";
}

/** Read requires a timeout, in seconds. This one is as good as none. */
const shortestTimeout = 0.05;

/**
 * Reads one key while several sounds play, or within some seconds after them. Calls `isOver` between sounds and once a
 * second. Returns "" if no key was pressed or `isOver` said so.
 */
export function ask(sounds: string, silence: number, isOver: () => boolean = () => false): string | undefined {
  for (const sound of split(sounds, "&")) {
    if (isOver()) return "";
    const digit = readDigit(sound, shortestTimeout);
    if (digit !== "") return digit;
  }
  for (const _ of $range(1, silence)) {
    if (isOver()) return "";
    const digit = readDigit(undefined, 1);
    if (digit !== "") return digit;
  }
  return "";
}
