import type { Paint } from "../../terminal/paint.ts";
import type { Proof } from "../check/proof.ts";
import { type Moment, type SceneResult, titleOf } from "../rehearsal/judge.ts";
import type { Status } from "../verdict.ts";

const colors = { pass: "green", warn: "yellow", fail: "red", skipped: "gray" } as const satisfies Record<
  Status,
  string
>;
const order: readonly Status[] = ["skipped", "pass", "warn", "fail"];
const columns = 110;

/** A row of the table, with details below it and a remedy. */
interface Row {
  readonly status: Status;
  readonly id: string;
  readonly seen: string;
  readonly below: readonly string[];
  readonly remedy: string | undefined;
}

/**
 * Renders the facts and scenes. Failures and their remedies come last, where the admin looks. What passed is one line
 * each.
 *
 * @param isVerbose shows the steps of every scene, not only of those that did not pass
 */
export function renderProof({ checks, rehearsal }: Proof, paint: Paint, isVerbose: boolean): string {
  const played = once(rehearsal);
  const width = Math.max(...[...checks, ...played].map(({ id }) => id.length));
  const facts = checks.map(({ id, status, seen, remedy }) => ({ id, status, seen, below: [], remedy }));
  const scenes = played.map(({ id, status, ms, steps, seen, remedy }) => ({
    id,
    status,
    seen: [seen, ...(steps.length > 0 ? [`${(ms / 1000).toFixed(1)} s`] : [])].filter(Boolean).join("; "),
    below: status === "pass" && !isVerbose ? [] : timeline(steps, columns - width - 10),
    remedy,
  }));
  const lines = (rows: readonly Row[]) =>
    [...rows]
      .sort((one, other) => order.indexOf(one.status) - order.indexOf(other.status))
      .flatMap((row) => rendered(row, width, paint));
  const fine = (row: Row) => row.status !== "fail";
  return [
    ...lines(facts.filter(fine)),
    ...(scenes.length > 0 ? ["", paint("bold", "Rehearsal: real transfers inside this Asterisk")] : []),
    ...lines(scenes.filter(fine)),
    ...lines([...facts, ...scenes].filter((row) => !fine(row))),
  ].join("\n");
}

/** Combines scenes that were skipped for the same reason into one row. */
function once(rehearsal: Proof["rehearsal"]): (Omit<SceneResult, "id"> & { readonly id: string })[] {
  const [first] = rehearsal;
  const isOne = rehearsal.every(({ status, seen }) => status === "skipped" && seen === first?.seen);
  if (first && isOne) return [{ ...first, id: "all" }];
  return rehearsal.map((one) => ({ ...one, id: titleOf(one.id, one.node) }));
}

function rendered({ status, id, seen, below, remedy }: Row, width: number, paint: Paint): string[] {
  const indent = " ".repeat(width + 10);
  return [
    `${paint(colors[status], status.padEnd(7))}  ${id.padEnd(width)}  ${seen}`,
    ...below.map((line) => `${indent} ${paint("gray", line)}`),
    ...(remedy === undefined ? [] : [`${indent} ${paint("bold", remedy)}`]),
  ];
}

/** Renders `+0 ms transferer presses # · +205 transferer hears "dial"`, wrapped to the terminal. */
function timeline(steps: readonly Moment[], room: number): string[] {
  const lines: string[] = [];
  for (const [index, { at, what }] of steps.entries()) {
    const step = `+${at}${index === 0 ? " ms" : ""} ${what}`;
    const last = lines.at(-1);
    if (last !== undefined && last.length + step.length + 3 <= room) lines[lines.length - 1] = `${last} · ${step}`;
    else lines.push(step);
  }
  return lines;
}
