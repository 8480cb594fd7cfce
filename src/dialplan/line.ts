import { lineName } from "../settings/files";
import { now } from "./clock";
import { readDigit } from "./digits";
import { step } from "./record";
import { prompt, seconds, setting } from "./settings";
import type { Reason } from "./state";

/** Read needs some time to wait after its prompt; this is as good as none. */
const noTime = 0.05;

/** Is anybody waiting for the extension? Who comes later stands behind him, even if the phone is free for a moment. */
export function hasLine(extension: string): boolean {
  return (channel.QUEUE_WAITING_COUNT(lineName + extension).get() ?? "0") !== "0";
}

/** The receiver is busy: the caller hears so, and waits in his line unless he presses the key that takes him back. */
export function waitInLine(receiver: string): Reason {
  if (setting("busy") === "return") return "busy";
  step("line");
  if (readDigit(prompt("busy"), noTime) === setting("return_key_line")) return "back";
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
    app.Queue(lineName + extension, "n", undefined, undefined, left);
    if (channel.SHARED("SMART_TRANSFER_RUNG").get() === "NOANSWER") return "no answer";
    // There is no such line, or nobody may join it: another try would not change that.
    if (channel.QUEUESTATUS.get() !== "TIMEOUT") return "busy";
  }
}
