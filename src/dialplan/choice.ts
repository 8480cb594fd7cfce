import { plainContexts, settingsFile } from "../contract/names";
import { isRecall } from "./alert";
import { hasFallback } from "./fallback";
import { isFromPeer } from "./nodes";
import { complain, defaultOf, setting } from "./settings";
import { current } from "./transfer";
import { leaveMessage, mailboxOf } from "./voicemail";

/**
 * What a caller may choose by a key, at any moment after they were let go: the way back to the transferer, and the
 * receiver's voicemail. On a recall they are already on the way back, and the key leads to the fallback.
 */
function mayReturn(goesBack: boolean): boolean {
  return !goesBack || hasFallback();
}

function mayLeaveMessage(goesBack: boolean): boolean {
  return !goesBack && setting("voicemail") !== "" && mailboxOf(current().receiver) !== undefined;
}

/**
 * The context for Dial's option `d`, which has the caller's keys. `undefined` if they have none.
 *
 * @param goesBack whether this is a recall
 */
export function keysWhileRinging(goesBack: boolean): string | undefined {
  // A caller of another node has their keys there.
  if (isFromPeer() || !mayReturn(goesBack)) return undefined;
  return mayLeaveMessage(goesBack) ? plainContexts.voicemail : plainContexts.back;
}

/** The key for voicemail. One that takes the caller back does not lead there too. */
function voicemailKey(): string {
  const key = setting("voicemail_key");
  if (setting("voicemail") === "" || key !== setting("return_key_line")) return key;
  const usual = defaultOf("voicemail_key");
  complain(`${settingsFile}: [general] voicemail_key is the same as return_key_line: using "${usual}"`);
  return usual;
}

/** Acts on a key of the caller. Other keys change nothing. */
export function chosen(key: string | undefined): "back" | undefined {
  if (key === setting("return_key_line") && mayReturn(isRecall())) return "back";
  if (key === voicemailKey() && mayLeaveMessage(isRecall())) leaveMessage();
  return undefined;
}
