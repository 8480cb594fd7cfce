import { split } from "./settings";

/** The phones, separated by commas, that have reported why the caller's calls to them ended. */
export function phonesThatTold(): string {
  return channel.HANGUPCAUSE_KEYS().get() ?? "";
}

/**
 * Whether somebody declined the last call by hand. Each phone reports it itself, even behind a Local channel
 * (main/channel.c passes the code on). The cause of the whole call does not tell: a dialplan that gives up leaves the
 * same one.
 *
 * @param before the phones that had reported before that call
 */
export function isDeclined(before: string): boolean {
  for (const phone of split(phonesThatTold(), ",")) {
    const [at] = string.find(`,${before},`, `,${phone},`, 1, true);
    if (at === undefined && hasDeclined(phone)) return true;
  }
  return false;
}

/** Declined means SIP 603, which PJSIP in Asterisk 16 maps to an ordinary hangup, or else Q.850 "call rejected". */
function hasDeclined(phone: string): boolean {
  if (phone === "") return false;
  const code = channel.HANGUPCAUSE(phone, "tech").get() ?? "";
  if (string.find(code, "^SIP ")[0] !== undefined) return string.find(code, "^SIP 603")[0] !== undefined;
  return channel.HANGUPCAUSE(phone, "ast").get() === "Call Rejected";
}
