import { contexts } from "../settings/files";
import { readExtension } from "./digits";
import { extensionOf, isExtension, type Refusal, refusalOf } from "./directory";
import { passThrough } from "./pass-through";
import { count, type PromptName, prompt } from "./settings";

const refusalPrompts: Record<Refusal, PromptName> = { offline: "unavailable", declined: "invalid" };

/**
 * The transferer pressed the key: he keys in an extension while the caller hears music (features.conf plays it).
 * He is let go as soon as the receiver can be called; until then the caller never leaves the call.
 */
export function keyPressed(): void {
  const digits = askForReceiver();
  if (digits !== undefined) sendOn(digits);
  app.Return();
}

/** Until the digits name somebody; `undefined` when he cancelled, gave up or lost his caller: back to the call. */
function askForReceiver(): string | undefined {
  for (const attempt of $range(1, count("dial_attempts"))) {
    const digits = readExtension(prompt("dial"));
    if (digits === undefined || !callerIsThere()) return undefined;
    if (isExtension(digits) || passThrough(digits) !== undefined) return digits;
    app.Verbose(3, `smart-transfer: ${digits} is not in the directory, attempt ${attempt}`);
    app.Playback(prompt("invalid"));
  }
  return undefined;
}

function sendOn(digits: string): void {
  const context = isExtension(digits) ? contexts.receiver : passThrough(digits);
  if (context === contexts.receiver) {
    const transferer = extensionOf(channel.CHANNEL("name").get() ?? "");
    const caller = extensionOf(channel.BRIDGEPEER.get() ?? "");
    const refusal = refusalOf(digits, transferer, caller);
    if (refusal === undefined) app.BlindTransfer(digits, context);
    else app.Playback(prompt(refusalPrompts[refusal]));
  } else if (context !== undefined) {
    // A number that does not exist there would cost the caller his call.
    if (channel.VALID_EXTEN(context, digits, 1).get() === "1") app.BlindTransfer(digits, context);
    else app.Playback(prompt("invalid"));
  }
}

/** Read does not notice when the other party hangs up meanwhile; the bridge then has no peer any more. */
function callerIsThere(): boolean {
  const peer = channel.BRIDGEPEER.get();
  return peer !== undefined && peer !== "";
}
