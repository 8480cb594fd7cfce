import { contexts, plainContexts } from "../../../contract/names.ts";
import { isDesk, isMobile, mobiles } from "../cast.ts";
import type { Event } from "../event.ts";
import type { History, Leg, Passing, Ring } from "../history.ts";
import {
  isBack,
  isFallback,
  isGoodbye,
  isMailbox,
  isOurs,
  isReturning,
  returnsAt,
  type Transfer,
  transferAt,
  transfersIn,
} from "../transfers.ts";
import { type Rule, seconds, slack } from "./rule.ts";

/** How long before a transfer its keys or its button may have been pressed, in ms. */
const pressing = 20_000;

/** Nobody is passed on but by a key or a button of who may, to whom they named. */
export const passedOn: Rule = ({ legs }) =>
  legs.flatMap((leg) =>
    leg.passings.flatMap((passing) => {
      if (isWanted(passing)) return [];
      return [
        {
          leg,
          at: passing.at,
          says: `${leg.party} is passed on to ${passing.to} without ${passing.by.party} having asked for it`,
        },
      ];
    }),
  );

function isWanted(passing: Passing): boolean {
  const { leg, by, to, at } = passing;
  if (isBack(passing)) return isMobile(by.party) && keyed(leg, at).endsWith("*0");
  if (!isDesk(by.party)) return false;
  if (by.acts.some((one) => one.act === `sends ${to}` && at - one.at < pressing)) return true;
  return isOurs(passing) && new RegExp(`#.*${to}`).test(keyed(by, at));
}

function keyed({ keys }: Leg, at: number): string {
  return keys
    .filter((one) => one.at <= at + slack && at - one.at < pressing)
    .map(({ key }) => key)
    .join("");
}

const keyContexts: readonly string[] = [plainContexts.digits, contexts.key, contexts.keyed];

/** An outsider's key does nothing. */
export const outsidersKey: Rule = ({ legs }) =>
  legs.flatMap((leg) => {
    const run = isDesk(leg.party) ? undefined : leg.runs.find(({ context }) => keyContexts.includes(context));
    return run === undefined ? [] : [{ leg, at: run.at, says: `${leg.party}'s key does something` }];
  });

/** Nobody is rung whom no rule gives the caller. */
export const stranger: Rule = ({ legs, until }) =>
  legs.flatMap((leg) =>
    leg.rings.flatMap((ring) => {
      const allowed = allowedAt(leg, ring.from, until);
      if (allowed === undefined || allowed.includes(ring.at.party)) return [];
      return [{ leg, at: ring.from, says: `${ring.at.party} is rung, which is none of ${allowed.join(", ")}` }];
    }),
  );

function allowedAt(leg: Leg, at: number, until: number): string[] | undefined {
  const transfer = transferAt(leg, at, until);
  if (transfer !== undefined) {
    const { receiver, transferer } = transfer;
    return [receiver, transferer, mobiles[receiver] ?? ""].filter((party) => party !== "");
  }
  const elsewhere = leg.passings.filter((passing) => passing.at <= at).at(-1);
  return elsewhere === undefined ? undefined : [elsewhere.to];
}

/** Nobody talks to who was not rung for them. */
export const talksWith: Rule = ({ legs }) =>
  legs.flatMap((leg) =>
    leg.talks.flatMap(({ caller, called, from }) => {
      if (caller !== leg || called.rungBy === caller || caller.rungBy === called) return [];
      return [{ leg, at: from, says: `${caller.party} talks to ${called.party}, who was not rung for them` }];
    }),
  );

/** Nobody is connected with a mobile on which nobody pressed 1. */
export const mobileAccepts: Rule = ({ legs, events }) =>
  legs.flatMap((leg) =>
    leg.talks.flatMap(({ caller, called, from }) => {
      if (
        leg !== caller ||
        !isMobile(called.party) ||
        called.keys.some(({ key, at }) => key === "1" && at <= from + slack)
      )
        return [];
      if (isUnasked(events, from)) return [];
      return [{ leg, at: from, says: `${called.party} has ${caller.party}'s call without having pressed 1` }];
    }),
  );

/** Whether the admin had switched the question off, now or a little before. */
function isUnasked(events: readonly Event[], at: number): boolean {
  return events.some(
    (event) =>
      "name" in event &&
      event.what === "edits" &&
      event.name === "mobile_confirm" &&
      event.at < at &&
      at - event.at < 30_000,
  );
}

/** By the key nobody is sent to who cannot take the call: the transferer hears so. */
export const reachable: Rule = ({ legs, events, until }) =>
  transfersIn(legs, until).flatMap((transfer) => {
    const { caller, receiver, transferer, byKey, from } = transfer;
    if (!byKey) return [];
    if (receiver === transferer || receiver === caller.party)
      return [{ leg: caller, at: from, says: `${caller.party} is sent to ${receiver}, who is one of the two` }];
    const last = events
      .filter((event) => "party" in event && !("leg" in event) && event.party === receiver && event.at <= from)
      .at(-1);
    if (last?.what !== "offline" || from - last.at < 2 * slack || mobiles[receiver] !== undefined) return [];
    // Whose phone is in a call is busy, registered or not (chan_pjsip.c, chan_pjsip_devicestate).
    if (legs.some((leg) => leg.party === receiver && leg.began < from && (leg.ended ?? until) > from - slack))
      return [];
    return [{ leg: caller, at: from, says: `${caller.party} is sent to ${receiver}, who is offline` }];
  });

/** Who presses the key is let go at once. */
export const letGo: Rule = ({ legs, until }) =>
  transfersIn(legs, until).flatMap(({ caller, by, byKey, from }) => {
    const stays = (by.ended ?? until) - from;
    return byKey && stays > 1_500
      ? [{ leg: caller, at: from, says: `${by.party} is let go ${seconds(stays)} later` }]
      : [];
  });

/** How long digits may follow on a key, in ms. */
const digitsFollow = 3_000;

/** The caller's key takes them back, until they return anyway. */
export const backKey: Rule = (history) =>
  transfersIn(history.legs, history.until).flatMap((transfer) => {
    const { caller, from, to, talks, runs } = transfer;
    const comes = comesAt(transfer);
    const returns = Math.min(returnsAt(transfer) ?? to, runs.find(isMailbox)?.at ?? to);
    const press = caller.keys.find(
      ({ key, at }) =>
        key === "1" &&
        at > Math.max(from, comes) + slack &&
        at < returns &&
        !isTaken(caller, at) &&
        !keysThemselves(caller, at),
    );
    if (press === undefined) return [];
    const within = (at: number) => at > press.at - slack && at < press.at + 2_500;
    const goes = runs.some(
      (run) => within(run.at) && (isReturning(run) || isGoodbye(run) || isFallback(run) || isMailbox(run)),
    );
    if (goes || talks.some((talk) => within(talk.from)) || within(to)) return [];
    return [{ leg: caller, at: press.at, says: `${caller.party} presses 1 and is not taken back` }];
  });

/** When a caller comes to where they were sent: Asterisk first ends what a key of their own has begun. */
export function comesAt({ from, runs, rings }: Transfer): number {
  const arrives = runs.find((run) => run.at >= from && !keyContexts.includes(run.context));
  const first = Math.min(arrives?.at ?? Number.POSITIVE_INFINITY, rings[0]?.from ?? Number.POSITIVE_INFINITY);
  return Number.isFinite(first) ? first : from;
}

/** A caller who had pressed a key of ours when the other one passed them on: what follows are its digits. */
export function keysThemselves(leg: Leg, at: number): boolean {
  return isDesk(leg.party) && leg.keys.some((one) => one.key === "#" && one.at < at && at - one.at < digitsFollow);
}

export function isTaken(leg: Leg, at: number): boolean {
  return leg.talks.some(({ from, to = Number.POSITIVE_INFINITY }) => from - slack <= at && to + slack > at);
}

/** A recall says why. */
export const recallSays: Rule = (history: History) =>
  transfersIn(history.legs, history.until).flatMap((transfer) => {
    const { caller, receiver, transferer, rings } = transfer;
    const returns = returnsAt(transfer);
    const isMute = ({ from, at }: Ring) =>
      returns !== undefined &&
      from > returns &&
      at.party === transferer &&
      at.shows !== undefined &&
      !at.shows.startsWith(`RT ${receiver} `);
    return rings
      .filter(isMute)
      .map(({ from, at }) => ({ leg: caller, at: from, says: `the recall shows "${at.shows}"` }));
  });
