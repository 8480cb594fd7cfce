import { setTimeout as sleep } from "node:timers/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { talking } from "../src/sandbox/call.ts";
import {
  type Live,
  leavesNothing,
  moreTest,
  send,
  startLive,
  talksWith,
  talkToTheEnd,
  talkWithoutReturnKey,
  ways,
} from "./live.ts";

/** The return key works at every step. Here: outside the desk's ringing and the line. */

const started = startLive();
/** 102 has a mobile, 909. 105 is the fallback. */
const live = async () => {
  const office = await (await started).begin();
  await office.set({ mobile_dial: `${office.pbx.driver}/\${NUMBER}`, fallback: "105@internal", recall_timeout: "20" });
  await office.give("102", "mobile = 909");
  return office;
};

/** 900 is sent to 102, whose desk does not answer, and their mobile rings. */
async function mobileRings(office: Live, by: (typeof ways)[number]) {
  const { caller, transferer } = await office.talk("called");
  await send(transferer, by, "102");
  return { caller, mobile: await office.phone("909").rings(10_000) };
}

/** 900 is sent to 103, who declines, and 101 is rung again. */
async function recallRings(office: Live, by: (typeof ways)[number]) {
  office.phone("103").policy = "decline";
  const { caller, transferer } = await office.talk("called");
  await send(transferer, by, "103");
  const recall = await office.phone("101").rings(10_000);
  assert.is(recall.caller.name, "RT 103 declined: Line 900");
  return { caller, recall };
}

const decisions = ["rings", "hears accept", "hears the number", "hears nothing more"] as const;

for (const by of ways) {
  test(`by ${by}: 1 takes the caller back while the mobile rings, and at any moment while it decides`, async () => {
    for (const moment of decisions) {
      const office = await live();
      const { phone, logged, recorded, clean } = office;
      const { caller, mobile } = await mobileRings(office, by);
      if (moment !== "rings") {
        await mobile.answer();
        await logged(/Playing 'smart-transfer\/accept\./);
        if (moment !== "hears accept") await logged(/Playing 'digits\/9/, 10_000);
        if (moment === "hears nothing more") await sleep(3000);
      }
      await caller.hears();
      await caller.keys("5");
      await caller.keys("1");
      const recall = await phone("101").rings();
      assert.is(recall.caller.name, "RT 102 back: Line 900", moment);
      await mobile.ended();
      await talkWithoutReturnKey(caller, recall);
      assert.match(await recorded(), /outcome=returned desk=[\d.]+ mobile=[\d.]+ recall=[\d.]+$/);
      await clean();
    }
  });

  test(`by ${by}: while the transferer's phone rings, 1 leads to the fallback`, async () => {
    const office = await live();
    const { phone, recorded, clean } = office;
    const { caller, recall } = await recallRings(office, by);
    await caller.keys("5");
    await caller.keys("1");
    const fallback = await phone("105").rings();
    await recall.ended();
    assert.is(fallback.caller.name, "Line 900");
    await talkToTheEnd(caller, fallback);
    assert.match(await recorded(), / to=103 outcome=fallback desk=[\d.]+ recall=[\d.]+ fallback=[\d.]+$/);
    await clean();
  });

  test(`by ${by}: while the caller waits for the transferer, 1 leads to the fallback`, async () => {
    const office = await live();
    const { talk, phone, logged, recorded, clean } = office;
    const { caller, transferer } = await talk("called");
    await send(transferer, by, "103");
    const receiver = await phone("103").rings();
    await transferer.ended();
    const { caller: other, talked: busy } = await talksWith(office, "104", "101");
    await receiver.decline();
    await logged(/StartMusicOnHold\("\w+\/900-/, 10_000);
    await caller.keys("1");
    await talkToTheEnd(caller, await phone("105").rings());
    assert.match(await recorded(), / outcome=fallback desk=[\d.]+ recall-line=[\d.]+ fallback=[\d.]+$/);
    await other.hangup();
    await busy.ended();
    await clean();
  });
}

for (const hear of ["ringing", "music"])
  moreTest(`the transferer refuses: with ${hear} until the next recall, 1 leads to the fallback`, async () => {
    const office = await live();
    const { phone, clean, set } = office;
    await set({ hear });
    const { caller, recall } = await recallRings(office, "key");
    await recall.decline();
    await recall.ended();
    await sleep(500);
    await caller.hears();
    await caller.keys("51");
    await talkToTheEnd(caller, await phone("105").rings());
    await clean();
  });

moreTest(
  "without a fallback 1 changes nothing while the transferer is rung or waited for: nobody is lost by it",
  async () => {
    for (const fallback of ["", "nobody@nowhere"]) {
      const office = await live();
      const { clean, set, log } = office;
      await set({ fallback });
      const { caller, recall } = await recallRings(office, "key");
      await caller.keys("1");
      await sleep(500);
      assert.not.match(await log(), /goodbye/);
      await talkToTheEnd(caller, recall);
      await clean();
    }
  },
);

moreTest("who goes to the fallback by the key and hangs up on the way leaves nothing behind", async () => {
  const office = await live();
  const { phone, recorded, clean } = office;
  const { caller } = await recallRings(office, "key");
  await caller.keys("1");
  const fallback = await phone("105").rings();
  await caller.hangup();
  await fallback.ended();
  assert.match(await recorded(), / outcome=fallback /);
  await clean();
});

moreTest("who presses 1 and hangs up at once is with nobody: no phone rings on", async () => {
  const office = await live();
  const { talk, phone, logged, recorded, clean, set } = office;
  await set({ ring_timeout: "20" });
  const { caller, transferer } = await talk("called");
  await transferer.keys("#102");
  const desk = await phone("102").rings();
  const before = phone("101").calls.length;
  await caller.keys("1");
  await logged(/Playing 'smart-transfer\/returning\./);
  await caller.drop();
  await desk.ended();
  assert.match(await recorded(), / to=102 outcome=abandoned desk=[\d.]+$/);
  assert.is(phone("101").calls.length, before);
  await clean();
});

moreTest("the mobile hangs up just as the caller goes back", async () => {
  const office = await live();
  const { phone, logged, clean } = office;
  const { caller, mobile } = await mobileRings(office, "key");
  await mobile.answer();
  await logged(/Playing 'smart-transfer\/accept\./);
  await Promise.all([caller.keys("1"), mobile.drop()]);
  const recall = await phone("101").rings();
  assert.match(recall.caller.name, /^RT 102 (back|mobile): Line 900$/);
  await talking(caller, await recall.answer().then(() => recall));
  await recall.hangup();
  await caller.ended();
  await clean();
});

test("nothing is left running", () => leavesNothing(started));

test.run();
