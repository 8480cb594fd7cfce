import { askHome } from "./across";
import { readAfter } from "./digits";
import { reach } from "./directory";
import { isRemote } from "./nodes";
import { soundOfNumber } from "./position";
import { prompt, setting } from "./settings";
import { callersWaiting } from "./ticket";

/** What the transferer keys to let the caller wait. */
export const letsWait = "1";

/** Whether the transferer decides if the caller waits for a busy receiver. */
export function isAsked(receiver: string): boolean {
  if (setting("busy") !== "ask") return false;
  const state = reach(receiver);
  return (isRemote(receiver) && state !== "offline" ? askHome(receiver) : state) === "busy";
}

/**
 * Tells the transferer that the receiver is busy and how many wait, while the caller still hears music. Who waits at
 * another node is not known here, and not told. Returns what they key then: letsWait, another extension, or nothing.
 */
export function askTransferer(receiver: string): string | undefined {
  const number = soundOfNumber(callersWaiting(receiver));
  const waiting = number === "" ? "" : `&${prompt("waiting")}&${number}`;
  return readAfter(`${prompt("occupied")}${waiting}&${prompt("ask")}`);
}
