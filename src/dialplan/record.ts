import { contexts } from "../contract/names";
import { celEvent, outcomes, recordOf, type Step, unescaped } from "../contract/record";
import { now } from "./clock";
import { thisNode } from "./nodes";
import { isRehearsal, tell } from "./rehearsal/scene";

/** Begins the next step of the caller's way. */
export function step(name: Step): void {
  finishStep();
  channel.DIALSTATUS.set("");
  channel.SMART_TRANSFER_STEP.set(name);
  channel.SMART_TRANSFER_SINCE.set(string.format("%.0f", now()));
  channel.SHARED(answered).set("");
}

/** Ends the current step without another: whoever answered there has the caller no more. */
export function endStep(): void {
  finishStep();
  channel.SMART_TRANSFER_STEP.set("");
  channel.SHARED(answered).set("");
}

/** Records the duration of the current step in seconds, without the conversation after it. */
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
 * When somebody answered at this step, in ms since 1970, noted on their channel. Dial only reports how long the
 * caller's own channel has been up (end_bridge_callback), and that was long before.
 */
const answered = "SMART_TRANSFER_ANSWERED";

function answeredAt(): number | undefined {
  return tonumber(channel.SHARED(answered).get() ?? "");
}

/** Runs on the channel that answers. */
export function noteAnswer(): void {
  channel.SHARED(answered, channel.SMART_TRANSFER_WAITER.get() ?? "").set(string.format("%.0f", now()));
}

/**
 * Whether somebody answered. Dial sets DIALSTATUS at once, but of its last call: whoever answered may have sent the caller
 * elsewhere, by Asterisk's own transfer.
 */
function isAnswered(name: Step): boolean {
  return (
    name === "fallback" || name === "voicemail" || channel.DIALSTATUS.get() === "ANSWER" || answeredAt() !== undefined
  );
}

/** How long somebody talked to the caller at this step, in seconds; 0 if nobody answered. */
export function takenFor(): number {
  const name = channel.SMART_TRANSFER_STEP.get() ?? "";
  if (name === "" || !isAnswered(name as Step)) return 0;
  const since = answeredAt() ?? tonumber(channel.SMART_TRANSFER_SINCE.get() ?? "") ?? now();
  return (now() - since) / 1000;
}

/**
 * Writes one line to the log and one CEL user event for the transfer that ends here. Does nothing without a transfer. A
 * transfer may end before its first step, if the caller hangs up while they hear that they are returned.
 */
export function recordTransfer(): void {
  const to = escaped(channel.SMART_TRANSFER_TO.get());
  if (to === "") return;
  const name = channel.SMART_TRANSFER_STEP.get() ?? "";
  const outcome = name !== "" && isAnswered(name as Step) ? outcomes[name as Step] : "abandoned";
  finishStep();
  const from = escaped(channel.SMART_TRANSFER_FROM.get());
  const caller = escaped(channel.CALLERID("num").get());
  const text = recordOf(caller, from, to, outcome, channel.SMART_TRANSFER_STEPS.get() ?? "", thisNode());
  if (isRehearsal()) {
    tell(`recorded: ${text}`);
  } else {
    app.Log("NOTICE", `smart-transfer: ${text}`);
    app.CELGenUserEvent(celEvent, text);
  }
  channel.SMART_TRANSFER_TO.set("");
  channel.SMART_TRANSFER_STEP.set("");
  channel.SMART_TRANSFER_STEPS.set("");
}

/** Escapes a value: a caller whose number contains a space could add fields of their own. */
function escaped(value = ""): string {
  return string.gsub(value, `[^${string.sub(unescaped, 2)}`, (byte) => string.format("%%%02X", string.byte(byte)))[0];
}

/** Adds a hangup handler at the caller's first transfer, so that the last is recorded wherever the caller hangs up. */
export function recordAtHangup(): void {
  channel.CHANNEL("hangup_handler_push").set(`${contexts.end},s,1`);
}

/** The hangup handler of the caller's channel. */
export function callerHungUp(): void {
  recordTransfer();
  app.Return();
}
