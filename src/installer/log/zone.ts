import type { Stamp } from "./date-format.ts";

/** When a stamp was, in ms since 1970, if its year is this one. */
export type Zone = (stamp: Stamp, year: number) => number;

/** As this machine's clock goes. */
export const localZone: Zone = zoned(
  ({ month = 1, day = 1, hour, minute, second, ms }, year) =>
    // A Date takes 0 to 99 for 1900 to 1999; no log is that old.
    +new Date(year, month - 1, day, hour, minute, second, ms),
);

export const utc: Zone = zoned(asUtc);

/** As the clock of another machine goes, by a name such as Europe/Berlin. */
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
  // It takes microseconds, and within a quarter of an hour the answer is the same.
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

/** A stamp that tells its own zone, or the seconds since 1970, needs no other. */
function zoned(reckon: Zone): Zone {
  return (stamp, year) => {
    if (stamp.epoch !== undefined) return stamp.epoch * 1000 + stamp.ms;
    return stamp.offset === undefined ? reckon(stamp, year) : asUtc(stamp, year) - stamp.offset * 60_000;
  };
}
