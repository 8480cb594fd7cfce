import { contexts, plainContexts } from "../contract/names";
import { now } from "./clock";
import { dialString } from "./directory";
import { isRefused, phonesThatTold } from "./refused";
import { seconds, setting } from "./settings";
import { rungGroup, whileRung } from "./ticket";

/** Rings a recall in a way of its own, where the phone knows one (RFC 7462). */
const recallAlert = "<urn:alert:service:recall:transfer>;info=recall";

/** Why nobody took a call for which an extension's phones were to ring. */
export type Rung = "busy" | "no answer" | "declined" | "offline";

/**
 * Rings all phones of an extension. Comes back only when nobody answered: Dial itself ends a call that was answered. On a call
 * that is up already the caller hears ringing or music; with neither they would sit in silence.
 */
export function ring(extension: string, heard = hears()): Rung {
  const phones = dialString(extension);
  if (phones === "") return "offline";
  const limit = seconds(isRecall() ? "recall_timeout" : "ring_timeout");
  const handler = isRecall() ? contexts.alert : plainContexts.rung;
  const options = `${heard}b(${handler}^s^1(${rungGroup(extension)}))U(${plainContexts.answered})`;
  const began = now();
  const told = phonesThatTold();
  whileRung(extension, () => dial(phones, limit, options));
  if (now() - began < limit * 1000 && isRefused(told)) return "declined";
  const status = channel.DIALSTATUS.get();
  if (status === "BUSY") return "busy";
  return status === "NOANSWER" ? "no answer" : "offline";
}

/**
 * Dial, which the caller leaves by the key that takes them back to the transferer (back.ts): at once, and on a call that is up
 * too. On a recall they are on their way there. The key's context is one of extensions.conf: Asterisk 16 holds the channel's
 * lock while Dial looks there (app_dial.c, wait_for_answer). To look into a Lua context it would wait for its service thread,
 * and that for the lock: all of Asterisk would stand still.
 */
export function dial(devices: string, limit: number, options: string): void {
  if (isRecall()) {
    app.Dial(devices, limit, options);
    return;
  }
  const before = channel.EXITCONTEXT.get() ?? "";
  channel.EXITCONTEXT.set(plainContexts.back);
  app.Dial(devices, limit, `d${options}`);
  channel.EXITCONTEXT.set(before);
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

/** Is the caller on the way back to the transferer? */
export function isRecall(): boolean {
  return (channel.SMART_TRANSFER_ALERT.get() ?? "") !== "";
}

/** On each phone's channel of a recall before it rings; what extensions.conf does for any other (plan/dial-contexts.ts). */
export function alertPhone(): void {
  channel.GROUP("").set(channel.ARG1.get() ?? "");
  const [technology] = string.match(channel.CHANNEL("name").get() ?? "", "^[^/]+");
  if (technology === "PJSIP") channel.PJSIP_HEADER("add", "Alert-Info").set(recallAlert);
  if (technology === "SIP") app.SIPAddHeader(`Alert-Info: ${recallAlert}`);
  app.Return();
}
