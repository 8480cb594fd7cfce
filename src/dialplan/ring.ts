import { contexts, plainContexts } from "../contract/names";
import { now } from "./clock";
import { dialKeys, dialString } from "./directory";
import { dialForwarded, forgetForward, forwardedTo, isUntold } from "./forward";
import { isRefused, phonesThatTold } from "./refused";
import { isRehearsal } from "./rehearsal/scene";
import { numberSetting, setting } from "./settings";
import { rungGroup, whileRung } from "./ticket";

/** The Alert-Info of a recall, for a distinctive ring on phones that support it (RFC 7462). */
const recallAlert = "<urn:alert:service:recall:transfer>;info=recall";

/** Why nobody answered an extension's phones. */
export type Rung = "busy" | "no answer" | "declined" | "offline";

/**
 * Rings all phones of an extension. If one of them forwards the call to an extension that the caller may reach, rings that one.
 * Returns only if nobody answered: Dial ends an answered call itself. A caller whose call is already up hears ringing
 * or music; without either they would hear silence.
 */
export function ring(extension: string, heard = hears()): Rung {
  const phones = dialString(extension);
  if (phones === "") return "offline";
  const result = ringPhones(extension, phones, heard);
  return result === "forwarded" ? follow(extension, heard) : result;
}

/** Rings each extension once, so that phones which forward to each other cannot loop. */
function follow(extension: string, heard: string): Rung {
  const rung = new LuaSet<string>();
  rung.add(extension);
  while (true) {
    const to = forwardedTo() ?? "";
    const phones = rung.has(to) ? "" : dialForwarded(to);
    app.Verbose(
      3,
      `smart-transfer: ${extension} forwards the call, ${phones === "" ? "which nobody gets" : `to ${to}`}`,
    );
    if (phones === "") return "no answer";
    rung.add(to);
    const result = ringPhones(to, phones, heard);
    if (result === "declined") return result;
    // The forward's target is busy or offline, not the extension whose line the caller could wait in.
    if (result !== "forwarded") return "no answer";
  }
}

function ringPhones(extension: string, phones: string, heard: string): Rung | "forwarded" {
  const result = ringOnce(extension, phones, heard);
  return result === "forwarded" && isUntold() ? ringOnce(extension, phones, heard) : result;
}

function ringOnce(extension: string, phones: string, heard: string): Rung | "forwarded" {
  const goesBack = isRecall();
  const limit = numberSetting(goesBack ? "recall_timeout" : "ring_timeout");
  const handler = goesBack ? contexts.alert : plainContexts.rung;
  const options = `${heard}${dialKeys(extension)}b(${handler}^s^1(${rungGroup(extension)}))U(${plainContexts.answered})`;
  const began = now();
  const told = phonesThatTold();
  forgetForward();
  whileRung(extension, () => dial(phones, limit, options));
  if (now() - began < limit * 1000 && isRefused(told)) return "declined";
  if (forwardedTo() !== undefined) return "forwarded";
  const status = channel.DIALSTATUS.get();
  if (status === "BUSY") return "busy";
  return status === "NOANSWER" ? "no answer" : "offline";
}

/**
 * Calls Dial with the back key, by which the caller returns to the transferer at once, even if the call is already up.
 * Not on a recall, where they are already on the way back. The key's context must be in extensions.conf: Asterisk 16
 * holds the channel's lock while Dial looks into it (app_dial.c, wait_for_answer). A lookup in a Lua context would wait
 * for the service thread, which waits for that lock: a deadlock of all of Asterisk.
 * Option `i`: a phone that forwards the call would choose what Dial calls.
 */
export function dial(devices: string, limit: number, options: string): void {
  if (isRecall()) {
    app.Dial(devices, limit, `i${options}`);
    return;
  }
  const before = channel.EXITCONTEXT.get() ?? "";
  channel.EXITCONTEXT.set(plainContexts.back);
  app.Dial(devices, limit, `di${options}`);
  channel.EXITCONTEXT.set(before);
}

function hears(): string {
  return setting("hear") === "music" ? music() : "r";
}

/** Dial's option for music. */
export function music(): string {
  return `m(${setting("music_class")})`;
}

/** Keeps the caller waiting, but not in silence. */
export function waitAudibly(forSeconds: number): void {
  if (setting("hear") === "music") {
    app.MusicOnHold(setting("music_class"), forSeconds);
  } else {
    app.Playtones("ring");
    app.Wait(forSeconds);
    app.StopPlaytones();
  }
}

/** Whether the caller is on the way back to the transferer. */
export function isRecall(): boolean {
  return (channel.SMART_TRANSFER_ALERT.get() ?? "") !== "";
}

/** Whether a caller withholds their number, or it is not known. */
export function isWithheld(presentation: string): boolean {
  return string.match(presentation, "^allowed")[0] === undefined;
}

/** Runs on each phone's channel of a recall before it rings, then goes on as for any other call (plan/dial-contexts.ts). */
export function alertPhone(): void {
  // Called for its side effect: no channel of a rehearsal leaves a CDR (rehearsal/scene.ts), even if its call fails.
  isRehearsal();
  showReason();
  const [technology] = string.match(channel.CHANNEL("name").get() ?? "", "^[^/]+");
  if (technology === "PJSIP") channel.PJSIP_HEADER("add", "Alert-Info").set(recallAlert);
  if (technology === "SIP") app.SIPAddHeader(`Alert-Info: ${recallAlert}`);
  app.Goto(plainContexts.rung, "s", 1);
}

/** Shows the reason on this channel only, so that nobody else sees it. Phones show a name only with a number that is not withheld. */
function showReason(): void {
  const caller = channel.CONNECTEDLINE("name").get() ?? "";
  const withheld = isWithheld(channel.CONNECTEDLINE("pres").get() ?? "");
  // The far end of a Local channel takes the reason as its caller's name. A transfer from there restores the name (transfer.ts).
  const isLocal = string.match(channel.CHANNEL("name").get() ?? "", "^Local/")[0] !== undefined;
  if (isLocal) channel.__SMART_TRANSFER_CALLER.set(withheld ? "anonymous" : caller);
  channel.CONNECTEDLINE("name", "i").set(channel.SMART_TRANSFER_ALERT.get() ?? "");
  if (withheld) channel.CONNECTEDLINE("num", "i").set("anonymous");
  channel.CONNECTEDLINE("pres", "i").set("allowed_not_screened");
}
