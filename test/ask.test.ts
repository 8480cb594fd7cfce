import { setTimeout as sleep } from "node:timers/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { talking } from "../src/sandbox/call.ts";
import { type Live, leavesNothing, moreTest, send, sendOn, sides, startLive, talksWith, talkToTheEnd } from "./live.ts";

/** `busy = ask`: the transferer decides whether their caller waits for a busy receiver. */

const started = startLive();
const live = async () => {
  const office = await (await started).begin();
  await office.set({ busy: "ask", wait_timeout: "30" });
  return office;
};

const isAsked = /Playing 'smart-transfer\/occupied\./;
const isAskedAll =
  /Playing 'smart-transfer\/occupied\.[\s\S]*'smart-transfer\/ask-wait\.[\s\S]*'smart-transfer\/ask-other\./;

/** 102 talks with 103; 101 keys 102 for their caller and hears that it is busy. */
async function asks(office: Live, side: (typeof sides)[number] = "called") {
  const { caller: other, talked: busy } = await talksWith(office, "103", "102");
  const { caller, transferer } = await office.talk(side);
  await transferer.keys("#102");
  await office.logged(isAsked);
  const endOther = async () => {
    await other.hangup();
    await busy.ended();
  };
  return { caller, transferer, endOther };
}

for (const side of sides) {
  test(`${side}: 1 lets the caller wait, and the transferer go`, async () => {
    const office = await live();
    const { logged, phone, recorded, clean } = office;
    const { caller, transferer, endOther } = await asks(office, side);
    await caller.hears();
    await logged(isAskedAll, 10_000);
    await transferer.keys("1");
    await transferer.ended();
    await logged(/StartMusicOnHold\("\w+\/900-/, 10_000);
    await endOther();
    await talkToTheEnd(caller, await phone("102").rings());
    assert.match(await recorded(), / from=101 to=102 outcome=waited /);
    await clean();
  });

  test(`${side}: another extension is taken at once, in the middle of the prompt too`, async () => {
    const office = await live();
    const { phone, recorded, clean } = office;
    const { caller, transferer, endOther } = await asks(office, side);
    await transferer.keys("104");
    await transferer.ended();
    await talkToTheEnd(caller, await phone("104").rings());
    assert.match(await recorded(), / from=101 to=104 outcome=answered /);
    await endOther();
    await clean();
  });

  test(`${side}: * or silence gives the transferer their caller back`, async () => {
    for (const answer of ["*", ""]) {
      const office = await live();
      const { clean, logged } = office;
      const { caller, transferer, endOther } = await asks(office, side);
      await transferer.keys(answer);
      await logged(/complete GOSUB_RETVAL/, 15_000);
      await talking(caller, transferer);
      await transferer.hangup();
      await caller.ended();
      await endOther();
      await clean();
    }
  });
}

moreTest("who is free is rung at once and asked about by nobody; extensions.conf decides", async () => {
  const { talk, phone, clean, log } = await live();
  const { caller, transferer } = await talk("called");
  await transferer.keys("#102");
  await talkToTheEnd(caller, await phone("102").rings());
  assert.not.match(await log(), /smart-transfer\/(?:occupied|ask)/);
  assert.match(await log(), /pbx\.c: Executing \[s@smart-transfer-digits:\d+\] BlindTransfer\(/);
  await clean();
});

moreTest("how many wait is said", async () => {
  const office = await live();
  const { logged, clean, set } = office;
  await set({ busy: "wait" });
  const { caller: other, talked: busy } = await talksWith(office, "103", "102");
  const waiting = await sendOn(office, "901", "104", "102");
  await logged(/StartMusicOnHold\("\w+\/901-/, 10_000);
  await set({ busy: "ask" });
  const { caller, transferer } = await office.talk("called");
  await transferer.keys("#102");
  await logged(
    /'smart-transfer\/occupied\.[\s\S]*'smart-transfer\/waiting\.[\s\S]*'digits\/1\.[\s\S]*'smart-transfer\/ask-wait\./,
    10_000,
  );
  await transferer.keys("*");
  await logged(/complete GOSUB_RETVAL/);
  await talking(caller, transferer);
  await transferer.hangup();
  await caller.ended();
  await waiting.hangup();
  await other.hangup();
  await busy.ended();
  await clean();
});

moreTest("an answer that is no extension, himself, or another busy one: he hears so; nobody is lost", async () => {
  const office = await live();
  const { logged, clean } = office;
  const { caller, transferer, endOther } = await asks(office);
  await transferer.keys("199");
  await logged(/Playing 'smart-transfer\/invalid\.[\s\S]*Playing 'smart-transfer\/dial\./);
  await transferer.keys("103");
  await logged(/(?:'smart-transfer\/occupied\.[\s\S]*){2}/);
  await transferer.keys("101");
  await logged(/(?:'smart-transfer\/invalid\.[\s\S]*){2}complete GOSUB_RETVAL/, 10_000);
  await talking(caller, transferer);
  await caller.hangup();
  await transferer.ended();
  await endOther();
  await clean();
});

moreTest("either hangs up while the transferer is asked", async () => {
  for (const who of ["caller", "transferer"] as const) {
    const office = await live();
    const { clean } = office;
    const { caller, transferer, endOther } = await asks(office);
    const [one, other] = who === "caller" ? [caller, transferer] : [transferer, caller];
    await one.hangup();
    await other.ended(10_000);
    await endOther();
    await clean();
  }
});

test("by the Transfer button, which cannot ask, the caller waits", async () => {
  const office = await live();
  const { talk, phone, logged, clean, log } = office;
  const { caller: other, talked: busy } = await talksWith(office, "103", "102");
  const { caller, transferer } = await talk("called");
  await send(transferer, "button", "102");
  await logged(/StartMusicOnHold\("\w+\/900-/, 10_000);
  assert.not.match(await log(), /smart-transfer\/occupied/);
  await other.hangup();
  await busy.ended();
  await talkToTheEnd(caller, await phone("102").rings());
  await clean();
});

moreTest("the receiver becomes free while the transferer is asked: 1 has them rung at once", async () => {
  const office = await live();
  const { phone, clean, log } = office;
  const { caller, transferer, endOther } = await asks(office);
  await endOther();
  await sleep(300);
  await transferer.keys("1#");
  await talkToTheEnd(caller, await phone("102").rings());
  assert.not.match(await log(), /Playing 'smart-transfer\/busy\./);
  await clean();
});

test("nothing is left running", () => leavesNothing(started));

test.run();
