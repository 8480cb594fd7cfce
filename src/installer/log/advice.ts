import type { Figures, Summary } from "./figures.ts";
import { duration, reasons } from "./words.ts";

/** The share from which a rule applies, and the fewest transfers that it needs. */
interface Threshold {
  readonly least: number;
  readonly share: number;
}

/** Whose figures a rule checks. */
type Of = "all" | "receivers" | "transferers";

interface Rule extends Threshold {
  readonly id: string;
  readonly of: Of;
  /** How many transfers show the fault, of how many that could. */
  part(figures: Figures): readonly [some: number, all: number];
  says(name: string, some: number, all: number, figures: Figures): string;
}

const step = (figures: Figures, name: string) => figures.bySteps[name] ?? 0;
const outcome = (figures: Figures, name: string) => figures.byOutcome[name] ?? 0;
const reason = (figures: Figures, name: string) => figures.byReason[name] ?? 0;

/** A possible problem, and what would help. */
export const rules: readonly Rule[] = [
  {
    id: "busy",
    of: "receivers",
    least: 10,
    share: 0.4,
    part: (figures) => [step(figures, "line"), figures.count],
    says: (name, some, all) =>
      `${name} was busy for ${some} of ${all}: a second phone would help, or \`busy = return\`, so that nobody waits.`,
  },
  {
    id: "no answer",
    of: "receivers",
    least: 10,
    share: 0.4,
    part: (figures) => [reason(figures, reasons.desk) + step(figures, "mobile"), step(figures, "desk")],
    says: (name, some, all, figures) =>
      `${name} did not answer at the desk for ${some} of ${all}: ${
        step(figures, "mobile") > 0 ? "a shorter `ring_timeout` would bring the mobile sooner." : "a mobile would help."
      }`,
  },
  {
    id: "not reachable",
    of: "receivers",
    least: 10,
    share: 0.3,
    part: (figures) => [reason(figures, reasons.none), figures.count],
    says: (name, some, all) =>
      `${name} was not reachable for ${some} of ${all}: \`asterisk -rx 'core show hints'\` tells whether the phone is registered.`,
  },
  {
    id: "mobile",
    of: "receivers",
    least: 10,
    share: 0.5,
    part: (figures) => [step(figures, "mobile") - outcome(figures, "answered-mobile"), step(figures, "mobile")],
    says: (name, some, all) => `The mobile of ${name} did not take ${some} of ${all}: does its owner know to press 1?`,
  },
  {
    id: "waits",
    of: "receivers",
    least: 10,
    share: 0.1,
    part: (figures) => [figures.waits !== undefined && figures.waits.most > 120 ? figures.count : 0, figures.count],
    says: (name, _some, all, { waits }) =>
      `One of twenty callers for ${name} (of ${all}) was on the way for ${duration(waits?.most ?? 0)} or longer: a lower \`wait_timeout\` brings them back sooner.`,
  },
  {
    id: "recalls",
    of: "transferers",
    least: 10,
    share: 0.3,
    part: ({ byReason, byOutcome }) => {
      const back = Object.values(byReason).reduce((sum, one) => sum + one, 0);
      return [back - (byOutcome.returned ?? 0), back];
    },
    says: (name, some, all) =>
      `${name} did not take back ${some} of ${all} callers who came back: a \`fallback\` or more \`recall_attempts\` would help.`,
  },
  {
    id: "hung up",
    of: "all",
    least: 20,
    share: 0.1,
    part: (figures) => [outcome(figures, "abandoned") - figures.goodbyes, figures.count],
    says: (_name, some, all, { waits }) =>
      `${some} of ${all} callers hung up before anybody answered; half of all were on the way for ${duration(waits?.median ?? 0)} or longer.`,
  },
  {
    id: "goodbye",
    of: "all",
    least: 1,
    share: 0,
    part: (figures) => [figures.goodbyes, figures.count],
    says: (_name, some, all) =>
      `${some} of ${all} callers heard a goodbye, because nobody took them: \`fallback\` in smart_transfer.conf names who does.`,
  },
];

/** One sentence for each rule that applies. */
export function adviceFrom(summary: Summary): string[] {
  return rules.flatMap(({ of, least, share, part, says }) => {
    const subjects = of === "all" ? new Map([["", summary.all]]) : summary[of];
    return [...subjects].flatMap(([name, figures]) => {
      const [some, all] = part(figures);
      return name === "" && of !== "all"
        ? []
        : some > 0 && all >= least && some >= all * share
          ? [says(name, some, all, figures)]
          : [];
    });
  });
}
