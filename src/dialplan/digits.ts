import { betweenLooks } from "../contract/table";
import { isPrefix } from "./directory";
import { mayPassThrough } from "./pass-through";
import { seconds, split } from "./settings";

/**
 * Digits until they can only mean one extension, or none: no end key is needed. `#` or silence ends them early, `*` cancels
 * (`undefined`), as does either party's leaving. A `#` before the first digit is skipped: FreePBX's people press `##102`.
 */
export function readExtension(sound: string): string | undefined {
  const silence = seconds("digit_timeout");
  return readOn("", awaitDigit(sound, silence), silence);
}

/** The same, from where extensions.conf has stopped: it keeps the last digit apart from those before it (plan/key-context.ts). */
export function readRest(): string | undefined {
  return readOn(channel.SMART_TRANSFER_DIGITS.get() ?? "", lastDigit(), seconds("digit_timeout"));
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

/** One key as readDigit() reads it. Read does not notice that the other party has left, so it is asked for short times. */
function awaitDigit(sound: string | undefined, silence: number): string | undefined {
  for (const look of $range(1, silence / betweenLooks)) {
    const digit = readDigit(look === 1 ? sound : undefined, betweenLooks);
    if (digit !== "" || channel.READSTATUS.get() !== "TIMEOUT") return digit;
    if (!isInCall()) return undefined;
  }
  return "";
}

/** Is the other party still there? BRIDGEPEER names them even when they have left (main/bridge.c, set_bridge_peer_vars). */
export function isInCall(): boolean {
  const [peer] = string.match(channel.BRIDGEPEER.get() ?? "", "^[^,]+");
  return peer !== undefined && isThere(peer);
}

/** Does a channel exist, and has nobody hung up there? */
export function isThere(channelName: string): boolean {
  return channel.IMPORT(channelName, "CHANNEL(checkhangup)").get() === "0";
}

/** One key, pressed while a prompt plays or within some seconds after it; empty when none was, `undefined` when the party hung up. */
export function readDigit(sound: string | undefined, silence: number): string | undefined {
  app.Read("SMART_TRANSFER_DIGIT", sound, 1, "t", 1, silence);
  return lastDigit();
}

/** The option `t` has Read hand over a `#`. Before Asterisk 16.21 or so it does not: then nothing was read, and all is well. */
function lastDigit(): string | undefined {
  const status = channel.READSTATUS.get();
  if (status === "HANGUP") return undefined;
  const digit = channel.SMART_TRANSFER_DIGIT.get() ?? "";
  return digit === "" && status === "OK" ? "#" : digit;
}

/** One key, pressed within some seconds, while whatever the party hears goes on; empty when none was. */
export function keyWithin(forSeconds: number): string {
  app.WaitDigit(forSeconds);
  return channel.WAITDIGITSTATUS.get() === "DTMF" ? (channel.WAITDIGITRESULT.get() ?? "") : "";
}

/** Read needs some time to wait after its prompt, in seconds; this is as good as none. */
const noTime = 0.05;

/**
 * One key, pressed while sounds play one after the other or within some seconds after them. Between the sounds, and each of
 * these seconds, it is looked whether the question is still one. Empty: no key was pressed, or it is none any more.
 */
export function ask(sounds: string, silence: number, isOver: () => boolean = () => false): string | undefined {
  for (const sound of split(sounds, "&")) {
    if (isOver()) return "";
    const digit = readDigit(sound, noTime);
    if (digit !== "") return digit;
  }
  for (const _ of $range(1, silence)) {
    if (isOver()) return "";
    const digit = readDigit(undefined, 1);
    if (digit !== "") return digit;
  }
  return "";
}
