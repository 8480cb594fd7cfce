import { contexts } from "../../../contract/names.ts";
import { isDesk, mute, settings } from "../cast.ts";
import type { History, Leg, Ring } from "../history.ts";
import {
  isFallback,
  isGoodbye,
  isMailbox,
  returnsAt,
  ringsDesk,
  type Transfer,
  transferAt,
  transfersIn,
} from "../transfers.ts";
import { type Complaint, type Rule, seconds, slack } from "./rule.ts";

/** Nobody rings at two places for one call. */
export const onePlace: Rule = ({ legs }) =>
  legs.flatMap((leg) =>
    leg.rings.flatMap((ring, at) => {
      const before = leg.rings.slice(0, at).find((one) => isOpen(one, ring.from + slack));
      if (before === undefined) return [];
      return [
        { leg, at: ring.from, says: `${ring.at.party} rings while ${before.at.party} still rings for the same call` },
      ];
    }),
  );

/** No desk is rung for a transfer while it rings or talks. */
export const freePhone: Rule = (history) =>
  ourRings(history).flatMap(({ ring }) => {
    const { party } = ring.at;
    const others = history.legs.filter((leg) => leg.party === party && leg !== ring.at);
    // Of a phone that does not tell that it rings nobody knows but who has it rung: its state is free.
    const isKnown = (leg: Leg, at: number) => !mute.includes(party) || transferAt(leg, at, history.until) !== undefined;
    const talks = others.some((leg) => isTalking(leg, ring.from - slack) && isTalking(leg, ring.from + slack));
    const isRung = ({ rungBy }: Leg) =>
      (rungBy?.rings ?? []).some((one) => one.at.party === party && lasts(one, ring.from) && isKnown(one.by, one.from));
    if (!talks && !others.some(isRung)) return [];
    return [
      { leg: ring.by, at: ring.from, says: `${party} is rung while it ${talks ? "talks" : "rings for somebody else"}` },
    ];
  });

function lasts(ring: Ring, at: number): boolean {
  return ring.from < at - slack && isOpen(ring, at + slack) && (ring.at.up ?? Number.POSITIVE_INFINITY) > at + slack;
}

function isOpen({ from, to = Number.POSITIVE_INFINITY }: Ring, at: number): boolean {
  return from <= at && to > at;
}

function isTalking(leg: Leg, at: number): boolean {
  return leg.talks.some(({ from, to = Number.POSITIVE_INFINITY }) => from <= at && to > at);
}

/** Who has refused a caller is not rung for them at once again, in ms. */
const againAfter = 1_000;

export const refused: Rule = (history) =>
  ourRings(history).flatMap(({ ring }) => {
    const before = ring.by.rings.filter(({ at, from }) => at.party === ring.at.party && from < ring.from).at(-1);
    const refusal = before?.at.acts.find(({ act }) => act === "refuses");
    if (refusal === undefined || ring.from - refusal.at > againAfter) return [];
    return [{ leg: ring.by, at: ring.from, says: `${ring.at.party} has refused, and is rung again at once` }];
  });

/** No phone is rung for longer than the settings say. */
export const inTime: Rule = (history) => {
  const longest = Number(settings.ring_timeout) * 1000 + 1_500;
  return ourRings(history).flatMap(({ ring }) => {
    const end = Math.min(ring.to ?? history.until, ring.at.up ?? history.until, ring.at.ended ?? history.until);
    if (end - ring.from <= longest) return [];
    return [{ leg: ring.by, at: end, says: `${ring.at.party} was rung for ${seconds(end - ring.from)}` }];
  });
};

function ourRings({ legs, until }: History): { ring: Ring; transfer: Transfer }[] {
  return transfersIn(legs, until).flatMap((transfer) =>
    transfer.rings.filter(ringsDesk).map((ring) => ({ ring, transfer })),
  );
}

/** Somebody wants an extension for so long. */
interface Want {
  readonly leg: Leg;
  readonly extension: string;
  readonly from: number;
  readonly to: number;
}

/** Nobody in a line is overtaken. */
export const inOrder: Rule = (history) => {
  const wants = transfersIn(history.legs, history.until).flatMap(wantsOf);
  return ourRings(history).flatMap(({ ring }): Complaint[] => {
    const extension = ring.at.party;
    const own = wants.find((want) => want.leg === ring.by && want.extension === extension && isIn(want, ring.from));
    const came = own?.from ?? ring.from;
    const overtaken = wants.find(
      (want) =>
        want.extension === extension &&
        want.leg !== ring.by &&
        want.from < came - slack &&
        want.to > ring.from + slack &&
        // Whose phone rings already is another rule's affair.
        !want.leg.rings.some((one) => one.at.party === extension && isOpen(one, ring.from)),
    );
    if (overtaken === undefined) return [];
    const before = seconds(came - overtaken.from);
    return [
      {
        leg: overtaken.leg,
        at: ring.from,
        says: `${extension} is rung for ${ring.by.party}, who came ${before} later`,
      },
    ];
  });
};

function isIn({ from, to }: Want, at: number): boolean {
  return from <= at && at <= to + slack;
}

const isWay = (context: string) => context === contexts.receiver || context === contexts.button;

/** From when they are let go until they are answered, return, go on to a mobile or leave. And the same for the way back. */
function wantsOf(transfer: Transfer): Want[] {
  const { caller, receiver, transferer, from, rings, talks, runs } = transfer;
  const returns = returnsAt(transfer);
  // On the way back no key ends it.
  const ends = (since: number, extension: string) =>
    Math.min(
      ...[transfer.to, returns !== undefined && returns > since ? returns : transfer.to],
      ...talks.map((talk) => talk.from).filter((at) => at >= since),
      ...rings
        // A mobile is called by a Local channel of the same extension.
        .filter((ring) => ring.from >= since && !(ring.at.party === extension && ringsDesk(ring)))
        .map((ring) => ring.from),
      ...(extension === receiver ? caller.keys : [])
        .filter(({ key, at }) => key === "1" && at >= since)
        .map(({ at }) => at),
      ...runs
        .filter((run) => run.at >= since && (isGoodbye(run) || isFallback(run) || isMailbox(run)))
        .map(({ at }) => at),
      ...caller.acts.filter(({ act, at }) => act === "hangs up" && at >= since).map(({ at }) => at),
    );
  // Who keyed something themselves when the other one passed them on comes when that is over.
  const came = Math.min(
    ...runs.filter(({ context }) => isWay(context)).map(({ at }) => at),
    ...rings.map((ring) => ring.from),
  );
  const wants: Want[] = [
    { leg: caller, extension: receiver, from: Math.min(came, transfer.to), to: ends(from, receiver) },
  ];
  const waits = returns && runs.find((run) => run.at > returns && run.application === "StartMusicOnHold");
  if (waits && isDesk(transferer)) {
    // Whoever was rung has had their turn, but for a phone that said busy: their next attempt takes a new place.
    const saysBusy = ({ at }: Ring) => at.acts.some(({ act }) => act === "is busy");
    const rung = rings.filter((ring) => ring.from > waits.at && !saysBusy(ring)).map((ring) => ring.from);
    wants.push({
      leg: caller,
      extension: transferer,
      from: waits.at,
      to: Math.min(ends(waits.at, transferer), ...rung),
    });
  }
  return wants;
}
