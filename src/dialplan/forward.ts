import { forward } from "../contract/names";
import { callerAt, dialString, isExtension, refusalOf } from "./directory";
import { isFromPeer, isRemote } from "./nodes";
import { exists } from "./place";
import { setting } from "./settings";
import { mayRing } from "./ticket";
import { current } from "./transfer";

const before = "to ";

/** Forgets an earlier forward. Called before a phone is rung. */
export function forgetForward(): void {
  channel.SHARED(forward).set("");
}

/**
 * The number to which a phone that was rung forwards the call by itself (SIP 302); empty if it may not be dialled; `undefined` if no
 * phone forwards. The phone's own channel reports it when it ends (plan/dial-contexts.ts): Dial must not follow (ring.ts), and only
 * reports that the phone was busy.
 */
export function forwardedTo(): string | undefined {
  const told = channel.SHARED(forward).get() ?? "";
  if (told === "" || (told === before && channel.DIALSTATUS.get() !== "BUSY")) return undefined;
  // Accept only characters that Dial, Local channels and AST_CONFIG do not interpret.
  return string.match(told, `^${before}([0-9A-Za-z*#+_.-]+)$`)[0] ?? "";
}

/** Whether a phone forwards, but where to is not known yet: Asterisk may tell Dial a moment earlier (res_pjsip_session.c). */
export function isUntold(): boolean {
  return channel.SHARED(forward).get() === before;
}

/** The Dial argument for a forward: an extension's phones, or a number of forward_context; otherwise empty. */
export function dialForwarded(number: string): string {
  if (number === "") return "";
  if (isExtension(number)) return isOpen(number) ? dialString(number) : "";
  const context = setting("forward_context");
  if (context === "" || !exists({ extension: number, context })) return "";
  return `Local/${number}@${context}`;
}

/**
 * Whether a forward may go to this extension: the rules of a transfer, and it must be free, because nobody waits after a
 * forward. A call from another node never goes on to a further one: two phones could send it round and round.
 */
function isOpen(extension: string): boolean {
  const { transferer, receiver } = current();
  if (isFromPeer() && isRemote(extension)) return false;
  const caller = callerAt(channel.CHANNEL("name").get() ?? "");
  if (extension === receiver || refusalOf(extension, transferer, caller) !== undefined) return false;
  return mayRing(extension);
}
