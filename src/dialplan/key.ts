import { contexts, type PromptName } from "../contract/names";
import { isInCall, readExtension, readRest } from "./digits";
import { extensionOf, isExtension, mayTransfer, type Refusal, refusalOf } from "./directory";
import { noteHome } from "./home";
import { passThrough } from "./pass-through";
import { count, prompt } from "./settings";

const refusalPrompts: Record<Refusal, PromptName> = { offline: "unavailable", declined: "invalid" };

/**
 * The transferer pressed the key: they key in an extension while the caller hears music (features.conf plays it).
 * They are let go as soon as the receiver can be called; until then the caller never leaves the call. Whoever picks up a call
 * that rings elsewhere gets the key of the phone that rang with it (main/channel.c, clone_variables): it is not theirs.
 */
export function keyPressed(): void {
  if (mayTransfer(channel.CHANNEL("name").get() ?? "")) {
    noteHome();
    passOn(readExtension(prompt("dial")));
  } else {
    app.Playback(prompt("forbidden"));
    app.Return();
  }
}

/** The same, where extensions.conf has read digits that are more than the plain case (plan/key-context.ts). */
export function digitsKeyed(): void {
  passOn(readRest());
}

function passOn(digits: string | undefined): void {
  const destination = destinationOf(digits);
  if (destination !== undefined) sendOn(destination);
  app.Return();
}

/** Digits, and the context that they name somebody in. */
interface Destination {
  readonly digits: string;
  readonly context: string;
}

/** Asks until the digits name somebody; `undefined` when he cancelled, gave up or lost his caller: back to the call. */
function destinationOf(first: string | undefined): Destination | undefined {
  let digits = first;
  for (const attempt of $range(1, count("dial_attempts"))) {
    if (attempt > 1) digits = readExtension(prompt("dial"));
    if (digits === undefined || !isInCall()) return undefined;
    const context = isExtension(digits) ? contexts.receiver : passThrough(digits);
    if (context !== undefined) return { digits, context };
    app.Verbose(3, `smart-transfer: ${digits} is not in the directory, attempt ${attempt}`);
    app.Playback(prompt("invalid"));
  }
  return undefined;
}

function sendOn({ digits, context }: Destination): void {
  const refusal = context === contexts.receiver ? receiverRefusal(digits) : passThroughRefusal(digits, context);
  if (refusal === undefined) app.BlindTransfer(digits, context);
  else app.Playback(prompt(refusalPrompts[refusal]));
}

function receiverRefusal(receiver: string): Refusal | undefined {
  const transferer = extensionOf(channel.CHANNEL("name").get() ?? "");
  return refusalOf(receiver, transferer, extensionOf(channel.BRIDGEPEER.get() ?? ""));
}

/** A number that does not exist there would cost the caller his call. */
function passThroughRefusal(number: string, context: string): Refusal | undefined {
  return channel.DIALPLAN_EXISTS(context, number, 1).get() === "1" ? undefined : "declined";
}
