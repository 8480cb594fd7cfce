import { type PromptName, plainContexts } from "../contract/names";
import { refusalAtHome } from "./across";
import { askTransferer, isAsked, letsWait } from "./asked";
import { isInCall, readExtension, readRest } from "./digits";
import { callerAt, extensionOf, isExtension, mayTransfer, type Refusal, refusalOf } from "./directory";
import { passThrough } from "./pass-through";
import { exists } from "./place";
import { numberSetting, prompt } from "./settings";

const refusalPrompts: Record<Refusal, PromptName> = { offline: "unavailable", dnd: "unavailable", declined: "invalid" };

/**
 * The transferer pressed the key, and extensions.conf has left the whole transfer to Lua because a setting is invalid.
 * They enter an extension while the caller hears the music that features.conf plays. They are released as soon as the
 * receiver can be called; until then the caller never leaves the call. Somebody who picks up a call that rings
 * elsewhere gets the key of the phone that rang (main/channel.c, clone_variables), but may not use it.
 */
export function keyPressed(): void {
  const own = channel.CHANNEL("name").get() ?? "";
  if (mayTransfer(own)) {
    passOn(own, readExtension(prompt("dial")));
  } else {
    app.Playback(prompt("forbidden"));
    app.Return();
  }
}

/** Continues after extensions.conf has read digits that need more than a plain transfer (plan/key-context.ts). */
export function digitsKeyed(): void {
  const digits = readRest();
  passOn(channel.CHANNEL("name").get() ?? "", digits);
}

/** @param own the name of the transferer's channel */
function passOn(own: string, first: string | undefined): void {
  let digits = first;
  do {
    const destination = destinationOf(digits);
    digits = destination === undefined ? undefined : sendOn(own, destination);
  } while (digits !== undefined && digits !== "");
  app.Return();
}

/** Digits, and the context in which they name somebody. */
interface Destination {
  readonly digits: string;
  readonly context: string;
}

/**
 * Asks until the digits name somebody. `undefined` if the transferer cancelled, gave up or lost the caller: back to the
 * call.
 */
function destinationOf(first: string | undefined): Destination | undefined {
  let digits = first;
  for (let attempt = 1; attempt === 1 || attempt <= numberSetting("dial_attempts"); attempt++) {
    if (attempt > 1) digits = isInCall() ? readExtension(prompt("dial")) : undefined;
    if (digits === undefined || !isInCall()) return undefined;
    const context = isExtension(digits) ? plainContexts.sent : passThrough(digits);
    if (context !== undefined) return { digits, context };
    app.Verbose(3, `smart-transfer: ${digits} is not in the directory, attempt ${attempt}`);
    app.Playback(prompt("invalid"));
  }
  return undefined;
}

/** Returns what the transferer keyed instead, when they heard that the receiver is busy. */
function sendOn(own: string, { digits, context }: Destination): string | undefined {
  const refusal = context === plainContexts.sent ? receiverRefusal(own, digits) : passThroughRefusal(digits, context);
  if (refusal !== undefined) {
    app.Playback(prompt(refusalPrompts[refusal]));
    return undefined;
  }
  const answer = context === plainContexts.sent && isAsked(digits) ? askTransferer(digits) : letsWait;
  if (answer !== letsWait) return answer;
  app.BlindTransfer(digits, context);
  return undefined;
}

function receiverRefusal(own: string, receiver: string): Refusal | undefined {
  return refusalOf(receiver, extensionOf(own), callerAt(channel.BRIDGEPEER.get() ?? "")) ?? refusalAtHome(receiver);
}

/** Refuses a number that does not exist in the context: it would end the caller's call. */
function passThroughRefusal(number: string, context: string): Refusal | undefined {
  return exists({ extension: number, context }) ? undefined : "declined";
}
