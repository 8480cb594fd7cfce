import { outcomeNames } from "../../contract/read-record.ts";
import { exitCode, Problem } from "../../terminal/problem.ts";
import type { Transfer } from "./transfers.ts";

/** The transfers to show. */
export interface Selection {
  /** Only transfers that ended at this time or later, in ms since 1970. */
  readonly since: number | undefined;
  readonly extension: string | undefined;
  readonly outcome: string | undefined;
}

const units: Readonly<Record<string, number>> = { m: 60, h: 3600, d: 86_400, w: 7 * 86_400 };

/** Reads the options. Throws a Problem (exit code 2) for values that make no sense. */
export function selectionOf(
  options: { readonly [Name in keyof Selection]: string | undefined },
  now = Date.now(),
): Selection {
  const { since, extension, outcome } = options;
  if (extension !== undefined && !/^[A-Za-z0-9+*#._-]+$/.test(extension))
    throw usage(`--extension ${extension}: that is not an extension.`, "Give one, such as --extension 102.");
  if (outcome !== undefined && !outcomeNames.includes(outcome))
    throw usage(`--outcome ${outcome}: there is no such outcome.`, `The outcomes are ${outcomeNames.join(", ")}.`);
  return { since: since === undefined ? undefined : sinceOf(since, now), extension, outcome };
}

/** "7d" means seven days ago; a date means the local start of that day. */
function sinceOf(text: string, now: number): number {
  const [, count, unit = ""] = /^(\d{1,6})([mhdw])$/.exec(text) ?? [];
  if (count !== undefined) return now - Number(count) * (units[unit] as number) * 1000;
  const [, day, hour = "00:00", second = "00"] =
    /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2})(?::(\d{2}))?)?$/.exec(text) ?? [];
  const time = day === undefined ? Number.NaN : new Date(`${day}T${hour}:${second}`).getTime();
  // JavaScript reads 31 June as 1 July.
  const isReal = !Number.isNaN(time) && new Date(time).getDate() === Number(day?.slice(-2));
  if (!isReal)
    throw usage(
      `--since ${text}: that is not a time.`,
      "Give how long ago (30m, 12h, 7d, 2w) or a day (2026-11-01, '2026-11-01 08:00').",
    );
  return time;
}

function usage(message: string, remedy: string): Problem {
  return new Problem(message, remedy, exitCode.usage);
}

/** An extension's transfers are those that it made and those that it received. */
export function isSelected(
  { time, from, to, outcome: was }: Transfer,
  { since, extension, outcome }: Selection,
): boolean {
  return (
    (since === undefined || time >= since) &&
    (extension === undefined || from === extension || to === extension) &&
    (outcome === undefined || was === outcome)
  );
}
