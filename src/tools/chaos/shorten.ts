import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Abilities } from "../../terminal/abilities.ts";
import { reportOf } from "./report.ts";
import { type Outcome, run } from "./run.ts";
import { shrunk } from "./shrink.ts";
import type { SiteOptions } from "./site.ts";
import type { Story } from "./story.ts";

/** What a failed run is shortened for: the first rule that was broken. */
export interface Failure {
  readonly seed: number;
  readonly story: Story;
  readonly outcome: Outcome;
}

/** Finds the shortest part of a story that breaks the same rule, writes it to a file, and tells it. */
export async function shorten(
  { seed, story, outcome }: Failure,
  options: SiteOptions,
  tries: number,
  abilities: Abilities,
): Promise<string> {
  const [first] = outcome.findings;
  if (first === undefined) return "";
  let last: Outcome | undefined;
  const fails = async (shorter: Story) => {
    const played = await run(shorter, options);
    const isSame = played.findings.some(({ rule }) => rule === first.rule);
    if (isSame) last = played;
    return isSame;
  };
  const short = await shrunk(story, first.call, fails, tries);
  if (last === undefined) return `No shorter story breaks "${first.rule}" again in ${tries} tries.`;
  const file = join(tmpdir(), `chaos-${seed}-${first.call}.json`);
  await writeFile(file, JSON.stringify(short, undefined, 2));
  return [
    `The shortest story that still breaks "${first.rule}" (npm run chaos -- --story ${file}):`,
    reportOf(seed, short, last, abilities),
  ].join("\n");
}
