import { contexts, plainContexts } from "../settings/files";
import { dialString } from "./directory";
import { isInConf } from "./plain";
import { seconds, setting } from "./settings";

/** Rings a recall in a way of its own, where the phone knows one (RFC 7462). */
const recallAlert = "<urn:alert:service:recall:transfer>;info=recall";

/**
 * Rings all phones of an extension. Comes back only when nobody answered, with DIALSTATUS: Dial itself ends a call that was
 * answered. On a call that is up already the caller hears ringing or music; with neither he would sit in silence.
 */
export function ring(extension: string, timeout: "ring_timeout" | "recall_timeout", heard = hears()): string {
  const phones = dialString(extension);
  if (phones === "") return "CHANUNAVAIL";
  const alert = isRecall() ? `b(${contexts.alert}^s^1)` : "";
  const note = isInConf(plainContexts.answered) ? `U(${plainContexts.answered})` : "";
  app.Dial(phones, seconds(timeout), heard + alert + note);
  return channel.DIALSTATUS.get() ?? "";
}

function hears(): string {
  return setting("hear") === "music" ? music() : "r";
}

/** Dial's option for music. */
export function music(): string {
  return `m(${setting("music_class")})`;
}

/** Lets the caller wait without silence. */
export function holdOn(forSeconds: number): void {
  if (setting("hear") === "music") {
    app.MusicOnHold(setting("music_class"), forSeconds);
  } else {
    app.Playtones("ring");
    app.Wait(forSeconds);
    app.StopPlaytones();
  }
}

/** Does this channel, or the one that a line called it for, bring a caller back? */
function isRecall(): boolean {
  return (channel.SMART_TRANSFER_ALERT.get() ?? "") !== "";
}

/** On each leg of a recall before it rings. */
export function alertPhone(): void {
  const [technology] = string.match(channel.CHANNEL("name").get() ?? "", "^[^/]+");
  if (technology === "PJSIP") channel.PJSIP_HEADER("add", "Alert-Info").set(recallAlert);
  if (technology === "SIP") app.SIPAddHeader(`Alert-Info: ${recallAlert}`);
  app.Return();
}

/** Seconds before a phone that said busy is tried again. */
const busyPause = 1;

/** A member of a line: the queue calls it when the extension's device is free. The caller hears the queue's music. */
export function ringFromLine(extension: string): void {
  const status = ring(extension, "ring_timeout", "");
  channel.SHARED("SMART_TRANSFER_RUNG", channel.SMART_TRANSFER_WAITER.get() ?? "").set(status);
  if (status !== "NOANSWER") app.Wait(busyPause);
}
