import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Call, talking } from "../src/sandbox/call.ts";
import { type Live, leavesNothing, moreTest, sendOn, sides, startLive, talksWith, talkToTheEnd } from "./live.ts";

const started = startLive();
const live = async () => {
  const office = await (await started).begin();
  await office.set({ wait_timeout: "30" });
  return office;
};

/** The caller has heard that it is busy, and stands in a line. */
const inLine = (number: string) => new RegExp(`StartMusicOnHold\\("\\w+/${number}-`);

const isToldSecond = /<\w+\/901-\S+> Playing 'smart-transfer\/position\.[\s\S]*<\w+\/901-\S+> Playing 'digits\/2\./;

/** 102 in a call with 103. */
async function occupy(office: Live): Promise<{ call: Call; other: Call }> {
  const { caller, talked } = await talksWith(office, "103", "102");
  return { call: talked, other: caller };
}

/** 900 and 901 talk with 101 and 104, who have keyed all of 102 but its last digit. */
async function keysTen(office: Live): Promise<{ callers: Call[]; transferers: Call[] }> {
  const [one, other] = [await talksWith(office, "900", "101"), await talksWith(office, "901", "104")];
  await one.talked.keys("#10");
  await other.talked.keys("#10");
  return { callers: [one.caller, other.caller], transferers: [one.talked, other.talked] };
}

/** 102 is rung for these callers in turn, and talks with each. */
async function served({ phone }: Live, callers: readonly Call[]): Promise<void> {
  for (const [at, number] of ["900", "901"].entries()) {
    const receiver = await phone("102").rings();
    assert.is(receiver.caller.number, number);
    await talkToTheEnd(callers[at] as Call, receiver);
  }
}

/** A caller whom the transferer sends to 102, who is busy; resolves when they stand in the line. */
async function sendToLine(office: Live, number: string, transferer: string): Promise<Call> {
  const caller = await sendOn(office, number, transferer, "102");
  await office.logged(inLine(number), 10_000);
  return caller;
}

for (const side of sides) {
  test(`${side}: the receiver is busy: the caller waits, and is put through when the phone is free`, async () => {
    const office = await live();
    const { talk, phone, logged, clean, recorded } = office;
    const { call, other } = await occupy(office);
    const { caller, transferer } = await talk(side);
    await transferer.keys("#102");
    await transferer.ended();
    await logged(/Playing 'smart-transfer\/busy/);
    await logged(inLine("900"), 10_000);
    await caller.hears();
    await other.hangup();
    await call.ended();
    const receiver = await phone("102").rings();
    const waited = (receiver.at("called") ?? 0) - (call.at("ended") ?? 0);
    assert.ok(waited > 0 && waited < 2000, `rung ${waited} ms after the phone was free`);
    assert.is(receiver.caller.number, "900");
    assert.is(receiver.caller.name, "Line 900");
    await talkToTheEnd(caller, receiver);
    assert.match(await recorded(), /from=101 to=102 outcome=waited line=\d/);
    await clean();
  });

  test(`${side}: the phone itself says busy: the caller waits too; 1 takes them back during the prompt`, async () => {
    const { talk, phone, logged, clean, recorded } = await live();
    phone("102").policy = "busy";
    const { caller, transferer } = await talk(side);
    await transferer.keys("#102");
    await logged(/Playing 'smart-transfer\/busy/);
    await caller.keys("1");
    const recall = await phone("101").rings();
    assert.is(recall.caller.name, "RT 102 back: Line 900");
    await talkToTheEnd(caller, recall);
    assert.match(await recorded(), /outcome=returned desk=[\d.]+ line=[\d.]+ recall=[\d.]+$/);
    await clean();
  });
}

const parts = ["busy", "busy-stay", "busy-press", "busy-back"];

moreTest(
  "the phone becomes free while the caller hears that it is busy, at its begin or end: it is rung within 2 s",
  async () => {
    for (const part of ["busy", "busy-back"]) {
      const office = await live();
      const { talk, phone, logged, clean, recorded } = office;
      const { call, other } = await occupy(office);
      const { caller, transferer } = await talk("called");
      await transferer.keys("#102");
      await logged(new RegExp(`Playing 'smart-transfer/${part}\\.`));
      await other.hangup();
      await call.ended();
      const receiver = await phone("102").rings();
      const waited = (receiver.at("called") ?? 0) - (call.at("ended") ?? 0);
      assert.ok(waited > 0 && waited < 2000, `${part}: rung ${waited} ms after the phone was free`);
      await talkToTheEnd(caller, receiver);
      assert.match(await recorded(), /outcome=waited/);
      await clean();
    }
  },
);

moreTest("1 takes the caller back at any moment of the prompt", async () => {
  const office = await live();
  const { talk, phone, logged, clean, log, mark } = office;
  const { call } = await occupy(office);
  for (const [at, part] of parts.entries()) {
    await mark();
    const { caller, transferer } = await talk("called");
    await transferer.keys("#102");
    await logged(new RegExp(`Playing 'smart-transfer/${part}\\.`));
    await caller.keys("1");
    const recall = await phone("101").rings();
    assert.is(recall.caller.name, "RT 102 back: Line 900", part);
    assert.is((await log()).match(/Playing 'smart-transfer\/busy/g)?.length, at + 1);
    await caller.hangup();
    await recall.ended();
  }
  await call.hangup();
  await clean();
});

moreTest("who hears that it is busy came before who comes when the phone has just become free", async () => {
  const office = await live();
  const { logged, clean, set } = office;
  // 10 is an extension too: time for both to have keyed it before it is taken for one.
  await set({ digit_timeout: "10" });
  const { call, other } = await occupy(office);
  const { callers, transferers } = await keysTen(office);
  await transferers[0]?.keys("2");
  await logged(/Playing 'smart-transfer\/busy\./);
  await other.hangup();
  await call.ended();
  await transferers[1]?.keys("2");
  await served(office, callers);
  await clean();
});

test("first come, first served; the first goes back with 1 and the second moves up", async () => {
  const office = await live();
  const { phone, logged, clean } = office;
  const { call, other } = await occupy(office);
  const first = await sendToLine(office, "900", "101");
  const second = await sendToLine(office, "901", "104");
  await logged(isToldSecond, 10_000);
  await first.keys("5");
  await first.keys("1");
  const recall = await phone("101").rings();
  assert.is(recall.caller.name, "RT 102 back: Line 900");
  await talkToTheEnd(first, recall);
  await other.hangup();
  await call.ended();
  const receiver = await phone("102").rings();
  assert.is(receiver.caller.number, "901");
  await talkToTheEnd(second, receiver);
  await clean();
});

moreTest("two wait: the phone rings for the first, then for the second", async () => {
  const office = await live();
  const { logged, clean } = office;
  const { call, other } = await occupy(office);
  const callers = [await sendToLine(office, "900", "101"), await sendToLine(office, "901", "104")];
  await logged(isToldSecond, 10_000);
  await other.hangup();
  await call.ended();
  await served(office, callers);
  await clean();
});

moreTest("the wait is over: recall", async () => {
  const office = await live();
  const { talk, phone, set, clean } = office;
  await set({ wait_timeout: "1" });
  const { call } = await occupy(office);
  const { caller, transferer } = await talk("called");
  await transferer.keys("#102");
  const recall = await phone("101").rings(15_000);
  assert.is(recall.caller.name, "RT 102 busy: Line 900");
  await talkToTheEnd(caller, recall);
  await call.hangup();
  await clean();
});

moreTest("busy = return skips the line", async () => {
  const office = await live();
  const { talk, phone, set, clean, log } = office;
  await set({ busy: "return" });
  const { call } = await occupy(office);
  const { caller, transferer } = await talk("called");
  await transferer.keys("#102");
  const recall = await phone("101").rings();
  assert.is(recall.caller.name, "RT 102 busy: Line 900");
  assert.not.match(await log(), /Playing 'smart-transfer\/busy/);
  await talkToTheEnd(caller, recall);
  await call.hangup();
  await clean();
});

moreTest("busy_states lets call waiting through", async () => {
  const office = await live();
  const { talk, phone, set, clean } = office;
  await set({ busy_states: "BUSY" });
  const { call } = await occupy(office);
  const { caller, transferer } = await talk("called");
  await transferer.keys("#102");
  const second = await phone("102").rings();
  assert.is(second.caller.number, "900");
  await caller.hangup();
  await second.ended();
  await call.hangup();
  await clean();
});

/** 102 does not answer, and the caller waits in the line of the transferer, who talks to somebody else by then. */
async function waitsForTransferer(office: Live) {
  const { talk, phone, logged } = office;
  const { caller, transferer } = await talk("called");
  await transferer.keys("#102");
  await phone("102").rings();
  await transferer.ended();
  const { caller: other, talked: busy } = await talksWith(office, "103", "101");
  await logged(inLine("900"), 10_000);
  return { caller, other, busy };
}

test("the transferer is busy at the recall: the caller waits in their line", async () => {
  const office = await live();
  const { phone, clean, recorded } = office;
  const { caller, other, busy } = await waitsForTransferer(office);
  await caller.keys("1");
  await other.hangup();
  await busy.ended();
  const recall = await phone("101").rings();
  assert.is(recall.caller.name, "RT 102 no answer: Line 900");
  assert.match(recall.alertInfo, /recall/);
  await talkToTheEnd(caller, recall);
  assert.match(await recorded(), /outcome=returned desk=[\d.]+ recall-line=[\d.]+/);
  await clean();
});

moreTest("a recall that the transferer refuses out of their line does not ring again at once", async () => {
  const office = await live();
  const { phone, clean } = office;
  const { caller, other, busy } = await waitsForTransferer(office);
  await other.hangup();
  await busy.ended();
  const recall = await phone("101").rings();
  await recall.decline();
  await recall.ended();
  const again = await phone("101").rings();
  const waited = (again.at("called") ?? 0) - (recall.at("ended") ?? 0);
  assert.ok(waited > 800, `rung again after ${waited} ms`);
  await talkToTheEnd(caller, again);
  await clean();
});

test("a caller whose wait in the transferer's line begins again keeps their place", async () => {
  const office = await live();
  const { phone, clean, logged, mark, set } = office;
  await set({ wait_timeout: "10", prompt_busy: "beep" });
  const { caller, other, busy } = await waitsForTransferer(office);
  // The later caller's own wait must not end before it is their turn: then they would go back to 104.
  await set({ wait_timeout: "60" });
  const later = await sendOn(office, "901", "104", "101");
  await logged(inLine("901"), 10_000);
  await mark();
  // The second of recall_attempts.
  await logged(inLine("900"), 17_000);
  await other.hangup();
  await busy.ended();
  for (const [number, waiting] of [
    ["900", caller],
    ["901", later],
  ] as const) {
    const rung = await phone("101").rings();
    assert.is(rung.caller.number, number);
    await talkToTheEnd(waiting, rung);
  }
  await clean();
});

test("two transferers pick the same free receiver at once: one has them, the other's caller waits in their line", async () => {
  const office = await live();
  const { phone, clean, log, set } = office;
  // 10 is an extension too: both shall be there before it is taken for one.
  await set({ digit_timeout: "10" });
  const { callers, transferers } = await keysTen(office);
  await Promise.all(transferers.map((talked) => talked.keys("2")));
  const first = await phone("102").rings();
  await first.answer();
  const [lucky, waiting] = first.caller.number === "900" ? callers : [...callers].reverse();
  await talking(lucky as Call, first);
  assert.is((await log()).match(/Playing 'smart-transfer\/busy\./g)?.length, 1);
  await first.hangup();
  await lucky?.ended();
  const second = await phone("102").rings(15_000);
  assert.is.not(second.caller.number, first.caller.number);
  await talkToTheEnd(waiting as Call, second);
  await clean();
});

moreTest("the caller hangs up in the line, during the prompt and later; the line is empty", async () => {
  const office = await live();
  const { talk, logged, begin, clean, recorded } = office;
  const { call } = await occupy(office);
  const first = await talk("called");
  await first.transferer.keys("#102");
  await logged(/Playing 'smart-transfer\/busy/);
  await first.caller.hangup();
  assert.match(await recorded(), /outcome=abandoned/);
  await office.mark();
  const second = await talk("called");
  await second.transferer.keys("#102");
  await logged(inLine("900"), 10_000);
  await second.caller.hangup();
  assert.match(await recorded(), /outcome=abandoned/);
  await call.hangup();
  await clean();
  await begin();
});

test("nothing is left running", () => leavesNothing(started));

test.run();
