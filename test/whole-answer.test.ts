import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Listing, moduleList, peerList, peerObjects, wholeAnswer } from "../src/asterisk/whole-answer.ts";
import { Problem } from "../src/terminal/problem.ts";

const rows = (...names: string[]) => names.map((name) => `${name}.so   Something   0   Running   core\n`).join("");
const whole = `Module   Description   Use Count  Status\n${rows("app_dial", "chan_pjsip", "pbx_lua")}3 modules loaded\n`;
const middleLost = whole.replace(/^chan_pjsip.*\n/m, "");
const endLost = whole.slice(0, whole.indexOf("pbx_lua"));

/** Asks for a listing of a command line that gives these answers, the last one for ever. */
async function asked(listing: Listing, ...answers: string[]): Promise<{ answer: string; times: number }> {
  let times = 0;
  const answer = await wholeAnswer(
    {
      async run(command) {
        assert.is(command, listing.command);
        return answers[Math.min(times++, answers.length - 1)] as string;
      },
    },
    listing,
  );
  return { answer, times };
}

test("an answer with as many rows as it says is believed at once", async () => {
  assert.equal(await asked(moduleList, whole), { answer: whole, times: 1 });
});

test("an answer without some of its rows is asked for again", async () => {
  assert.equal(await asked(moduleList, middleLost, whole), { answer: whole, times: 2 });
  assert.equal(await asked(moduleList, endLost, middleLost, whole), { answer: whole, times: 3 });
});

test("an answer that is not counted is believed the second time", async () => {
  const peers = "101/101   10.0.0.1   D   5060\n";
  assert.equal(await asked(peerList, "", peers, peers), { answer: peers, times: 3 });
  const otherwise = whole.replace("3 modules loaded", "3 modules");
  assert.equal(await asked(moduleList, otherwise, otherwise), { answer: otherwise, times: 2 });
});

test("what changes by itself in a row does not matter", async () => {
  const objects = (...references: number[]) =>
    references.map((count, at) => `name: ${101 + at}\ntype: peer\nrefcount: ${count}\n`).join("");
  assert.equal(await asked(peerObjects, objects(1, 2, 3), objects(2, 2, 4)), { answer: objects(2, 2, 4), times: 2 });
  assert.equal(await asked(peerObjects, objects(1, 2, 3), objects(1, 2), objects(1, 2, 5), objects(1, 2, 3)), {
    answer: objects(1, 2, 3),
    times: 4,
  });
});

test("a command line that loses rows each time is a problem with a remedy", async () => {
  const broken = [middleLost, endLost, rows("a"), rows("b"), rows("a"), whole];
  const error = await asked(moduleList, ...broken).catch((one) => one);
  assert.instance(error, Problem);
  assert.match(error.message, /"module show"/);
  assert.match(error.remedy, /very busy/);
});

test.run();
