import { onTheWay, type Rung } from "../contract/causes";
import { contexts, plainContexts } from "../contract/names";
import { isRecall } from "./alert";
import { whyUnanswered } from "./causes";
import { chosen, keysWhileRinging } from "./choice";
import { now } from "./clock";
import { isDeclined, phonesThatTold } from "./declined";
import { keyWithin } from "./digits";
import { dialKeys, dialString } from "./directory";
import { dialForwarded, forgetForward, forwardedTo, isUntold } from "./forward";
import { isRemote } from "./nodes";
import { numberSetting, setting } from "./settings";
import { rungGroup, whileRung } from "./ticket";

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
      `smart-transfer: ${extension} forwards the call ${phones === "" ? "to nobody who may be rung" : `to ${to}`}`,
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
  const options = `${heard}${dialKeys(extension)}${whenRung(extension, goesBack)}`;
  const began = now();
  const told = phonesThatTold();
  forgetForward();
  const longest = isRemote(extension) ? limit + onTheWay : limit;
  whileRung(extension, () => dial(phones, longest, options, keysWhileRinging(goesBack)));
  if (now() - began < limit * 1000 && isDeclined(told)) return "declined";
  if (forwardedTo() !== undefined) return "forwarded";
  const status = channel.DIALSTATUS.get();
  if (status === "BUSY") return "busy";
  if (isRemote(extension) && status !== "NOANSWER") return whyUnanswered();
  return status === "NOANSWER" ? "no answer" : "offline";
}

/** Dial's options for what runs on a phone's channel before it rings and when it answers. */
export function whenRung(extension: string, goesBack = false): string {
  const handler = goesBack ? contexts.alert : plainContexts.rung;
  return `b(${handler}^s^1(${rungGroup(extension)}))U(${plainContexts.answered})`;
}

/**
 * Calls Dial with the caller's keys (choice.ts), which work at once, even if the call is already up. Their context must
 * be in extensions.conf: Asterisk 16 holds the channel's lock while Dial looks into it (app_dial.c, wait_for_answer). A
 * lookup in a Lua context would wait for the service thread, which waits for that lock: a deadlock of all of Asterisk.
 * Option `i`: a phone that forwards the call would choose what Dial calls.
 *
 * @param keys the context of the caller's keys
 */
export function dial(
  devices: string,
  limit: number,
  options: string,
  keys: string | undefined = keysWhileRinging(isRecall()),
): void {
  const before = channel.EXITCONTEXT.get() ?? "";
  channel.EXITCONTEXT.set(keys ?? before);
  app.Dial(devices, limit, `${keys === undefined ? "" : "d"}i${options}`);
  channel.EXITCONTEXT.set(before);
}

function hears(): string {
  return setting("hear") === "music" ? music() : "r";
}

/** Dial's option for music. */
export function music(): string {
  return `m(${setting("music_class")})`;
}

/** Keeps the caller waiting, but not in silence, unless they go back. */
export function waitAudibly(forSeconds: number): "back" | undefined {
  const isMusic = setting("hear") === "music";
  if (isMusic) app.StartMusicOnHold(setting("music_class"));
  else app.Playtones("ring");
  const choice = chosenWithin(forSeconds);
  if (isMusic) app.StopMusicOnHold();
  else app.StopPlaytones();
  return choice;
}

function chosenWithin(forSeconds: number): "back" | undefined {
  for (const _ of $range(1, forSeconds)) if (chosen(keyWithin(1)) === "back") return "back";
  return undefined;
}
