import { acrossScene, type Scene, type SceneId, scenes } from "../../contract/scenes.ts";
import type { Settings } from "../settings/model.ts";
import { prompts } from "../settings/prompts.ts";
import type { Status } from "../verdict.ts";
import { type Expected, expectations, type Unplayable } from "./expected.ts";

/** An event of a scene, in ms since it began. */
export interface Moment {
  readonly at: number;
  readonly what: string;
}

export interface SceneResult {
  readonly id: SceneId;
  /** The other node that took part. */
  readonly node?: string;
  readonly status: Status;
  readonly ms: number;
  readonly steps: readonly Moment[];
  /** Why the scene did not pass. */
  readonly seen?: string;
  readonly remedy?: string;
}

const lookAtLog =
  "See Asterisk's log of this moment. To log each step, run `asterisk -rx 'core set verbose 5'` before the next `asterisk-smart-transfer check`.";

/** Known remedies for missing moments. */
const remedies: readonly { readonly missing: RegExp; readonly remedy: string }[] = [
  {
    missing: /^hears dial$/,
    remedy:
      "Run `asterisk -rx 'module reload features'` and `asterisk -rx 'module reload pbx_lua.so'`, then check again.",
  },
];

/** A scene as the admin reads it. */
export function titleOf(id: SceneId, node: string | undefined): string {
  return node === undefined ? id : `${id} to ${node}`;
}

/** Compares what was reported of a scene with what had to happen. */
export function judge(id: SceneId, told: string, settings: Settings): SceneResult {
  const expected = expectationOf(id, settings);
  if ("because" in expected) return skipped(id, expected.because);
  const moments = momentsIn(told);
  const steps = moments
    .filter(({ what }) => !isOfTheStage(what))
    .map(({ at, what }) => ({ at, what: momentInWords(what) }));
  const ms = moments.at(-1)?.at ?? 0;
  const fault =
    missing(moments, expected.moments) ??
    (expected.besides ?? []).map((what) => missing(moments, [what])).find((one) => one !== undefined) ??
    wrongOutcome(moments, expected.outcome);
  if (fault === undefined) return { id, status: "pass", ms, steps };
  const remedy = remedies.find((one) => one.missing.test(fault.what))?.remedy ?? lookAtLog;
  return { id, status: "fail", ms, steps, seen: fault.seen, remedy };
}

/** What must happen in a scene, or why it cannot be played. */
export function expectationOf(id: SceneId, settings: Settings): Expected | Unplayable {
  const scene: Scene = scenes.find((one) => one.id === id) ?? acrossScene;
  return expectations[id](settings, scene);
}

/** A delay in ms from which on we say that Asterisk had no processor time. */
const slow = 500;

/**
 * Combines both results of a scene that failed and was played again, given how late Asterisk was each time. Blames the
 * machine if the scene passed then, or if Asterisk had no processor time both times.
 */
export function judgeTwice(
  first: SceneResult,
  firstLate: number,
  second: SceneResult,
  secondLate: number,
): SceneResult {
  if (second.status === "pass") {
    const why = firstLate >= slow ? slowness(firstLate) : "the machine may have been slow";
    return { ...second, seen: `at the second try; at the first ${why}: ${first.seen}` };
  }
  if (firstLate < slow || secondLate < slow) return second;
  return {
    ...second,
    status: "warn",
    seen: `unknown, because twice ${slowness(secondLate)}: ${second.seen}`,
    remedy: "Run `asterisk-smart-transfer check` when the machine is less busy.",
  };
}

function slowness(late: number): string {
  return `the machine was slow (Asterisk came ${(late / 1000).toFixed(1)} s late)`;
}

export function skipped(id: SceneId, seen: string, remedy?: string): SceneResult {
  return { id, status: "skipped", ms: 0, steps: [], seen, ...(remedy === undefined ? {} : { remedy }) };
}

/** Parses `1795401034121 presses #|1795401034323 hears dial|`. */
export function momentsIn(told: string): Moment[] {
  const found = [...told.matchAll(/(\d+) ([^|]*)\|/g)].map(([, at, what = ""]) => ({ at: Number(at), what }));
  const begin = found[0]?.at ?? 0;
  return found.map(({ at, what }) => ({ at: at - begin, what })).sort((one, other) => one.at - other.at);
}

interface Fault {
  readonly what: string;
  readonly seen: string;
}

function missing(moments: readonly Moment[], expected: readonly string[]): Fault | undefined {
  let at = 0;
  for (const [index, what] of expected.entries()) {
    const found = moments.findIndex((moment, from) => from >= at && isIt(moment.what, what));
    if (found < 0) {
      const before = expected[index - 1];
      return {
        what,
        seen: `${before === undefined ? "" : `after "${momentInWords(before)}" `}not: "${momentInWords(what)}"`,
      };
    }
    at = found + 1;
  }
  return undefined;
}

function isIt(told: string, expected: string): boolean {
  return told === expected || (expected === "transferer presses" && told.startsWith(`${expected} `));
}

function wrongOutcome(moments: readonly Moment[], outcome: string | undefined): Fault | undefined {
  const record = moments.find(({ what }) => what.startsWith("recorded: "))?.what;
  const recorded = /outcome=(\S+)/.exec(record ?? "")?.[1];
  if (recorded === outcome) return undefined;
  return { what: "recorded", seen: `recorded as ${recorded ?? "nothing"}, not ${outcome ?? "nothing"}` };
}

/** Signals between the actors, which nobody else needs to see. */
function isOfTheStage(what: string): boolean {
  return what === "over";
}

/** `hears dial` is reported by the channel that plays the prompt. The table of prompts knows who hears it. */
function momentInWords(what: string): string {
  const heard = prompts.find(({ name }) => what === `hears ${name}`);
  if (heard) return `${heard.heardBy} hears "${heard.name}"`;
  const recorded = /^recorded: .*?(outcome=.*)$/.exec(what);
  return recorded ? `recorded: ${recorded[1]}` : what;
}
