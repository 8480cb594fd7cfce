import { isDesk } from "../cast.ts";
import type { Leg, Talk } from "../history.ts";
import { paces } from "../story.ts";
import { type Complaint, type Rule, seconds } from "./rule.ts";

/** Longer silence is too long, in ms. */
const longest = 3_000;
/** How long a transferer may be busy with the key: keys in, hears what is wrong, keys in again. */
const keying = 9_000;
/** A phone that takes a call back is not at once heard, in ms. */
const takingBack = 1_500;

/** Two who press keys within this time of each other, in ms: about as long as Asterisk takes keys for an echo of its own. */
const together = 700;

/** Nobody who is up hears nothing, from the first time that they talked. */
export const silence: Rule = ({ legs }) => legs.flatMap(silentPeriods);

function silentPeriods(leg: Leg): Complaint[] {
  const talked = leg.talks[0]?.from;
  if (talked === undefined) return [];
  const leaves = leg.acts.find(({ act }) => act === "hangs up" || act === "gives up")?.at ?? Number.POSITIVE_INFINITY;
  const until = Math.min(leaves, leg.ended ?? Number.POSITIVE_INFINITY);
  const found: Complaint[] = [];
  let since: number | undefined;
  let told = false;
  for (const heard of leg.heard) {
    if (heard.sound || heard.since < talked || heard.at > until || mayBeSilent(leg, heard.since, heard.at)) {
      since = undefined;
      told = false;
      continue;
    }
    since ??= heard.since;
    if (heard.at - since <= longest || told) continue;
    told = true;
    found.push({ leg, at: heard.at, says: `${leg.party} has heard nothing for ${seconds(heard.at - since)}` });
  }
  return found;
}

/** Who holds the other one hears nothing, nor does a transferer between a prompt and the next key. */
function mayBeSilent(leg: Leg, from: number, to: number): boolean {
  const isIn = (talk: Talk) => talk.from < to && (talk.to ?? to) > from;
  const hasKeyed = leg.keys.some(({ key, at }) => key === "#" && at < to && to - at < keying);
  if (isDesk(leg.party) && hasKeyed && leg.talks.some(isIn)) return true;
  const others = leg.talks.filter(isIn).map((talk) => otherThan(leg, talk));
  const heard = lastHeard(leg, to);
  if ([leg, ...others].some((one) => isDeafened(one, Math.max(heard, lastHeard(one, to)), to))) return true;
  return leg.acts.some(({ act, at }) => {
    if (act !== "holds" || at > to) return false;
    const back = leg.acts.find((one) => one.act === "takes back" && one.at >= at)?.at ?? to;
    return back + takingBack > from;
  });
}

const otherThan = (leg: Leg, { caller, called }: Talk) => (caller === leg ? called : caller);

const lastHeard = ({ heard }: Leg, at: number) => heard.filter((one) => one.sound && one.at <= at).at(-1)?.at ?? 0;

/**
 * Two who press keys at the same moment can lose their sound until one of them presses another key: Asterisk takes a key
 * that arrives just after one that it sent for an echo, and may miss its end (res_rtp_asterisk.c, create_dtmf_frame). Until
 * then it drops what that channel says (channel.c, __ast_read). It does so without us, too.
 */
function isDeafened(leg: Leg, heard: number, at: number): boolean {
  return leg.talks.some((talk) => {
    const theirs = pressesOf(otherThan(leg, talk));
    const isClash = ({ from, to }: Press) => theirs.some((one) => one.from < to + together && one.to > from - together);
    return pressesOf(leg).some(
      (one) => one.to > heard - together && one.to >= talk.from && one.from <= at && isClash(one),
    );
  });
}

/** When keys were pressed. */
interface Press {
  readonly from: number;
  readonly to: number;
}

/** The longest that a phone takes for a key, with the pause after it, in ms. */
const longestKey = paces.slow.length + paces.slow.gap;

/** Keys as the PBX has received them, and as the phone has sent them: some never arrive. */
function pressesOf({ keys, acts }: Leg): Press[] {
  const sent = acts.flatMap(({ act, at }) => {
    const text = /^keys (.+)/.exec(act)?.[1];
    return text === undefined ? [] : [{ from: at, to: at + text.length * longestKey }];
  });
  return [...keys.map(({ at }) => ({ from: at, to: at })), ...sent];
}
