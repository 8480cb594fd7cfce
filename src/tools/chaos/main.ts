/**
 * `npm run chaos -- [--seed N] [--calls N] [--minutes N] [--suite bullseye]`: plays calls that nobody thought of, and judges
 * them. With `--minutes` one seed after the other. A story that breaks a rule is shortened, in at most `--tries` further runs;
 * `--story FILE` plays the short one again. `--events FILE` keeps what was seen.
 *
 * `npm run chaos -- --files [--seed N] [--sequences N] [--suite bullseye]`: what people and runs do to the files, without calls.
 * FORMER_COMMAND names the dist/install.js of an older version, to upgrade from.
 */
import { readFile, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { abilitiesOf } from "../../terminal/abilities.ts";
import { playFiles } from "./files/main.ts";
import { storyOf } from "./generate.ts";
import { reportOf } from "./report.ts";
import { run } from "./run.ts";
import { shorten } from "./shorten.ts";
import type { Story } from "./story.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string" },
    calls: { type: "string", default: "60" },
    minutes: { type: "string" },
    suite: { type: "string" },
    story: { type: "string" },
    events: { type: "string" },
    tries: { type: "string", default: "12" },
    files: { type: "boolean", default: false },
    sequences: { type: "string", default: "20" },
  },
});
const abilities = abilitiesOf(process.stdout, process.env, true);
const { suite } = values;
const until = Date.now() + Number(values.minutes ?? 0) * 60_000;
let seed = Number(values.seed ?? Math.floor(Date.now() / 1000));
let failed = false;

if (values.files) {
  const former = process.env.FORMER_COMMAND;
  process.exit((await playFiles(seed, Number(values.sequences), { suite, former })) > 0 ? 1 : 0);
}

do {
  const began = Date.now();
  const tell = (over: number) => {
    if (over % 10 === 0)
      process.stderr.write(`${((Date.now() - began) / 1000).toFixed(0).padStart(5)} s  ${over} calls\n`);
  };
  const story: Story =
    values.story === undefined ? storyOf(seed, Number(values.calls)) : JSON.parse(await readFile(values.story, "utf8"));
  process.stderr.write(`seed ${seed}, ${story.calls.length} calls\n`);
  const outcome = await run(story, { suite }, tell);
  if (values.events !== undefined) {
    const { history, began } = outcome;
    await writeFile(values.events, JSON.stringify({ story, began, events: history.events }));
  }
  process.stdout.write(`${reportOf(seed, story, outcome, abilities)}\n`);
  const tries = Number(values.tries);
  if (outcome.findings.length > 0 && tries > 0) {
    process.stdout.write(`${await shorten({ seed, story, outcome }, { suite }, tries, abilities)}\n`);
  }
  failed ||= outcome.findings.length > 0;
  seed += 1;
} while (Date.now() < until);
// Phones that wait for nothing any more would keep the process.
process.exit(failed ? 1 : 0);
