import { test } from "uvu";
import * as assert from "uvu/assert";
import { talking } from "../src/sandbox/call.ts";
import {
  type Live,
  leavesNothing,
  moreTest,
  type Side,
  sendOn,
  sides,
  startLive,
  talkToTheEnd,
  talkWithoutReturnKey,
} from "./live.ts";

const started = startLive();
/** 102 has a mobile, 909, which is called as an outsider's phone. */
const live = async () => {
  const office = await (await started).begin();
  await office.set({ mobile_dial: `${office.pbx.driver}/\${NUMBER}`, ring_timeout: "2" });
  await office.give("102", "mobile = 909");
  return office;
};

/** 102's mobile has the caller, after they pressed 1. */
async function acceptedOnMobile({ talk, phone, logged }: Live, side: Side) {
  const { caller, transferer } = await talk(side);
  await transferer.keys("#102");
  const mobile = await phone("909").rings();
  await mobile.answer();
  await logged(/Playing 'smart-transfer\/accept/);
  await mobile.keys("1");
  await talking(caller, mobile);
  return { caller, mobile };
}

for (const side of sides) {
  test(`${side}: nobody at the desk: the mobile is called, hears who calls, and takes the call with 1`, async () => {
    const { talk, phone, clean, logged, recorded } = await live();
    const { caller, transferer } = await talk(side);
    await transferer.keys("#102");
    await phone("102").rings();
    const mobile = await phone("909").rings();
    assert.is(mobile.caller.number, "900");
    await mobile.answer();
    await logged(/Playing 'smart-transfer\/accept/);
    await logged(/Playing 'digits\/9/, 10_000);
    await caller.hears();
    await mobile.keys("1");
    await talking(caller, mobile);
    await mobile.keys("#");
    await caller.hearsKeys("#");
    await mobile.hangup();
    await caller.ended();
    assert.match(await recorded(), /from=101 to=102 outcome=answered-mobile desk=[\d.]+ mobile=[\d.]+$/);
    await clean();
  });

  test(`${side}: nobody presses 1, as a voicemail does not: recall`, async () => {
    const { talk, phone, clean } = await live();
    const { caller, transferer } = await talk(side);
    await transferer.keys("#102");
    const mobile = await phone("909").rings();
    await mobile.answer();
    const recall = await phone("101").rings(20_000);
    assert.is(recall.caller.name, "RT 102 mobile: Line 900");
    await mobile.ended();
    await talkToTheEnd(caller, recall);
    await clean();
  });

  test(`${side}: the caller goes back from the mobile with *0`, async () => {
    const office = await live();
    const { phone, clean, recorded } = office;
    const { caller, mobile } = await acceptedOnMobile(office, side);
    await caller.keys("*0");
    await mobile.ended();
    const recall = await phone("101").rings();
    assert.is(recall.caller.name, "RT 102 back: Line 900");
    await talkWithoutReturnKey(caller, recall);
    assert.match(await recorded(), /outcome=returned/);
    await clean();
  });
}

moreTest("who goes back from the mobile and hangs up on the way is with nobody", async () => {
  const office = await live();
  const { clean, logged, recorded } = office;
  const { caller } = await acceptedOnMobile(office, "called");
  await caller.keys("*0");
  await logged(/Playing 'smart-transfer\/returning/);
  await caller.hangup();
  // Asterisk 16 notices the hang-up a step later.
  assert.match(await recorded(), /outcome=abandoned desk=[\d.]+ mobile=[\d.]+(?: recall=0\.0)?$/);
  await clean();
});

moreTest("another key refuses; so does hanging up, declining and not answering", async () => {
  const { talk, phone, clean, logged, begin } = await live();
  for (const how of ["key", "hang up", "decline", "ring"]) {
    const office = await live();
    if (how === "decline") phone("909").policy = "decline";
    const { caller, transferer } = await talk("called");
    await transferer.keys("#102");
    if (how !== "decline") {
      const mobile = await phone("909").rings();
      if (how !== "ring") {
        await mobile.answer();
        await logged(/Playing 'smart-transfer\/accept/);
        if (how === "key") await mobile.keys("5");
        else await mobile.hangup();
      }
    }
    const recall = await phone("101").rings(10_000);
    assert.is(recall.caller.name, "RT 102 mobile: Line 900", how);
    await talkToTheEnd(caller, recall);
    await office.clean();
  }
  await clean();
  await begin();
});

moreTest("offline at the desk: straight to the mobile", async () => {
  const { talk, phone, clean, logged } = await live();
  await phone("102").unregister();
  const { caller, transferer } = await talk("called");
  await transferer.keys("#102");
  const mobile = await phone("909").rings();
  await transferer.ended();
  await mobile.answer();
  await logged(/Playing 'smart-transfer\/accept/);
  await mobile.keys("1");
  await talking(caller, mobile);
  await caller.hangup();
  await mobile.ended();
  await phone("102").register();
  await clean();
});

moreTest("without mobile_confirm: an answer too soon is voicemail, a later one is a person", async () => {
  const { talk, phone, clean, set } = await live();
  await set({ mobile_confirm: "no", mobile_too_soon: "3", ring_timeout: "8" });
  await phone("102").unregister();
  phone("909").policy = "answer";
  const first = await talk("called");
  await first.transferer.keys("#102");
  const recall = await phone("101").rings(10_000);
  assert.is(recall.caller.name, "RT 102 mobile: Line 900");
  await talkToTheEnd(first.caller, recall);
  await clean();
  phone("909").policy = "ring";
  const second = await talk("called");
  await second.transferer.keys("#102");
  const mobile = await phone("909").rings();
  await new Promise((resolve) => setTimeout(resolve, 3100));
  await talkToTheEnd(second.caller, mobile);
  await phone("102").register();
  await clean();
});

test("the caller hangs up while the mobile rings and while it decides: it is let go soon", async () => {
  const { talk, phone, clean, logged } = await live();
  for (const heard of [undefined, "smart-transfer\\/accept\\.", "digits\\/0", "silence"]) {
    const { caller, transferer } = await talk("called");
    await transferer.keys("#102");
    const mobile = await phone("909").rings();
    if (heard !== undefined) {
      await mobile.answer();
      await logged(new RegExp(`Playing '${heard === "silence" ? "digits\\/0[\\s\\S]*digits\\/0" : heard}`), 10_000);
      if (heard === "silence") await new Promise((resolve) => setTimeout(resolve, 1500));
    }
    const hungUp = Date.now();
    await caller.hangup();
    await mobile.ended();
    assert.ok(Date.now() - hungUp < 2500, `${heard ?? "ringing"}: after ${Date.now() - hungUp} ms`);
    await clean();
    await (await started).mark();
  }
});

moreTest("who talks on the mobile holds up nobody at the desk", async () => {
  const office = await live();
  const { phone, clean, logged } = office;
  const first = await sendOn(office, "900", "101", "102");
  const mobile = await phone("909").rings();
  await mobile.answer();
  await logged(/Playing 'smart-transfer\/accept/);
  await mobile.keys("1");
  await talking(first, mobile);
  const second = await sendOn(office, "901", "104", "102");
  const desk = await phone("102").rings(1500);
  assert.is(desk.caller.number, "901");
  await talkToTheEnd(second, desk);
  await mobile.hangup();
  await first.ended();
  await clean();
});

test("nothing is left running", () => leavesNothing(started));

test.run();
