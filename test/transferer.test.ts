import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { talking } from "../src/sandbox/call.ts";
import { leavesNothing, moreTest, pickedUp, pickup, send, startLive, talkToTheEnd, ways } from "./live.ts";

const started = startLive({ more: { "extensions.conf": pickup } });
const live = async () => (await started).begin();

function warnings(log: string): string[] {
  return log.split("\n").filter((line) => line.includes("] WARNING["));
}

/** What happens to smart_transfer.conf while the caller is on the way. */
const losses: Record<string, (file: string) => Promise<void>> = {
  deleted: (file) => rm(file),
  emptied: (file) => writeFile(file, ""),
  "without the transferer's section": async (file) => {
    const text = await readFile(file, "latin1");
    await writeFile(file, text.replace(/^\[101\]\n(?:[^[]*\n)?/m, ""), "latin1");
    assert.not.match(await readFile(file, "latin1"), /^\[101\]/m);
  },
};

for (const by of ways) {
  for (const [how, lose] of Object.entries(losses)) {
    moreTest(
      `by ${by}: smart_transfer.conf is ${how} while the receiver rings: the recall rings, with one warning`,
      async () => {
        const { talk, phone, pbx, clean, log } = await live();
        const { caller, transferer } = await talk("called");
        await send(transferer, by, "102");
        await phone("102").rings();
        await lose(join(pbx.etcDir, "smart_transfer.conf"));
        const recall = await phone("101").rings(10_000);
        assert.is(recall.caller.name, "RT 102 no answer: Line 900");
        await talkToTheEnd(caller, recall);
        assert.is(warnings(await log()).length, 1);
        await clean([/smart_transfer\.conf: \[101\] is gone: ringing what it rang when the transfer began/]);
      },
    );
  }

  moreTest(`by ${by}: a transferer who went offline costs the caller no time`, async () => {
    const { talk, phone, clean, set } = await live();
    await set({ fallback: "105@internal", recall_timeout: "25" });
    const { caller, transferer } = await talk("called");
    await send(transferer, by, "102");
    const receiver = await phone("102").rings();
    await phone("101").unregister();
    await receiver.ended();
    const fallback = await phone("105").rings(5000);
    const waited = (fallback.at("called") ?? 0) - (receiver.at("ended") ?? 0);
    assert.ok(waited < 2000, `${waited} ms`);
    await talkToTheEnd(caller, fallback);
    await phone("101").register();
    await clean();
  });
}

const strangers: Record<string, string> = { "901": "is not of the directory", "103": "may not transfer" };

for (const [number, who] of Object.entries(strangers)) {
  moreTest(`picked up by a phone that ${who}: its key says so, and its button loses nobody`, async () => {
    const office = await live();
    const { phone, give, run, clean, logged, mark } = office;
    await give("103", "transfer = no");
    assert.is((await run("install", "--yes")).code, 0);
    await mark();
    const { caller, other } = await pickedUp(office, number);
    const rung = phone("102").calls.length;
    await other.keys("#");
    await logged(/Playing 'smart-transfer\/forbidden/);
    await logged(/Stopped music on hold/);
    await talking(caller, other);
    assert.is(phone("102").calls.length, rung);
    await other.refer("102");
    await phone("102").rings();
    const recall = await phone(number).rings(10_000);
    assert.is(recall.caller.name, "RT 102 no answer: Line 900");
    await talkToTheEnd(caller, recall);
    await clean();
  });
}

moreTest("picked up by a phone of the directory: its key is its own", async () => {
  const office = await live();
  const { phone, clean } = office;
  const { caller, other } = await pickedUp(office, "104");
  await other.keys("#102");
  await phone("102").rings();
  const recall = await phone("104").rings(10_000);
  assert.is(recall.caller.name, "RT 102 no answer: Line 900");
  await talkToTheEnd(caller, recall);
  await clean();
});

test("nothing is left running", () => leavesNothing(started));

test.run();
