import { lineName } from "../settings/files";
import { now } from "./clock";
import { ask } from "./digits";
import { step } from "./record";
import { standIn } from "./rehearsal/line";
import { isRehearsal } from "./rehearsal/scene";
import { prompt, seconds, setting } from "./settings";
import type { Reason } from "./state";

/**
 * The receiver is busy: the caller hears so, and waits in his line unless he presses the key that takes him back.
 * @param isHisTurn looked at while he listens: no need to hear the rest when the phone has become free for him
 */
export function waitInLine(receiver: string, isHisTurn?: () => boolean): Reason {
  if (setting("busy") === "return") return "busy";
  step("line");
  if (ask(prompt("busy"), 0, isHisTurn) === setting("return_key_line")) return "back";
  return queue(receiver);
}

/**
 * Stands in an extension's line for at most wait_timeout. Comes back only when nobody took the caller: rung in his turn and
 * not answered, or busy to the end. A phone that says busy itself, though its device is free, is tried again.
 */
export function queue(extension: string): Reason {
  const until = now() + seconds("wait_timeout") * 1000;
  // For the phone's leg, to tell us what became of it.
  channel.__SMART_TRANSFER_WAITER.set(channel.CHANNEL("name").get() ?? "");
  while (true) {
    const left = math.floor((until - now()) / 1000);
    if (left < 1) return "busy";
    channel.SHARED("SMART_TRANSFER_RUNG").set("");
    // n: one try, then back here.
    if (isRehearsal()) standIn(extension, left);
    else app.Queue(lineName + extension, "n", undefined, undefined, left);
    if (channel.SHARED("SMART_TRANSFER_RUNG").get() === "NOANSWER") return "no answer";
    // There is no such line, or nobody may join it: another try would not change that.
    if (channel.QUEUESTATUS.get() !== "TIMEOUT") return "busy";
  }
}
