import { contexts } from "../settings/files";
import { readExtension } from "./digits";
import { extensionOf, isExtension, reach } from "./directory";
import { count, extensionSetting, type PromptName, prompt } from "./settings";

/**
 * The transferer pressed the key: he keys in an extension while the caller hears music (features.conf plays it).
 * He is let go as soon as the receiver can be called; until then the caller never leaves the call.
 */
export function keyPressed(): void {
  const extension = askForReceiver();
  if (extension !== undefined && callerIsThere()) {
    const refusal = refusalOf(extension);
    if (refusal === undefined) app.BlindTransfer(extension, contexts.receiver);
    else app.Playback(prompt(refusal));
  }
  app.Return();
}

/** Until the digits name an extension; `undefined` when he cancelled, gave up or lost his caller: back to the call. */
function askForReceiver(): string | undefined {
  for (const attempt of $range(1, count("dial_attempts"))) {
    const digits = readExtension(prompt("dial"));
    if (digits === undefined || !callerIsThere()) return undefined;
    if (isExtension(digits)) return digits;
    app.Verbose(3, `smart-transfer: "${digits}" is not in the directory, attempt ${attempt}`);
    app.Playback(prompt("invalid"));
  }
  return undefined;
}

/** Why he cannot be sent there, as the prompt that says so. */
function refusalOf(extension: string): PromptName | undefined {
  const own = extensionOf(channel.CHANNEL("name").get() ?? "");
  const callers = extensionOf(channel.BRIDGEPEER.get() ?? "");
  if (extension === own || extension === callers) return "invalid";
  if (extensionSetting(extension, "receive") === "no") return "invalid";
  if (reach(extension) === "offline") return "unavailable";
  return undefined;
}

/** Read does not notice when the other party hangs up meanwhile; the bridge then has no peer any more. */
function callerIsThere(): boolean {
  const peer = channel.BRIDGEPEER.get();
  return peer !== undefined && peer !== "";
}
