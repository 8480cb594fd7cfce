import type { Stamp } from "./date-format.ts";

/** Converts a time stamp of a given year to ms since 1970. */
export type Zone = (stamp: Stamp, year: number) => number;

/** The time zone of this machine. */
export const localZone: Zone = zoned(
  ({ month = 1, day = 1, hour, minute, second, ms }, year) =>
    // Date reads years 0 to 99 as 1900 to 1999. No log is that old.
    +new Date(year, month - 1, day, hour, minute, second, ms),
);

export const utc: Zone = zoned(asUtc);

/** The time zone with a name such as Europe/Berlin. */
export function namedZone(name: string): Zone {
  const clock = new Intl.DateTimeFormat("en-US", {
    timeZone: name,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  const offsetAt = (time: number) => {
    const shown = Object.fromEntries(clock.formatToParts(time).map(({ type, value }) => [type, Number(value)]));
    const { year = 0, month, day, hour = 0, minute = 0, second = 0 } = shown as Partial<Stamp>;
    return (
      asUtc({ month: month ?? 1, day: day ?? 1, hour, minute, second, ms: 0 }, year) - Math.floor(time / 1000) * 1000
    );
  };
  // Each conversion takes microseconds, and the result is constant within a quarter of an hour.
  const offsets = new Map<number, number>();
  const quarter = 900_000;
  return zoned((stamp, year) => {
    const supposed = asUtc(stamp, year);
    const slot = Math.floor(supposed / quarter);
    const offset = offsets.get(slot) ?? offsetAt(supposed - offsetAt(supposed));
    offsets.set(slot, offset);
    return supposed - offset;
  });
}

function asUtc({ month = 1, day = 1, hour, minute, second, ms }: Stamp, year: number): number {
  return Date.UTC(year, month - 1, day, hour, minute, second, ms);
}

/** The time of a stamp that has its own zone or counts seconds since 1970. */
function zoned(reckon: Zone): Zone {
  return (stamp, year) => {
    if (stamp.epoch !== undefined) return stamp.epoch * 1000 + stamp.ms;
    return stamp.offset === undefined ? reckon(stamp, year) : asUtc(stamp, year) - stamp.offset * 60_000;
  };
}
