import { setTimeout as sleep } from "node:timers/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { talking } from "../src/sandbox/call.ts";
import { leavesNothing, moreTest, sides, startLive, talksWith, talkToTheEnd } from "./live.ts";

const started = startLive();
const live = async () => (await started).begin();

for (const side of sides) {
  test(`${side}: answered: the transferer is free at once, and the two hear each other`, async () => {
    const { talk, phone, clean } = await live();
    const { caller, transferer } = await talk(side);
    await transferer.keys("#");
    await transferer.hears();
    await caller.hears();
    await transferer.keys("102");
    const receiver = await phone("102").rings();
    assert.is(receiver.caller.number, "900");
    await transferer.ended();
    assert.not(receiver.isUp, "let go while it rings");
    await caller.hears();
    await talkToTheEnd(caller, receiver);
    await clean();
  });

  moreTest(`${side}: keyed in one go, during the prompt; only ladder and record enter Lua`, async () => {
    const { talk, phone, clean, log, recorded } = await live();
    const { caller, transferer } = await talk(side);
    await transferer.keys("#102");
    const receiver = await phone("102").rings();
    await sleep(500);
    await receiver.answer();
    await transferer.ended();
    await talking(caller, receiver);
    await receiver.hangup();
    await caller.ended();
    await clean();
    // Half a second until the answer, however long the calls before and after lasted.
    assert.match(await recorded(), /^caller=900 from=101 to=102 outcome=answered desk=0\.[5-8]$/);
    // Steps in Lua: digits pressed while Asterisk enters Lua are lost.
    const steps = [...(await log()).matchAll(/pbx_lua\.c: Executing \[\w+@([\w-]+):1\] (\w+)/g)];
    assert.equal(
      steps.map(([, context, application]) => `${context} ${application}`),
      ["receiver Dial", "end Log", "end CELGenUserEvent", "end Return"].map((one) => `smart-transfer-${one}`),
    );
  });

  test(`${side}: * cancels, and the call goes on`, async () => {
    const { talk, clean, logged } = await live();
    const { caller, transferer } = await talk(side);
    await transferer.keys("#1*");
    await logged(/complete GOSUB_RETVAL/);
    await talking(caller, transferer);
    await transferer.hangup();
    await caller.ended();
    await clean();
  });

  moreTest(`${side}: what is not in the directory is invalid, twice, then the call goes on`, async () => {
    const { talk, clean, logged, log } = await live();
    const { caller, transferer } = await talk(side);
    await transferer.keys("#99");
    await logged(/Playing 'smart-transfer\/invalid/);
    await logged(/invalid[\s\S]*Playing 'smart-transfer\/dial/);
    await transferer.keys("19");
    await logged(/complete GOSUB_RETVAL/);
    assert.is((await log()).match(/Playing 'smart-transfer\/invalid/g)?.length, 2);
    await talking(caller, transferer);
    await caller.hangup();
    await transferer.ended();
    await clean();
  });

  test(`${side}: an offline receiver is unavailable; the caller never leaves`, async () => {
    const { talk, phone, clean, logged } = await live();
    await phone("104").unregister();
    const { caller, transferer } = await talk(side);
    await transferer.keys("#104");
    await logged(/Playing 'smart-transfer\/unavailable/);
    await logged(/complete GOSUB_RETVAL/);
    await talking(caller, transferer);
    await transferer.hangup();
    await caller.ended();
    await phone("104").register();
    await clean();
  });
}

moreTest("an extension that begins another is taken after silence, or at once with #", async () => {
  const { talk, phone, clean } = await live();
  for (const digits of ["#10", "#10#"]) {
    const { caller, transferer } = await talk("called");
    const from = Date.now();
    await transferer.keys(digits);
    const receiver = await phone("10").rings();
    const waited = Date.now() - from > 1000;
    assert.is(waited, digits === "#10");
    await receiver.answer();
    await transferer.ended();
    await talking(caller, receiver);
    await caller.hangup();
    await receiver.ended();
  }
  await clean();
});

const complaint = /digit_timeout is not a number of seconds/;
for (const [where, digit_timeout, complaints] of [
  ["extensions.conf", "1", []],
  ["Lua", "soon", [complaint, complaint]],
] as const) {
  moreTest(`a # before the digits is no digit: ##102, and ###10# (read in ${where})`, async () => {
    const { talk, phone, set, clean } = await live();
    await set({ digit_timeout });
    for (const digits of ["##102", "###10#"]) {
      const { caller, transferer } = await talk("called");
      await transferer.keys(digits);
      const receiver = await phone(digits === "##102" ? "102" : "10").rings();
      await transferer.ended();
      await talkToTheEnd(caller, receiver);
    }
    await clean(complaints);
  });
}

moreTest("nothing but # and silence is invalid, then the call goes on", async () => {
  const { talk, clean, logged, log } = await live();
  const { caller, transferer } = await talk("called");
  await transferer.keys("##");
  await logged(/Playing 'smart-transfer\/invalid[\s\S]*invalid[\s\S]*complete GOSUB_RETVAL/, 15_000);
  assert.is((await log()).match(/Playing 'smart-transfer\/invalid/g)?.length, 2);
  await talking(caller, transferer);
  await transferer.hangup();
  await caller.ended();
  await clean();
});

moreTest("oneself, the caller and whoever may not receive are invalid", async () => {
  const office = await live();
  const { clean, logged, mark } = office;
  const { caller, talked: transferer } = await talksWith(office, "105", "101");
  for (const extension of ["101", "105"]) {
    await mark();
    await transferer.keys(`#${extension}`);
    await logged(/Playing 'smart-transfer\/invalid[\s\S]*complete GOSUB_RETVAL/);
  }
  await talking(caller, transferer);
  await transferer.hangup();
  await caller.ended();
  await clean();
});

moreTest("silence instead of digits is invalid, then the call goes on", async () => {
  const { talk, clean, logged } = await live();
  const { caller, transferer } = await talk("called");
  await transferer.keys("#");
  await logged(
    /Playing 'smart-transfer\/invalid[\s\S]*Playing 'smart-transfer\/invalid[\s\S]*complete GOSUB_RETVAL/,
    15000,
  );
  await talking(caller, transferer);
  await transferer.hangup();
  await caller.ended();
  await clean();
});

test("an outsider's # is a digit like any other, before and after a transfer", async () => {
  const { talk, phone, clean, log } = await live();
  const { caller, transferer } = await talk("called");
  await caller.keys("#5");
  await transferer.hearsKeys("#5");
  await transferer.keys("#");
  await transferer.hears();
  await transferer.keys("102");
  const receiver = await phone("102").rings();
  await receiver.answer();
  await talking(caller, receiver);
  await caller.keys("#6");
  await receiver.hearsKeys("#6");
  assert.is((await log()).match(/Internal Gosub\(smart-transfer-digits,s,1\) start/g)?.length, 1);
  await receiver.hangup();
  await caller.ended();
  await clean();
});

test("the receiver transfers on with the same key", async () => {
  const { talk, phone, clean } = await live();
  const { caller, transferer } = await talk("called");
  await transferer.keys("#102");
  const receiver = await phone("102").rings();
  await receiver.answer();
  await transferer.ended();
  await talking(caller, receiver);
  await receiver.keys("#103");
  const next = await phone("103").rings();
  assert.is(next.caller.number, "900");
  await next.answer();
  await receiver.ended();
  await talking(caller, next);
  await caller.hangup();
  await next.ended();
  await clean();
});

test("nothing is left running", () => leavesNothing(started));

test.run();
