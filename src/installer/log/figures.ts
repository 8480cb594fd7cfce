import { localDay } from "./list.ts";
import type { Transfer } from "./transfers.ts";
import { reasonOf, recallOf, wayOf } from "./words.ts";

/** The median, the value that 95 of 100 do not exceed, and the maximum. */
export interface Spread {
  readonly median: number;
  readonly most: number;
  readonly longest: number;
}

/** The outcomes of several transfers, in numbers. */
export interface Figures {
  readonly count: number;
  readonly byOutcome: Readonly<Record<string, number>>;
  /** Transfers that came back to the transferer, by reason, whoever answered there. */
  readonly byReason: Readonly<Record<string, number>>;
  /** Transfers that reached each step of the ladder. */
  readonly bySteps: Readonly<Record<string, number>>;
  /** Transfers that ended with the goodbye. */
  readonly goodbyes: number;
  /** Seconds until somebody answered or the call ended. */
  readonly waits: Spread | undefined;
  /** Seconds that the transferer's phones rang during recalls. */
  readonly recalls: Spread | undefined;
}

/** The figures in total, by day, by receiver and by transferer. */
export interface Summary {
  /** The times of the first and the last transfer, in ms since 1970. */
  readonly first: number | undefined;
  readonly last: number | undefined;
  readonly all: Figures;
  readonly days: ReadonlyMap<string, Figures>;
  readonly receivers: ReadonlyMap<string, Figures>;
  readonly transferers: ReadonlyMap<string, Figures>;
}

/** Keeps numbers only, so that a million transfers need little memory. */
class Tally {
  private count = 0;
  private readonly byOutcome = new Counter();
  private readonly byReason = new Counter();
  private readonly bySteps = new Counter();
  private goodbyes = 0;
  private readonly waits: number[] = [];
  private readonly recalls: number[] = [];

  add(transfer: Transfer): void {
    const { outcome, steps } = transfer;
    this.count += 1;
    this.byOutcome.add(outcome);
    const reason = reasonOf(transfer);
    if (reason !== undefined) this.byReason.add(reason);
    for (const name of new Set(steps.map(([step]) => step))) this.bySteps.add(name);
    if (steps.at(-1)?.[0] === "goodbye") this.goodbyes += 1;
    this.waits.push(wayOf(transfer));
    const rang = recallOf(transfer);
    if (rang !== undefined) this.recalls.push(rang);
  }

  figures(): Figures {
    return {
      count: this.count,
      byOutcome: this.byOutcome.counts(),
      byReason: this.byReason.counts(),
      bySteps: this.bySteps.counts(),
      goodbyes: this.goodbyes,
      waits: spreadOf(this.waits),
      recalls: spreadOf(this.recalls),
    };
  }
}

class Counter {
  private readonly map = new Map<string, number>();

  add(name: string): void {
    this.map.set(name, (this.map.get(name) ?? 0) + 1);
  }

  counts(): Record<string, number> {
    return Object.fromEntries(this.map);
  }
}

/** The smallest value that this many of 100 do not exceed. */
export function spreadOf(values: readonly number[]): Spread | undefined {
  if (values.length === 0) return undefined;
  const sorted = Float64Array.from(values).sort();
  const at = (part: number) => sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] as number;
  return { median: at(0.5), most: at(0.95), longest: at(1) };
}

/** Adds transfers up one by one. */
export class Summing {
  private first: number | undefined;
  private last: number | undefined;
  private readonly all = new Tally();
  private readonly days = new Map<string, Tally>();
  private readonly receivers = new Map<string, Tally>();
  private readonly transferers = new Map<string, Tally>();

  add(transfer: Transfer): void {
    const { time, from, to } = transfer;
    this.first = Math.min(this.first ?? time, time);
    this.last = Math.max(this.last ?? time, time);
    this.all.add(transfer);
    tallyOf(this.days, localDay(time)).add(transfer);
    tallyOf(this.receivers, to).add(transfer);
    tallyOf(this.transferers, from).add(transfer);
  }

  summary(): Summary {
    const { first, last } = this;
    const figures = (tallies: Map<string, Tally>) =>
      new Map([...tallies].sort(([one], [other]) => byName(one, other)).map(([name, one]) => [name, one.figures()]));
    return {
      first,
      last,
      all: this.all.figures(),
      days: figures(this.days),
      receivers: figures(this.receivers),
      transferers: figures(this.transferers),
    };
  }
}

function tallyOf(tallies: Map<string, Tally>, name: string): Tally {
  const tally = tallies.get(name) ?? new Tally();
  tallies.set(name, tally);
  return tally;
}

/** Sorts extensions by number. */
function byName(one: string, other: string): number {
  return one.localeCompare(other, "en", { numeric: true });
}
