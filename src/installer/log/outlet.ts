import type { Terminal } from "../../terminal/terminal.ts";
import { adviceFrom } from "./advice.ts";
import { type Summary, Summing } from "./figures.ts";
import { harmlessJson } from "./harmless.ts";
import type { Listing } from "./list.ts";
import type { Transfer } from "./transfers.ts";

/** The destination of the transfers that are read. */
export interface Outlet {
  /** Returns whether it wrote anything at once. */
  take(transfers: readonly Transfer[]): boolean;
  /** Called when the whole log has been read. */
  end(): void | Promise<void>;
}

/** Writes one line per transfer at once. */
export function listOutlet({ head, line }: Listing, result: Terminal["result"], onNothing: () => void): Outlet {
  let isBegun = false;
  const begin = () => {
    if (!isBegun && head !== undefined) result(head);
    isBegun = true;
  };
  return {
    take(transfers) {
      if (transfers.length === 0) return false;
      begin();
      result(transfers.map(line).join("\n"));
      return true;
    },
    end() {
      if (!isBegun) onNothing();
      begin();
    },
  };
}

/** Sums them up, and writes the summary at the end. */
export function sumOutlet(show: (summary: Summary) => void | Promise<void>): Outlet {
  const summing = new Summing();
  return {
    take(transfers) {
      for (const one of transfers) summing.add(one);
      return false;
    },
    end: () => show(summing.summary()),
  };
}

/** The summary for programs. */
export function summaryJson(summary: Summary): string {
  const { first, last, days, receivers, transferers } = summary;
  const iso = (time: number | undefined) => (time === undefined ? null : new Date(time).toISOString());
  return harmlessJson({
    first: iso(first),
    last: iso(last),
    all: summary.all,
    days: Object.fromEntries(days),
    receivers: Object.fromEntries(receivers),
    transferers: Object.fromEntries(transferers),
    findings: adviceFrom(summary),
  });
}
