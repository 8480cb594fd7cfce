import { contexts, plainContexts, promptSounds } from "../../contract/names.ts";
import { fallback, isDesk, isMobile, mailbox } from "./cast.ts";
import type { Leg, Passing, Ring, Run, Talk } from "./history.ts";

/** A transfer of ours: from when the caller is let go until they are passed on again, or are gone. */
export interface Transfer {
  readonly caller: Leg;
  readonly transferer: string;
  readonly by: Leg;
  readonly receiver: string;
  readonly byKey: boolean;
  readonly from: number;
  readonly to: number;
  readonly rings: readonly Ring[];
  readonly talks: readonly Talk[];
  readonly runs: readonly Run[];
}

/** To an extension of the directory, by key or by button. To anything else Asterisk transfers as without us. */
export function isOurs({ context, to }: Passing): boolean {
  if (context === plainContexts.sent) return true;
  return context.startsWith(contexts.button) && isDesk(to);
}

/** A caller went back from a mobile: no new transfer, but the next part of one. */
export function isBack({ context }: Passing): boolean {
  return context === contexts.recall;
}

/** The transfers of a leg, in order. */
export function transfersOf(leg: Leg, until: number): Transfer[] {
  const passings = leg.passings.filter((one) => !isBack(one));
  return passings.flatMap((passing, at) => {
    if (!isOurs(passing)) return [];
    const from = passing.at;
    const to = passings[at + 1]?.at ?? leg.ended ?? until;
    const within = ({ from: when }: { from: number }) => when >= from && when < to;
    return [
      {
        caller: leg,
        transferer: passing.by.party,
        by: passing.by,
        receiver: passing.to,
        byKey: passing.context === plainContexts.sent,
        from,
        to,
        rings: leg.rings.filter(within),
        talks: leg.talks.filter(within),
        // At its very end the record is written.
        runs: leg.runs.filter((run) => run.at >= from && run.at <= to),
      },
    ];
  });
}

export function transfersIn(legs: readonly Leg[], until: number): Transfer[] {
  return legs.flatMap((leg) => transfersOf(leg, until));
}

/** The transfer that a leg is in. */
export function transferAt(leg: Leg, at: number, until: number): Transfer | undefined {
  return transfersOf(leg, until).find(({ from, to }) => at >= from && at <= to);
}

/** When the caller first heard that they go back. */
export function returnsAt({ runs }: Transfer): number | undefined {
  return runs.find(isReturning)?.at;
}

export const isReturning = (run: Run) => plays(run, promptSounds.returning);
export const isGoodbye = (run: Run) => plays(run, promptSounds.goodbye);
export const isFallback = ({ context }: Run) => context === fallback.context;
export const isMailbox = ({ context }: Run) => context === mailbox;
/** The caller hears that the receiver is busy, or waits. */
export const isInLine = (run: Run) =>
  run.data.includes(`${contexts.key}/busy`) || run.application === "StartMusicOnHold";

function plays({ application, data }: Run, sound: string): boolean {
  return application === "Playback" && data.startsWith(sound);
}

/** Whether this is rung as somebody's desk, not as their mobile. */
export const ringsDesk = ({ at }: Ring) => !isMobile(at.party);
