import { outcomes } from "../../contract/record.ts";
import type { Paint } from "../../terminal/paint.ts";
import { harmless, harmlessJson } from "./harmless.ts";
import type { Transfer } from "./transfers.ts";
import { reasonOf, storyOf, wayOf } from "./words.ts";

/** A format for a list of transfers. */
export interface Listing {
  /** The header line, if any. */
  readonly head: string | undefined;
  line(transfer: Transfer): string;
}

const columns = { time: 19, caller: 15, from: 5, to: 5 } as const;

/** For people: one line per transfer, in columns. */
export function plainListing(paint: Paint): Listing {
  const row = (time: string, caller: string, from: string, to: string, node: string, story: string) =>
    [
      time.padEnd(columns.time),
      caller.padEnd(columns.caller),
      from.padEnd(columns.from),
      to.padEnd(columns.to),
      ...(node === "" ? [] : [node]),
      story,
    ].join("  ");
  return {
    head: paint("bold", row("time", "caller", "from", "to", "", "what happened")),
    line: (one) => {
      const [caller, from, to, node, story] = [one.caller, one.from, one.to, nodeOf(one), storyOf(one)].map(harmless);
      return row(localTime(one.time), caller || "unknown", from || "-", to ?? "", node ?? "", story ?? "");
    },
  };
}

/** One JSON object per line. */
export const jsonListing: Listing = {
  head: undefined,
  line: (transfer) => {
    const { time, caller, from, to, outcome, steps, more } = transfer;
    return harmlessJson({
      ...more,
      time: new Date(time).toISOString(),
      caller,
      from,
      to,
      outcome,
      reason: reasonOf(transfer) ?? null,
      seconds: wayOf(transfer),
      steps: steps.map(([step, seconds]) => ({ step, seconds })),
      what: storyOf(transfer),
    });
  },
};

const steps = Object.keys(outcomes);

/** For spreadsheets: each step's seconds have a column, and times are local. */
export const csvListing: Listing = {
  head: ["time", "caller", "from", "to", "outcome", "reason", "seconds", ...steps, "node", "what"].join(","),
  line: (one) =>
    [
      localTime(one.time),
      one.caller,
      one.from,
      one.to,
      one.outcome,
      reasonOf(one) ?? "",
      String(wayOf(one)),
      ...steps.map((name) => secondsOf(one, name)),
      nodeOf(one),
      storyOf(one),
    ]
      .map(csvCell)
      .join(","),
};

function nodeOf({ more }: Transfer): string {
  return more.node ?? "";
}

function secondsOf({ steps: all }: Transfer, name: string): string {
  const some = all.filter(([step]) => step === name);
  return some.length === 0 ? "" : String(Math.round(some.reduce((sum, [, seconds]) => sum + seconds, 0) * 10) / 10);
}

/** Spreadsheets read text with these first characters as a formula, and callers choose their own text. Telephone numbers are safe. */
function csvCell(text: string): string {
  const safe = /^[=+\-@]/.test(text) && !/^\+?\d+$/.test(text) ? `'${text}` : text;
  return /[",\s]/.test(safe) ? `"${harmless(safe).replaceAll('"', '""')}"` : harmless(safe);
}

/** "2026-11-27 10:11:12", in this machine's time zone. */
export function localTime(time: number): string {
  const date = new Date(time);
  const [hour, minute, second] = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two);
  return `${localDay(time)} ${hour}:${minute}:${second}`;
}

export function localDay(time: number): string {
  const date = new Date(time);
  return `${String(date.getFullYear()).padStart(4, "0")}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
