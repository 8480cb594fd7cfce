import type { Figures, Spread, Summary } from "./figures.ts";
import { reasons } from "./words.ts";

/** The possible outcomes, in display order. `colour` is for the terminal, `fill` for the page. */
export const fates = [
  { id: "at once", title: "answered at the desk", colour: "green", fill: "#2e7d32", count: outcome("answered") },
  {
    id: "waited",
    title: "answered after waiting in line",
    colour: "yellow",
    fill: "#e0a800",
    count: outcome("waited"),
  },
  { id: "mobile", title: "answered by the mobile", colour: "cyan", fill: "#00838f", count: outcome("answered-mobile") },
  { id: "back", title: "came back to the transferer", colour: "blue", fill: "#1565c0", count: outcome("returned") },
  { id: "taken back", title: "taken back at once", colour: "white", fill: "#90a4ae", count: outcome("taken-back") },
  { id: "fallback", title: "went to the fallback", colour: "magenta", fill: "#8e24aa", count: outcome("fallback") },
  { id: "voicemail", title: "went to voicemail", colour: "gray", fill: "#757575", count: outcome("voicemail") },
  {
    id: "hung up",
    title: "hung up, or nobody took the call",
    colour: "red",
    fill: "#c62828",
    count: outcome("abandoned"),
  },
] as const;

function outcome(name: string): (figures: Figures) => number {
  return ({ byOutcome }) => byOutcome[name] ?? 0;
}

/** A table of the summary: the title of its rows, and the figures of each. */
export interface Table {
  readonly title: string;
  /** Whether it tells why callers came back, which concerns receivers. */
  readonly hasReasons: boolean;
  readonly rows: readonly (readonly [name: string, figures: Figures])[];
}

export function tablesOf({ days, receivers, transferers, all }: Summary): Table[] {
  const total = ["all", all] as const;
  const withTotal = (rows: ReadonlyMap<string, Figures>) => (rows.size > 1 ? [...rows, total] : [...rows]);
  return [
    { title: "By day", hasReasons: false, rows: withTotal(days) },
    { title: "By extension that was called", hasReasons: true, rows: [...receivers] },
    {
      title: "By extension that transferred",
      hasReasons: false,
      rows: [...transferers].map(([name, one]) => [name || "unknown", one]),
    },
  ];
}

/** The outcomes that occurred. An empty column would say nothing. */
export function fatesIn(all: Figures) {
  return fates.filter(({ count }) => count(all) > 0);
}

/** "busy 12, no answer 3": why callers came back. */
export function reasonsIn({ byReason }: Figures): string {
  const found = Object.values(reasons).filter((name) => (byReason[name] ?? 0) > 0);
  return found.map((name) => `${name} ${byReason[name]}`).join(", ");
}

/** Seconds, without a fraction if they are many. */
export function seconds(value: number): string {
  return value < 10 ? value.toFixed(1) : String(Math.round(value));
}

export function spreadCells(spread: Spread | undefined): string[] {
  return spread === undefined ? ["", "", ""] : [spread.median, spread.most, spread.longest].map(seconds);
}

/** What the columns of seconds mean. */
export const legend =
  "Seconds until somebody answered, or until the call was over: the median, the time within which 95 of 100 calls ended, and the longest. Recall: for how long the transferer's phone rang when a caller came back, the median.";
