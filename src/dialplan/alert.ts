import { plainContexts } from "../contract/names";
import { isRehearsal } from "./rehearsal/scene";
import { setting } from "./settings";

/**
 * What tells a transferer's phones that a caller comes back: a distinctive ring, and the reason in place of the caller's
 * name. The reason is in a variable that the phones' channels inherit from the caller's. While it is set, the caller is
 * on the way back.
 */

/** The Alert-Info of a recall, for a distinctive ring on phones that support it (RFC 7462). */
const recallAlert = "<urn:alert:service:recall:transfer>;info=recall";

/** Stores what the transferer's phones will show. The caller's own name stays, so that others who are rung later see it. */
export function showReason(why: string): void {
  const who = callerShown();
  channel.__SMART_TRANSFER_ALERT.set(`${setting("recall_prefix")} ${why}${who === "" ? "" : `: ${who}`}`);
}

/** Whether the caller is on the way back to the transferer. */
export function isRecall(): boolean {
  return (channel.SMART_TRANSFER_ALERT.get() ?? "") !== "";
}

/**
 * Removes the reason and the distinctive ring of a recall. On the far end of a Local channel the reason has become the
 * caller's name (showOnPhone), so this restores what they show of themselves.
 */
export function forgetRecall(): void {
  const shown = channel.SMART_TRANSFER_CALLER_PRES.get() ?? "";
  if (shown !== "") {
    channel.CALLERID("name").set(channel.SMART_TRANSFER_CALLER_NAME.get() ?? "");
    channel.CALLERID("num").set(channel.SMART_TRANSFER_CALLER_NUM.get() ?? "");
    channel.CALLERID("pres").set(shown);
  }
  channel.__SMART_TRANSFER_ALERT.set("");
}

/** Runs on each phone's channel of a recall before it rings, then goes on as for any other call (plan/dial-contexts.ts). */
export function alertPhone(): void {
  // Called for its side effect: no channel of a rehearsal leaves a CDR (rehearsal/scene.ts), even if its call fails.
  isRehearsal();
  showOnPhone();
  const [technology] = string.match(channel.CHANNEL("name").get() ?? "", "^[^/]+");
  if (technology === "PJSIP") channel.PJSIP_HEADER("add", "Alert-Info").set(recallAlert);
  if (technology === "SIP") app.SIPAddHeader(`Alert-Info: ${recallAlert}`);
  app.Goto(plainContexts.rung, "s", 1);
}

/** Shows the reason on this channel only, so that nobody else sees it. Phones show a name only with a number that is not withheld. */
function showOnPhone(): void {
  const shown = channel.CONNECTEDLINE("pres").get() ?? "";
  // The far end of a Local channel takes the reason as its caller's name. A transfer from there restores what the caller
  // shows (forgetRecall).
  if (string.match(channel.CHANNEL("name").get() ?? "", "^Local/")[0] !== undefined) {
    channel.__SMART_TRANSFER_CALLER_NAME.set(channel.CONNECTEDLINE("name").get() ?? "");
    channel.__SMART_TRANSFER_CALLER_NUM.set(channel.CONNECTEDLINE("num").get() ?? "");
    channel.__SMART_TRANSFER_CALLER_PRES.set(shown);
  }
  channel.CONNECTEDLINE("name", "i").set(channel.SMART_TRANSFER_ALERT.get() ?? "");
  if (isWithheld(shown)) channel.CONNECTEDLINE("num", "i").set("anonymous");
  channel.CONNECTEDLINE("pres", "i").set("allowed_not_screened");
}

/** The caller's name, else number, unless they withhold it. */
function callerShown(): string {
  const presentation = channel.CALLERID("pres").get() ?? "";
  const name = channel.CALLERID("name").get() ?? "";
  const who = name === "" ? (channel.CALLERID("num").get() ?? "") : name;
  if (isWithheld(presentation) && (who !== "" || presentation !== "unavailable")) return "anonymous";
  return who;
}

/** Whether a caller withholds their number, or it is not known. */
function isWithheld(presentation: string): boolean {
  return string.match(presentation, "^allowed")[0] === undefined;
}
