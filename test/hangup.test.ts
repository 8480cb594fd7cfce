import { test } from "uvu";
import * as assert from "uvu/assert";
import { talking } from "../src/sandbox/call.ts";
import {
  hungUpWhileKeying,
  leavesNothing,
  moreTest,
  send,
  sides,
  startLive,
  talksWith,
  talkToTheEnd,
  ways,
} from "./live.ts";

const started = startLive();
const live = async () => (await started).begin();

for (const side of sides) {
  test(`${side}: the caller hangs up while the digits are keyed`, async () => {
    const { talk, clean } = await live();
    const { caller, transferer } = await talk(side);
    await transferer.keys("#1");
    await caller.hangup();
    await transferer.ended(10_000);
    await clean();
  });

  moreTest(`${side}: the caller hangs up, and the last digit comes after`, async () => {
    const { talk, phone, clean } = await live();
    const rung = phone("102").calls.length;
    const { caller, transferer } = await talk(side);
    await transferer.keys("#10");
    await caller.hangup();
    await transferer.keys("2").catch(() => {});
    await transferer.ended(10_000);
    assert.is(phone("102").calls.length, rung, "nobody is rung for a caller who is gone");
    await clean();
  });

  test(`${side}: the transferer hangs up while keying`, async () => {
    const { talk, clean } = await live();
    const { caller, transferer } = await talk(side);
    await transferer.keys("#10");
    await transferer.hangup();
    await caller.ended();
    await clean(hungUpWhileKeying);
  });

  test(`${side}: the caller hangs up while the receiver rings`, async () => {
    const { talk, phone, clean } = await live();
    const { caller, transferer } = await talk(side);
    await transferer.keys("#102");
    const receiver = await phone("102").rings();
    await caller.hangup();
    await receiver.ended();
    await clean();
  });

  moreTest(`${side}: the caller hangs up during "returning" and during the recall`, async () => {
    const { talk, phone, clean, logged, begin } = await live();
    const first = await talk(side);
    await first.transferer.keys("#102");
    await logged(/Playing 'smart-transfer\/returning/);
    await first.caller.hangup();
    await clean();
    await begin();
    const second = await talk(side);
    await second.transferer.keys("#102");
    const recall = await phone("101").rings(10_000);
    await second.caller.hangup();
    await recall.ended();
    await clean();
  });

  moreTest(
    `${side}: the caller hangs up on the way back, before any phone has rung for them: that is recorded`,
    async () => {
      const office = await live();
      const { talk, set, clean, logged, recorded } = office;
      await set({ busy: "return" });
      const { talked: busy } = await talksWith(office, "909", "102");
      const { caller, transferer } = await talk(side);
      await transferer.keys("#102");
      await logged(/Playing 'smart-transfer\/returning/);
      await caller.hangup();
      // Asterisk 16 notices the hang-up a step later.
      assert.match(await recorded(), /^caller=\d+ from=101 to=102 outcome=abandoned(?: recall=0\.0)?$/);
      await busy.hangup();
      await clean();
    },
  );

  moreTest(
    `${side}: the caller hangs up while the transferer hears that a number is wrong: no other is asked for`,
    async () => {
      const { talk, clean, logged, log } = await live();
      const { caller, transferer } = await talk(side);
      await transferer.keys("#77");
      await logged(/Playing 'smart-transfer\/invalid/);
      await caller.hangup();
      await transferer.ended();
      assert.is((await log()).match(/Playing 'smart-transfer\/dial/g)?.length, 1);
      await clean();
    },
  );

  moreTest(`${side}: the caller hangs up after the receiver answered`, async () => {
    const { talk, phone, clean } = await live();
    const { caller, transferer } = await talk(side);
    await transferer.keys("#102");
    const receiver = await phone("102").rings();
    await receiver.answer();
    await talking(caller, receiver);
    await caller.hangup();
    await receiver.ended();
    await clean();
  });

  moreTest(`${side}: the caller hangs up while hearing goodbye`, async () => {
    const { talk, phone, clean, logged } = await live();
    const { caller, transferer } = await talk(side);
    await transferer.keys("#102");
    await phone("102").rings();
    await logged(/Playing 'smart-transfer\/goodbye/, 20_000);
    await caller.hangup();
    await clean();
  });
}

for (const by of ways) {
  moreTest(`by ${by}: both have pressed the key, and one is let go: so is the other, at once`, async () => {
    const office = await live();
    const { phone, clean } = office;
    const { caller: other, talked: transferer } = await talksWith(office, "102", "101");
    await other.keys("#");
    await send(transferer, by, "103");
    await transferer.ended();
    const receiver = await phone("103").rings();
    const waited = (receiver.at("called") ?? 0) - (transferer.at("ended") ?? 0);
    assert.ok(waited < 2000, `${waited} ms`);
    assert.is(receiver.caller.number, "102");
    await talkToTheEnd(other, receiver);
    await clean();
  });
}

test("nothing is left running", () => leavesNothing(started));

test.run();
