import { forward } from "../contract/names";
import { dialString, extensionOf, isExtension, refusalOf } from "./directory";
import { setting } from "./settings";
import { mayRing } from "./ticket";
import { current } from "./transfer";

const before = "to ";

/** Before a phone is rung. */
export function forgetForward(): void {
  channel.SHARED(forward).set("");
}

/**
 * Where a phone that was rung forwards the call by itself (SIP 302): a number, empty where there is none that may be dialled;
 * `undefined` when none forwards it. The phone's own channel has told as it went (plan/dial-contexts.ts): Dial must not follow
 * (ring.ts), and tells only that the phone was busy.
 */
export function forwardedTo(): string | undefined {
  const told = channel.SHARED(forward).get() ?? "";
  if (told === "" || (told === before && channel.DIALSTATUS.get() !== "BUSY")) return undefined;
  // Nothing that Dial, a Local channel or AST_CONFIG would take apart.
  return string.match(told, `^${before}([0-9A-Za-z*#+_.-]+)$`)[0] ?? "";
}

/** Of a phone that forwards: Asterisk may let Dial know a moment before it knows where to (res_pjsip_session.c). */
export function isUntold(): boolean {
  return channel.SHARED(forward).get() === before;
}

/** What to Dial for it: an extension's phones, or where forward_context leads; empty for everything else. */
export function dialForwarded(number: string): string {
  if (number === "") return "";
  if (isExtension(number)) return isOpen(number) ? dialString(number) : "";
  const context = setting("forward_context");
  if (context === "" || channel.DIALPLAN_EXISTS(context, number, 1).get() !== "1") return "";
  return `Local/${number}@${context}`;
}

/** As a transfer: not to the transferer, the caller or who may not receive. And no waiting: they would not be in their own line. */
function isOpen(extension: string): boolean {
  const { transferer, receiver } = current();
  const caller = extensionOf(channel.CHANNEL("name").get() ?? "");
  if (extension === receiver || refusalOf(extension, transferer, caller) !== undefined) return false;
  return mayRing(extension);
}
