import { test } from "uvu";
import * as assert from "uvu/assert";
import { storyOf } from "../src/tools/chaos/generate.ts";
import { shrunk } from "../src/tools/chaos/shrink.ts";
import type { Story } from "../src/tools/chaos/story.ts";

const whole = storyOf(5, 40);
const numbers = ({ calls }: Story) => calls.map(({ number }) => number);

test("one call that fails alone is what is left, without what does not matter", async () => {
  const fails = async (story: Story) => story.calls.some(({ number, talks }) => number === 17 && talks.length > 0);
  const { calls, happenings } = await shrunk(whole, 17, fails, 40);
  assert.equal(
    calls.map(({ number }) => number),
    [17],
  );
  assert.equal(happenings, []);
  const [call] = calls;
  assert.equal([call?.at, call?.waits, call?.reactions], [0, [], []]);
  assert.ok((call?.talks.length ?? 0) > 0);
});

test("two calls that fail together only are both left", async () => {
  const fails = async (story: Story) => [16, 17].every((number) => numbers(story).includes(number));
  assert.equal(numbers(await shrunk(whole, 17, fails, 60)), [16, 17]);
});

test("what happens beside a call stays with it if it must", async () => {
  const story: Story = { ...whole, happenings: [{ at: 20_000, does: "reloads", module: "features" }] };
  const fails = async ({ calls, happenings }: Story) =>
    calls.some(({ number }) => number === 17) && happenings.length > 0;
  const { calls, happenings } = await shrunk(story, 17, fails, 60);
  assert.equal([calls.length, happenings.length], [1, 1]);
});

test("no more tries than are allowed, and what was found until then", async () => {
  let tries = 0;
  const fails = async () => ++tries > 0;
  const { calls } = await shrunk(whole, 0, fails, 3);
  assert.is(tries, 3);
  assert.ok(calls.length < 40);
});

test.run();
