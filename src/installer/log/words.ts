import type { TransferRecord } from "../../contract/read-record.ts";
import type { Step } from "../../contract/record.ts";

/** Seconds as people say them: "0.4 s", "34 s", "2 min 5 s". */
export function duration(seconds: number): string {
  if (seconds < 10) return `${Number(seconds.toFixed(1))} s`;
  const whole = Math.round(seconds);
  if (whole < 120) return `${whole} s`;
  return whole % 60 === 0 ? `${whole / 60} min` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** Why a caller came back to the transferer, by the last step before the recall. */
export const reasons = {
  desk: "no answer",
  line: "busy",
  mobile: "mobile did not answer",
  none: "not reachable",
} as const;
export type Reason = (typeof reasons)[keyof typeof reasons];

const recalls: readonly string[] = ["recall", "recall-line"] satisfies Step[];

/** `undefined` if there was no recall. */
export function reasonOf({ steps }: TransferRecord): Reason | undefined {
  const at = steps.findIndex(([name]) => recalls.includes(name));
  if (at < 0) return undefined;
  // Callers who waited in the line found the receiver busy, even if the phone rang in the end.
  if (steps.slice(0, at).some(([name]) => name === "line")) return reasons.line;
  const before = steps[at - 1]?.[0] ?? "none";
  return Object.hasOwn(reasons, before) ? reasons[before as keyof typeof reasons] : reasons.none;
}

/** How long the caller was on the way, until somebody answered or the call ended. */
export function wayOf({ steps }: TransferRecord): number {
  return tenths(steps.reduce((sum, [, seconds]) => sum + seconds, 0));
}

/** How long the transferer's phones rang during recalls; `undefined` if none rang. */
export function recallOf({ steps }: TransferRecord): number | undefined {
  const rung = steps.filter(([name]) => name === "recall");
  return rung.length === 0 ? undefined : tenths(rung.reduce((sum, [, seconds]) => sum + seconds, 0));
}

function tenths(seconds: number): number {
  return Math.round(seconds * 10) / 10;
}

type Words = (seconds: string, record: TransferRecord) => string;

/** What happened at a step that led to the next one. */
const passed: Readonly<Record<Step, Words>> = {
  desk: (seconds) => `rang ${seconds}`,
  line: (seconds) => `waited ${seconds}`,
  mobile: (seconds) => `mobile ${seconds}`,
  voicemail: (seconds) => `voicemail ${seconds}`,
  takeback: () => "taken back",
  recall: (seconds, { from }) => `${from || "the transferer"} rang ${seconds}`,
  "recall-line": (seconds, { from }) => `waited ${seconds} for ${from || "the transferer"}`,
  fallback: (seconds) => `fallback ${seconds}`,
  goodbye: () => "nobody took the call",
};

/** What happened at the last step, by outcome. */
const ended: Readonly<Record<string, Words>> = {
  answered: (seconds, { to }) => `answered by ${to} after ${seconds}`,
  waited: (seconds, { to }) => `waited ${seconds}, answered by ${to}`,
  "answered-mobile": (seconds, { to }) => `answered by the mobile of ${to} after ${seconds}`,
  returned: (seconds, { from }) => `back to ${from || "the transferer"}, who answered after ${seconds}`,
  fallback: () => "sent to the fallback",
  voicemail: () => "sent to voicemail",
  "taken-back": (_, { from }) => `taken back by ${from}`,
};

const hungUp: Readonly<Record<Step, Words>> = {
  desk: (seconds, { to }) => `hung up after ${seconds}, while ${to} rang`,
  line: (seconds, { to }) => `hung up after ${seconds} of waiting for ${to}`,
  mobile: (seconds, { to }) => `hung up after ${seconds}, while the mobile of ${to} rang`,
  voicemail: () => "hung up on the way to voicemail",
  takeback: (_, { from }) => `hung up while ${from} took them back`,
  recall: (seconds, { from }) => `hung up after ${seconds}, while ${from || "the transferer"} rang again`,
  "recall-line": (seconds, { from }) => `hung up after ${seconds} of waiting for ${from || "the transferer"}`,
  fallback: () => "hung up on the way to the fallback",
  goodbye: () => "nobody took the call: heard the goodbye",
};

const whys: Readonly<Record<Reason, (to: string) => string>> = {
  "no answer": (to) => `${to} did not answer`,
  busy: (to) => `${to} was busy`,
  "mobile did not answer": (to) => `the mobile of ${to} did not answer`,
  "not reachable": (to) => `${to} was not reachable`,
};

/** A transfer in words: "102 was busy: waited 34 s; back to 101, who answered after 3 s". */
export function storyOf(record: TransferRecord): string {
  const { steps, outcome, to } = record;
  const [last, ...before] = [...steps].reverse();
  const reason = reasonOf(record);
  const why = reason && whys[reason](to);
  const way = before.reverse().map((one) => say(passed, one, record));
  const end = last === undefined ? outcome : endOf(last, record);
  const told = [...way, end].join("; ");
  return why === undefined ? told : `${why}: ${told}`;
}

function endOf(last: readonly [name: string, seconds: number], record: TransferRecord): string {
  if (record.outcome === "abandoned") return say(hungUp, last, record);
  const words = Object.hasOwn(ended, record.outcome) ? ended[record.outcome] : undefined;
  return words?.(duration(last[1]), record) ?? `${record.outcome} after ${duration(last[1])}`;
}

function say(
  table: Readonly<Record<string, Words>>,
  [name, seconds]: readonly [string, number],
  record: TransferRecord,
) {
  const words = Object.hasOwn(table, name) ? table[name] : undefined;
  return words?.(duration(seconds), record) ?? `${name} ${duration(seconds)}`;
}
