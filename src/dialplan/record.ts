import { contexts } from "../contract/names";
import { celEvent, outcomes, recordOf, type Step, unescaped } from "../contract/record";
import { now } from "./clock";
import { isRehearsal, tell } from "./rehearsal/scene";

/** The caller steps onto a rung. */
export function step(name: Step): void {
  finishStep();
  channel.DIALSTATUS.set("");
  channel.SMART_TRANSFER_STEP.set(name);
  channel.SMART_TRANSFER_SINCE.set(string.format("%.0f", now()));
  channel.SHARED(answered).set("");
}

/** Notes how long the rung took, in seconds without the talking that came of it. */
function finishStep(): void {
  const name = channel.SMART_TRANSFER_STEP.get() ?? "";
  if (name === "") return;
  const since = tonumber(channel.SMART_TRANSFER_SINCE.get() ?? "") ?? now();
  const seconds = ((answeredAt() ?? now()) - since) / 1000;
  channel.SMART_TRANSFER_STEPS.set(
    `${channel.SMART_TRANSFER_STEPS.get() ?? ""} ${name}=${string.format("%.1f", seconds)}`,
  );
}

/**
 * When whoever is on this rung answered, in ms since 1970: he notes it himself. Dial tells only for how long the caller's own
 * channel is up (end_bridge_callback), and that was up long before.
 */
const answered = "SMART_TRANSFER_ANSWERED";

function answeredAt(): number | undefined {
  return tonumber(channel.SHARED(answered).get() ?? "");
}

/** On the channel of who answers. */
export function noteAnswer(): void {
  channel.SHARED(answered, channel.SMART_TRANSFER_WAITER.get() ?? "").set(string.format("%.0f", now()));
}

/** Dial sets DIALSTATUS as soon as somebody answers. */
function isAnswered(name: Step): boolean {
  return name === "fallback" || channel.DIALSTATUS.get() === "ANSWER";
}

/** For how many seconds somebody has had the caller on this rung; 0 where nobody took the call. */
export function takenFor(): number {
  const name = channel.SMART_TRANSFER_STEP.get() ?? "";
  if (name === "" || !isAnswered(name as Step)) return 0;
  const since = answeredAt() ?? tonumber(channel.SMART_TRANSFER_SINCE.get() ?? "") ?? now();
  return (now() - since) / 1000;
}

/** One line in the log and one CEL user event for the transfer that ends here; nothing where there was none. */
export function record(): void {
  const name = channel.SMART_TRANSFER_STEP.get() ?? "";
  if (name === "") return;
  const outcome = isAnswered(name as Step) ? outcomes[name as Step] : "abandoned";
  finishStep();
  const from = escaped(channel.SMART_TRANSFER_FROM.get());
  const to = escaped(channel.SMART_TRANSFER_TO.get());
  const caller = escaped(channel.CALLERID("num").get());
  const text = recordOf(caller, from, to, outcome, channel.SMART_TRANSFER_STEPS.get() ?? "");
  if (isRehearsal()) {
    tell(`recorded: ${text}`);
  } else {
    app.Log("NOTICE", `smart-transfer: ${text}`);
    app.CELGenUserEvent(celEvent, text);
  }
  channel.SMART_TRANSFER_STEP.set("");
  channel.SMART_TRANSFER_STEPS.set("");
}

/** A value as it stands in the record: a caller whose number holds a space would write a field of his own there. */
function escaped(value = ""): string {
  return string.gsub(value, `[^${string.sub(unescaped, 2)}`, (byte) => string.format("%%%02X", string.byte(byte)))[0];
}

/** The transfer is recorded when the caller hangs up, wherever they are then; once a channel. */
export function watchForTheEnd(): void {
  if (channel.SMART_TRANSFER_STEPS.get() !== undefined) return;
  channel.CHANNEL("hangup_handler_push").set(`${contexts.end},s,1`);
}

/** The hangup handler. */
export function callerHungUp(): void {
  record();
  app.Return();
}
