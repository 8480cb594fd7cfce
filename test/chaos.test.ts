/** A share of `npm run chaos`: calls that nobody thought of, of a fixed seed and of the date's. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { storyOf } from "../src/tools/chaos/generate.ts";
import { reportOf } from "../src/tools/chaos/report.ts";
import { run } from "../src/tools/chaos/run.ts";

const abilities = { unicode: true, moves: false, colours: false };
const suite = process.env.ASTERISK_SUITE;
const calls = 30;
const aDay = 86_400_000;

async function holds(seed: number): Promise<void> {
  const story = storyOf(seed, calls);
  const outcome = await run(story, { suite });
  const report = reportOf(seed, story, outcome, abilities);
  console.log(report.split("\n")[0]);
  assert.equal(outcome.findings, [], report);
  const passed = outcome.history.legs.flatMap(({ passings }) => passings);
  assert.ok(passed.length > calls / 5, "what was judged are transfers");
}

test("random calls, the same ones each time", () => holds(1));
test("random calls, others each day", () => holds(Math.floor(Date.now() / aDay)));

test.run();
