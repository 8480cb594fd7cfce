import type { Leg } from "../history.ts";
import { isBack, isFallback, isGoodbye, isMailbox, isOurs } from "../transfers.ts";
import type { Rule } from "./rule.ts";

/** How long one end of a call may take to follow the other, in ms. */
const following = 2_500;

/** Somebody who talked is only ever cut off by themselves, by who talked with them, or after goodbye. */
export const cutOff: Rule = ({ legs }) =>
  legs.flatMap((leg) => {
    if (leg.ended === undefined || leg.talks.length === 0 || isExplained(leg, leg.ended, legs)) return [];
    return [{ leg, at: leg.ended, says: `${leg.party} is cut off` }];
  });

function isExplained(leg: Leg, ended: number, legs: readonly Leg[]): boolean {
  const last = leg.passings.at(-1);
  // Where Asterisk's own transfer sent them is no affair of ours.
  if (last !== undefined && !isOurs(last) && !isBack(last)) return true;
  return hasHungUp(leg) || isLetGo(leg, ended, legs) || isOtherGone(leg, ended, legs) || hasBeenTold(leg);
}

function hasHungUp({ acts }: Leg): boolean {
  return acts.some(({ act }) => act === "hangs up" || act === "gives up");
}

/** They passed somebody on. */
function isLetGo(leg: Leg, ended: number, legs: readonly Leg[]): boolean {
  return legs.some(({ passings }) => passings.some(({ by, at }) => by === leg && ended - at < following));
}

/** Who they talked with until now has hung up, or has passed somebody else on. */
function isOtherGone(leg: Leg, ended: number, legs: readonly Leg[]): boolean {
  const last = leg.talks.at(-1);
  if (last === undefined || ended - (last.to ?? ended) > following) return false;
  const other = last.caller === leg ? last.called : last.caller;
  // Who was passed on since talks with nobody.
  if (leg.passings.some(({ at }) => at >= last.from)) return false;
  if (other.ended === undefined || Math.abs(other.ended - ended) > following) return false;
  return hasHungUp(other) || isLetGo(other, other.ended, legs);
}

/** They heard goodbye, or the fallback or the voicemail has let them go. */
function hasBeenTold({ runs, passings }: Leg): boolean {
  const since = passings.at(-1)?.at ?? 0;
  return runs.some((run) => run.at >= since && (isGoodbye(run) || isFallback(run) || isMailbox(run)));
}

/** Every call comes to an end by itself. */
export const comesToAnEnd: Rule = ({ legs }) =>
  legs.flatMap((leg) => {
    const given = leg.acts.find(({ act }) => act === "gives up");
    return given === undefined ? [] : [{ leg, at: given.at, says: `${leg.party} had to give up` }];
  });
