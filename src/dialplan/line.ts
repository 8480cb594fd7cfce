import { now } from "./clock";
import { ask } from "./digits";
import { leaveLine, takeLine } from "./lines";
import { step } from "./record";
import { standIn } from "./rehearsal/line";
import { isRehearsal } from "./rehearsal/scene";
import { holdOn } from "./ring";
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
  const reason = stand(extension);
  leaveLine();
  return reason;
}

function stand(extension: string): Reason {
  const until = now() + seconds("wait_timeout") * 1000;
  while (true) {
    const left = math.floor((until - now()) / 1000);
    if (left < 1) return "busy";
    channel.SHARED("SMART_TRANSFER_RUNG").set("");
    if (!wait(extension, left)) continue;
    if (channel.SHARED("SMART_TRANSFER_RUNG").get() === "NOANSWER") return "no answer";
    // There is no such line, or nobody may join it: another try would not change that.
    if (channel.QUEUESTATUS.get() !== "TIMEOUT") return "busy";
  }
}

/** Seconds until a caller for whom there was no line looks again. */
const untilNextLook = 2;

/** Until the phone was tried once, or the time is over. Was there a line to wait in? */
function wait(extension: string, forSeconds: number): boolean {
  if (isRehearsal()) {
    standIn(extension, forSeconds);
    return true;
  }
  const line = takeLine(extension);
  if (line === undefined) {
    app.Log("WARNING", `smart-transfer: all shared lines are taken, ${extension} has none`);
    holdOn(untilNextLook);
    return false;
  }
  // n: one try, then back here.
  app.Queue(line, "n", undefined, undefined, forSeconds);
  return true;
}
