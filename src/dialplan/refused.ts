import { split } from "./settings";

/** The phones of the caller's calls so far that have told why the call ended there, with commas between them. */
export function phonesThatTold(): string {
  return channel.HANGUPCAUSE_KEYS().get() ?? "";
}

/**
 * Did anybody refuse the last call by hand? Each phone has told so itself, one behind a Local channel too (main/channel.c hands
 * the code through). The cause of the call as a whole does not tell: a dialplan that gives up by itself has the same one.
 * @param before the phones that had told before that call
 */
export function isRefused(before: string): boolean {
  for (const phone of split(phonesThatTold(), ",")) {
    const [at] = string.find(`,${before},`, `,${phone},`, 1, true);
    if (at === undefined && hasRefused(phone)) return true;
  }
  return false;
}

/** By SIP, 603 Decline: PJSIP of Asterisk 16 makes an ordinary hang-up of that. Else call rejected, as Q.850 has it. */
function hasRefused(phone: string): boolean {
  if (phone === "") return false;
  const code = channel.HANGUPCAUSE(phone, "tech").get() ?? "";
  if (string.find(code, "^SIP ")[0] !== undefined) return string.find(code, "^SIP 603")[0] !== undefined;
  return channel.HANGUPCAUSE(phone, "ast").get() === "Call Rejected";
}
