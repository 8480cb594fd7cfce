import { isMobile, mailboxes } from "../cast.ts";
import type { Ring } from "../history.ts";
import { inForce } from "../in-force.ts";
import { isFallback, isGoodbye, isMailbox, isReturning, type Transfer, transfersIn } from "../transfers.ts";
import { type Rule, slack } from "./rule.ts";
import { comesAt, isTaken, keysThemselves } from "./who.ts";

/** How long a key may take to count, in ms. */
const counting = 2_500;

/** The caller's other key leads to the receiver's voicemail, until they return, are there, or go back. */
export const voicemailKey: Rule = ({ legs, events, until }) =>
  transfersIn(legs, until).flatMap((transfer) => {
    const { caller, from, to, talks, runs } = transfer;
    if (inForce(events, "voicemail", from - slack, to + slack) !== mailboxes) return [];
    const leaves = Math.min(to, ...runs.filter(leadsAway).map(({ at }) => at));
    const press = caller.keys.find(
      ({ key, at }) =>
        key === "2" &&
        at > Math.max(from, comesAt(transfer)) + slack &&
        at < leaves &&
        !isTaken(caller, at) &&
        !keysThemselves(caller, at) &&
        !caller.keys.some((one) => one.key === "1" && one.at > from && one.at < at),
    );
    if (press === undefined) return [];
    const within = (at: number) => at > press.at - slack && at < press.at + counting;
    if (runs.some((run) => within(run.at) && leadsAway(run))) return [];
    if (talks.some((talk) => within(talk.from)) || within(to)) return [];
    return [{ leg: caller, at: press.at, says: `${caller.party} presses 2 and is not led to the voicemail` }];
  });

const leadsAway = (run: Transfer["runs"][number]) =>
  isReturning(run) || isGoodbye(run) || isFallback(run) || isMailbox(run);

/** Where `busy = ask`, nobody waits for a receiver who talks unless the transferer has let them. */
export const asked: Rule = ({ legs, events, until }) =>
  transfersIn(legs, until).flatMap(({ caller, by, byKey, receiver, from }) => {
    const key = by.keys.filter((one) => one.key === "#" && one.at < from).at(-1);
    if (!byKey || key === undefined || inForce(events, "busy", key.at - slack, from + slack) !== "ask") return [];
    const talks = ({ from: began, to = until }: { from: number; to?: number }) =>
      began < key.at - slack && to > from + slack;
    const isBusy = legs.some((leg) => leg.party === receiver && leg.talks.some(talks));
    const pressed = by.keys.filter((one) => one.at > key.at && one.at <= from + slack).map((one) => one.key);
    const hasLet = pressed.slice(pressed.join("").lastIndexOf(receiver) + receiver.length).includes("1");
    if (!isBusy || hasLet) return [];
    return [{ leg: caller, at: from, says: `${caller.party} waits for ${receiver}, and ${by.party} was not asked` }];
  });

/** Where `mobile_memory` is set, a mobile that nobody accepted is left alone. */
export const spared: Rule = ({ legs, events }) => {
  const rings = legs.flatMap((leg) => leg.rings.filter(({ at }) => isMobile(at.party)));
  return rings.flatMap((ring) => {
    const earlier = rings.find(
      (one) =>
        one.at.party === ring.at.party &&
        (one.to ?? one.from) < ring.from - slack &&
        isUnaccepted(one) &&
        inForce(events, "mobile_memory", one.from - slack, ring.from + slack) === "1",
    );
    return earlier === undefined
      ? []
      : [{ leg: ring.by, at: ring.from, says: `${ring.at.party} is called again, which nobody has accepted before` }];
  });
};

/** It was refused, while the caller did nothing. */
function isUnaccepted({ at, by, from, to = from }: Ring): boolean {
  const isRefused = at.talks.length === 0 && at.acts.some(({ act }) => act === "refuses");
  return isRefused && !by.acts.some((one) => one.at > from - slack && one.at < to + slack);
}
