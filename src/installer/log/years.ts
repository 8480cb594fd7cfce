import type { Stamp } from "./date-format.ts";
import type { Zone } from "./zone.ts";

/** Two lines may stand in the log in the wrong order, and clocks are set back: that is no new year. */
const slackDays = 2;
const dayMs = 86_400_000;

/** Counts the new years in a row of dates that name none: each time the calendar begins again. */
export class YearCount {
  private last: Stamp | undefined;
  private turns = 0;

  /** How many new years came before this one. */
  add(stamp: Stamp): number {
    if (this.last !== undefined && dayOfYear(stamp) < dayOfYear(this.last) - slackDays) this.turns++;
    this.last = stamp;
    return this.turns;
  }

  /** The year of the first date, when the last one is not later than a time in ms since 1970. */
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
