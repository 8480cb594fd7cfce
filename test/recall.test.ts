import { setTimeout as sleep } from "node:timers/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { talking } from "../src/sandbox/call.ts";
import { leavesNothing, moreTest, send, sides, startLive, talksWith, talkToTheEnd, ways } from "./live.ts";

const started = startLive();
const live = async () => (await started).begin();

for (const side of sides) {
  test(`${side}: nobody answers: the caller comes back, and the phone says why`, async () => {
    const { talk, phone, clean, logged } = await live();
    const { caller, transferer } = await talk(side);
    await transferer.keys("#102");
    const receiver = await phone("102").rings();
    await transferer.ended();
    await receiver.ended();
    await logged(/Playing 'smart-transfer\/returning/);
    const recall = await phone("101").rings();
    assert.is(recall.caller.number, "900");
    assert.is(recall.caller.name, "RT 102 no answer: Line 900");
    assert.match(recall.alertInfo, /recall/);
    await caller.hears();
    await talkToTheEnd(caller, recall);
    await clean();
  });

  moreTest(`${side}: the phone refuses with busy: the caller comes back`, async () => {
    const { talk, phone, clean, set } = await live();
    await set({ busy: "return" });
    phone("102").policy = "busy";
    const { caller, transferer } = await talk(side);
    await transferer.keys("#102");
    const recall = await phone("101").rings();
    assert.is(recall.caller.name, "RT 102 busy: Line 900");
    await recall.answer();
    await talking(caller, recall);
    await caller.hangup();
    await recall.ended();
    await clean();
  });
}

test("a receiver in a call is busy without being rung", async () => {
  const office = await live();
  const { talk, phone, clean, set } = office;
  await set({ busy: "return" });
  const { caller: other, talked: busy } = await talksWith(office, "103", "102");
  const { caller, transferer } = await talk("called");
  await transferer.keys("#102");
  const recall = await phone("101").rings();
  assert.is(recall.caller.name, "RT 102 busy: Line 900");
  assert.is(phone("102").calls.length, phone("102").calls.indexOf(busy) + 1, "102 was not rung");
  await talkToTheEnd(caller, recall);
  await other.hangup();
  await busy.ended();
  await clean();
});

test("the recall goes to whoever transferred last, and they can transfer on", async () => {
  const { talk, phone, clean } = await live();
  const { caller, transferer } = await talk("called");
  await transferer.keys("#102");
  const second = await phone("102").rings();
  await second.answer();
  await talking(caller, second);
  await second.keys("#");
  await second.hears();
  await second.keys("103");
  await phone("103").rings();
  const recall = await phone("102").rings();
  assert.is(recall.caller.name, "RT 103 no answer: Line 900");
  await recall.answer();
  await talking(caller, recall);
  await recall.keys("#");
  await recall.hears();
  await recall.keys("101");
  const back = await phone("101").rings();
  assert.is(back.caller.name, "Line 900");
  await talkToTheEnd(caller, back);
  await clean();
});

test("nobody takes the recall: two tries, then goodbye", async () => {
  const { talk, phone, clean, logged, log } = await live();
  const { caller, transferer } = await talk("called");
  await transferer.keys("#102");
  await phone("102").rings();
  for (const _ of [1, 2]) {
    const recall = await phone("101").rings();
    await recall.ended();
  }
  await logged(/Playing 'smart-transfer\/goodbye/);
  await caller.ended(10_000);
  assert.is((await log()).match(/Playing 'smart-transfer\/returning/g)?.length, 1);
  await clean();
});

moreTest("nobody takes the recall: the fallback does", async () => {
  const { talk, phone, clean, set } = await live();
  await set({ fallback: "105@internal" });
  const { caller, transferer } = await talk("called");
  await transferer.keys("#102");
  const fallback = await phone("105").rings(15_000);
  assert.is(fallback.caller.name, "Line 900", "their own name again");
  await talkToTheEnd(caller, fallback);
  await clean();
});

moreTest("the transferer went home: the fallback takes the caller", async () => {
  const { talk, phone, clean, set } = await live();
  await set({ fallback: "105@internal" });
  const { caller, transferer } = await talk("called");
  await transferer.keys("#102");
  const receiver = await phone("102").rings();
  await phone("101").unregister();
  await receiver.ended();
  const fallback = await phone("105").rings(15_000);
  await talkToTheEnd(caller, fallback);
  await phone("101").register();
  await clean();
});

const four = ["102", "103", "104", "105"];

for (const by of ways) {
  moreTest(`by ${by}: the transferer tries four colleagues in a row, and keeps the caller`, async () => {
    const { talk, phone, clean } = await live();
    const talked = await talk("called");
    let { transferer } = talked;
    for (const colleague of four) {
      await send(transferer, by, colleague);
      transferer = await phone("101").rings(10_000);
      assert.is(transferer.caller.name, `RT ${colleague} no answer: Line 900`);
      await transferer.answer();
      await talking(talked.caller, transferer);
      // "Nobody there, I will try somebody else."
      await sleep(2000);
    }
    await transferer.hangup();
    await talked.caller.ended();
    await clean();
  });
}

moreTest("a machine that transfers every caller at once does not do so for ever", async () => {
  const { talk, phone, clean, set } = await live();
  await set({ max_returns: "2", fallback: "105@internal" });
  const { caller, transferer } = await talk("called");
  await transferer.refer("102");
  await caller.speak();
  for (const _ of [1, 2]) {
    const recall = await phone("101").rings(10_000);
    await recall.answer();
    await recall.hears();
    await recall.refer("102");
  }
  const recalls = phone("101").calls.length;
  const fallback = await phone("105").rings(10_000);
  assert.is(phone("101").calls.length, recalls, "no recall rings in vain before");
  assert.is(fallback.caller.name, "Line 900");
  await talkToTheEnd(caller, fallback);
  await clean();
});

moreTest("a bad setting falls back to its default with one warning, and the call goes on", async () => {
  const { talk, phone, set, log } = await live();
  await set({ ring_timeout: "soon" });
  const { caller, transferer } = await talk("called");
  await transferer.keys("#102");
  const receiver = await phone("102").rings();
  await receiver.answer();
  await talking(caller, receiver);
  const warnings = (await log()).split("\n").filter((line) => line.includes("] WARNING["));
  assert.is(warnings.length, 1, warnings.join("\n"));
  assert.match(warnings[0] ?? "", /ring_timeout is not a number of seconds: using "20"/);
  await receiver.hangup();
  await caller.ended();
});

test("nothing is left running", () => leavesNothing(started));

test.run();
