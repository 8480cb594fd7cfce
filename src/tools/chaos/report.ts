import type { Abilities } from "../../terminal/abilities.ts";
import { pictureOf } from "./picture.ts";
import type { Outcome } from "./run.ts";
import type { Story } from "./story.ts";

/** More pictures than this say nothing more. */
const most = 6;

/** How a story went, with a picture of each call in which a rule was broken. */
export function reportOf(seed: number, { calls }: Story, outcome: Outcome, abilities: Abilities): string {
  const { history, began, findings, doubtful, took, asterisk, memory } = outcome;
  const passed = history.legs.flatMap(({ passings }) => passings).length;
  const version = /Asterisk \S+/.exec(asterisk)?.[0] ?? asterisk;
  const doubts = doubtful.length === 0 ? "" : `, and ${doubtful.length} while the machine was late`;
  const head = `${version}, seed ${seed}: ${calls.length} calls, ${passed} of them passed on, in ${(took / 1000).toFixed(0)} s, ${memory.map((kB) => Math.round(kB / 1000)).join(" to ")} MB: ${findings.length} findings${doubts}`;
  const lines = findings.map(({ rule, call, at, says }) => {
    return `${((at - began) / 1000).toFixed(2).padStart(8)}  call ${call}: ${rule}: ${says}`;
  });
  const wronged = [...new Set(findings.map(({ call }) => call))].filter((call) => call > 0).slice(0, most);
  return [head, ...lines, ...wronged.map((call) => pictureOf(history, call, findings, began, abilities))].join("\n");
}
