import { isRehearsal } from "./rehearsal/scene";
import { setting, split } from "./settings";

/**
 * The callers whom each transferer sent on, for takeback_code. In a global variable, because whoever takes one back calls
 * on another channel, and CHANNELS() lists no more than 4 KB of names (pbx/pbx_lua.c). Nobody removes a name: the caller's
 * own channel tells whether they are still on the way (takeback.ts).
 */
function list(transferer: string): ChannelValue {
  return channel.GLOBAL(`SMART_TRANSFER_SENT_${transferer}`);
}

/** The number of callers that are kept in mind: nobody takes back who was sent on longer ago. */
const most = 10;

/** Notes the newest caller. Without a takeback_code nothing is kept. */
export function noteSent(transferer: string, caller: string): void {
  if (isRehearsal() || setting("takeback_code") === "") return;
  let names = caller;
  for (const [at, one] of ipairs(sentBy(transferer))) if (at < most && one !== caller) names += `,${one}`;
  list(transferer).set(names);
}

/** The channels of the callers whom a transferer sent on, the newest first. Some may be gone. */
export function sentBy(transferer: string): string[] {
  const names = list(transferer).get() ?? "";
  return names === "" ? [] : split(names, ",");
}
