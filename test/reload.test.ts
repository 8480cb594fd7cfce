// A reload that takes longer than Asterisk's command line waits, ours or somebody else's.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type AsteriskCli, CliProblem } from "../src/asterisk/cli.ts";
import { reload } from "../src/installer/apply/reload.ts";
import { Problem } from "../src/terminal/problem.ts";

const command = "module reload res_pjsip.so";
const look = "module reload there-is-no-such-module";
const done = "Module 'res_pjsip.so' reloaded successfully.\n";
const nothing = "No such module 'there-is-no-such-module'\n";
const underWay = "A module reload request is already in progress; please be patient\n";
const silence = new CliProblem("no answer", "Asterisk did not answer.", "See whether it hangs.");

type Told = readonly [asked: string, answer: string | CliProblem];

/** A command line that expects these questions in this order, and gives these answers. */
function telling(script: readonly Told[]) {
  const left = [...script];
  const cli: AsteriskCli = {
    async run(asked) {
      const [expected, answer] = left.shift() ?? ["nothing more", ""];
      assert.is(asked, expected);
      if (typeof answer !== "string") throw answer;
      return answer;
    },
  };
  return { cli, left };
}

const patience = { limit: 1_000, interval: 1 };

async function reloads(...script: readonly Told[]): Promise<string> {
  const { cli, left } = telling(script);
  const said = await reload(script[0]?.[0] ?? "", cli, patience).then(
    () => "done",
    (error: unknown) => (error instanceof Problem ? error.message : Promise.reject(error)),
  );
  assert.equal(left, []);
  return said;
}

test("it is asked for once", async () => {
  assert.is(await reloads([command, done]), "done");
});

test("one that outlasts its command line is waited for, and not asked for again: that could take as long", async () => {
  assert.is(await reloads([command, silence], [look, underWay], [look, underWay], [look, nothing]), "done");
});

test("one that ended just when its command line gave up is asked for again: Asterisk tells how it went", async () => {
  assert.is(await reloads([command, silence], [look, nothing], [command, done]), "done");
  const failed = "The module 'res_pjsip.so' reported a reload failure\n";
  assert.match(await reloads([command, silence], [look, nothing], [command, failed]), "reported a reload failure");
});

test("behind somebody else's reload it waits for its turn: what that one has read, nobody knows", async () => {
  assert.is(
    await reloads(
      [command, underWay],
      [look, underWay],
      [look, nothing],
      [command, underWay],
      [look, nothing],
      [command, done],
    ),
    "done",
  );
});

test("an Asterisk that does not answer is not waited for", async () => {
  const hangs = silence.message;
  assert.is(await reloads([command, silence], [look, silence]), hangs);
  assert.is(await reloads([command, silence], [look, nothing], [command, silence], [look, nothing]), hangs);
  assert.is(await reloads(["module load pbx_lua.so", silence]), hangs);
  assert.match(await reloads([command, ""]), /Asterisk said nothing/);
});

test("one that does not end is given up after its time", async () => {
  let asked = 0;
  const run = async (what: string) => {
    asked++;
    if (what === command) throw silence;
    return underWay;
  };
  const error = await reload(command, { run }, { limit: 20, interval: 1 }).catch((problem: unknown) => problem);
  assert.instance(error, Problem);
  assert.match((error as Problem).message, /has been running/);
  assert.ok(asked > 2);
});

test.run();
