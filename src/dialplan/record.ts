import { contexts } from "../settings/files";
import { now } from "./clock";
import { leaveLine } from "./lines";
import { isRehearsal, tell } from "./rehearsal/scene";

/** The rungs of the ladder, and what a transfer has come to when the caller is answered on one. */
const outcomes = {
  desk: "answered",
  line: "waited",
  mobile: "answered-mobile",
  recall: "returned",
  "recall-line": "returned",
  fallback: "fallback",
  goodbye: "abandoned",
} as const;
export type Step = keyof typeof outcomes;

/** The caller steps onto a rung. */
export function step(name: Step): void {
  finishStep();
  channel.DIALSTATUS.set("");
  channel.SMART_TRANSFER_STEP.set(name);
  channel.SMART_TRANSFER_SINCE.set(string.format("%.0f", now()));
}

/** Notes how long the rung took, in seconds without the talking that came of it. */
function finishStep(): void {
  const name = channel.SMART_TRANSFER_STEP.get() ?? "";
  if (name === "") return;
  const since = tonumber(channel.SMART_TRANSFER_SINCE.get() ?? "") ?? now();
  const talked = isAnswered(name as Step) ? (tonumber(channel.ANSWEREDTIME_MS.get() ?? "") ?? 0) : 0;
  const seconds = math.max(0, now() - since - talked) / 1000;
  channel.SMART_TRANSFER_STEPS.set(
    `${channel.SMART_TRANSFER_STEPS.get() ?? ""} ${name}=${string.format("%.1f", seconds)}`,
  );
}

/** Dial sets DIALSTATUS as soon as somebody answers; Queue says only when nobody did. */
function isAnswered(name: Step): boolean {
  if (name === "line" || name === "recall-line") return channel.ABANDONED.get() !== "TRUE";
  return name === "fallback" || channel.DIALSTATUS.get() === "ANSWER";
}

/** One line in the log and one CEL user event for the transfer that ends here; nothing where there was none. */
export function record(): void {
  const name = channel.SMART_TRANSFER_STEP.get() ?? "";
  if (name === "") return;
  const outcome = isAnswered(name as Step) ? outcomes[name as Step] : "abandoned";
  finishStep();
  const from = channel.SMART_TRANSFER_FROM.get() ?? "";
  const to = channel.SMART_TRANSFER_TO.get() ?? "";
  const caller = channel.CALLERID("num").get() ?? "";
  const text = `caller=${caller} from=${from} to=${to} outcome=${outcome}${channel.SMART_TRANSFER_STEPS.get() ?? ""}`;
  if (isRehearsal()) {
    tell(`recorded: ${text}`);
  } else {
    app.Log("NOTICE", `smart-transfer: ${text}`);
    app.CELGenUserEvent("SMART_TRANSFER", text);
  }
  channel.SMART_TRANSFER_STEP.set("");
  channel.SMART_TRANSFER_STEPS.set("");
}

/** The transfer is recorded when the caller hangs up, wherever he is then; once a channel. */
export function watchForTheEnd(): void {
  if (channel.SMART_TRANSFER_STEPS.get() === undefined)
    channel.CHANNEL("hangup_handler_push").set(`${contexts.end},s,1`);
}

/** The hangup handler. */
export function callerHungUp(): void {
  record();
  leaveLine();
  app.Return();
}
