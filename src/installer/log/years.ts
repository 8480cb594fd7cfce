import type { Stamp } from "./date-format.ts";
import type { Zone } from "./zone.ts";

/** Lines may be out of order, and clocks may be set back. A step back by less than this is not a new year. */
const slackDays = 2;
const dayMs = 86_400_000;

/** Counts the years in a sequence of dates without a year: each jump back is a new year. */
export class YearCount {
  private last: Stamp | undefined;
  private turns = 0;

  /** The number of new years before this date. */
  add(stamp: Stamp): number {
    if (this.last !== undefined && dayOfYear(stamp) < dayOfYear(this.last) - slackDays) this.turns++;
    this.last = stamp;
    return this.turns;
  }

  /** The year of the first date, if the last one is no later than this time, in ms since 1970. */
  firstYear(latest: number, zone: Zone): number {
    const year = new Date(latest).getFullYear() + 1;
    const { last, turns } = this;
    if (last === undefined) return year - 1;
    const isOver = (one: number) => zone(last, one) <= latest + dayMs;
    const latestYear = [year, year - 1, year - 2].find(isOver) ?? year - 1;
    return latestYear - turns;
  }
}

function dayOfYear({ month = 1, day = 1 }: Stamp): number {
  return (month - 1) * 31 + day;
}
