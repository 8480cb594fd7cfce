import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Call, talking } from "../src/sandbox/call.ts";
import { type Live, leavesNothing, moreTest, sendOn, startLive, talksWith, talkToTheEnd } from "./live.ts";

/** 8101 leads to 101 through a queue of the admin's own that sets a penalty. */
const ownQueue = `
[internal](+)
exten => 8101,1,Set(__QUEUE_MIN_PENALTY=10)
 same => n,Goto(101,1)
`;

const started = startLive({
  outsiders: ["900", "901", "902", "903", "904", "909"],
  more: { "extensions.conf": ownQueue },
});

/** A beep stands for what the caller hears when the receiver is busy. */
const live = async () => {
  const office = await (await started).begin();
  // 10 is an extension too: time to key a last digit before it is taken for one.
  await office.set({ wait_timeout: "60", prompt_busy: "beep", digit_timeout: "10", ring_timeout: "20" });
  return office;
};

/** 102 in a call with 909; hanging up is what makes it free. */
async function occupy(office: Live): Promise<Call> {
  return (await talksWith(office, "909", "102")).talked;
}

/** A caller whom the transferer sends to 102, who is busy; resolves when they stand in the line. */
async function wait(office: Live, number: string, transferer = "101"): Promise<Call> {
  const caller = await sendOn(office, number, transferer, "102");
  await inLine(office, number);
  return caller;
}

const inLine = ({ logged }: Live, number: string) =>
  logged(new RegExp(`StartMusicOnHold\\("\\w+/${number}-[^\\n]*`), 10_000);

test("five wait, two of whom came in the same instant: first come, first served", async () => {
  const office = await live();
  const { phone, clean, logged } = office;
  const occupied = await occupy(office);
  const callers = new Map<string, Call>();
  for (const [number, transferer] of [
    ["900", "101"],
    ["901", "104"],
  ] as const)
    callers.set(number, await wait(office, number, transferer));
  const [one, other] = [await talksWith(office, "902", "101"), await talksWith(office, "903", "104")];
  await Promise.all([one.talked.keys("#10"), other.talked.keys("#10")]);
  await Promise.all([one.talked.keys("2"), other.talked.keys("2")]);
  callers.set("902", one.caller);
  callers.set("903", other.caller);
  await Promise.all([one.talked.ended(), other.talked.ended()]);
  await Promise.all(["902", "903"].map((number) => inLine(office, number)));
  callers.set("904", await wait(office, "904"));
  await logged(/904-\S+> Playing 'digits\/5\./, 10_000);
  const positions = await Promise.all(
    ["902", "903"].map(async (number) => {
      const said = await logged(new RegExp(`${number}-\\S+> Playing 'digits/\\d\\.`), 10_000);
      return /digits\/(\d)/.exec(said)?.[1];
    }),
  );
  assert.equal([...positions].sort(), ["3", "4"], "each has a place of their own");
  const third = positions[0] === "3" ? ["902", "903"] : ["903", "902"];
  await occupied.hangup();
  for (const number of ["900", "901", ...third, "904"]) {
    const receiver = await phone("102").rings();
    assert.is(receiver.caller.number, number);
    await talkToTheEnd(callers.get(number) as Call, receiver);
  }
  await clean();
});

moreTest("the phone is rung within 1 s of being free, 20 times of 20", async () => {
  const office = await live();
  const { phone, clean, mark } = office;
  let occupied = await occupy(office);
  const waited: number[] = [];
  for (let round = 0; round < 20; round++) {
    await mark();
    await wait(office, round % 2 === 0 ? "900" : "901");
    await sleep(round * 27);
    await occupied.hangup();
    await occupied.ended();
    const next = await phone("102").rings();
    waited.push((next.at("called") ?? Number.NaN) - (occupied.at("ended") ?? Number.NaN));
    await next.answer();
    occupied = next;
  }
  await occupied.hangup();
  const sorted = waited.map(Math.round).sort((one, other) => one - other);
  console.log(`rung after ${sorted.join(", ")} ms`);
  assert.is(waited.length, 20);
  assert.ok(waited.every((milliseconds) => milliseconds > 0 && milliseconds < 1000));
  await clean();
});

test("1 takes the caller back while the phone rings for them: at the desk, and in the line", async () => {
  const office = await live();
  const { phone, clean, recorded, mark } = office;
  const direct = await sendOn(office, "900", "101", "102");
  const first = await phone("102").rings();
  await direct.keys("1");
  await first.ended();
  const recall = await phone("101").rings();
  assert.is(recall.caller.name, "RT 102 back: Line 900");
  await talkToTheEnd(direct, recall);
  assert.match(await recorded(), /outcome=returned desk=[\d.]+ recall=[\d.]+$/);
  await mark();
  const occupied = await occupy(office);
  const waiting = await wait(office, "901");
  await occupied.hangup();
  const rung = await phone("102").rings();
  await waiting.keys("5");
  await waiting.keys("1");
  await rung.ended();
  const again = await phone("101").rings();
  assert.is(again.caller.name, "RT 102 back: Line 901");
  await talkToTheEnd(waiting, again);
  assert.match(await recorded(), /outcome=returned line=[\d.]+ recall=[\d.]+$/);
  await clean();
});

moreTest("whatever key a caller presses while a phone rings for them, Asterisk goes on", async () => {
  const office = await live();
  const { phone, clean } = office;
  for (let round = 0; round < 5; round++) {
    const caller = await sendOn(office, "900", "101", "102");
    const called = await phone("102").rings();
    await caller.keys("5*1");
    await called.ended();
    const recall = await phone("101").rings();
    await talkToTheEnd(caller, recall);
  }
  await clean();
});

test("a phone that says busy though its device is free is tried again, not without a pause; the place is kept", async () => {
  const office = await live();
  const { phone, clean, log } = office;
  phone("102").policy = "busy";
  const first = await wait(office, "900");
  const second = await wait(office, "901", "104");
  const before = phone("102").calls.length;
  await sleep(6000);
  const tries = phone("102").calls.slice(before);
  assert.ok(tries.length >= 2 && tries.length <= 3, `${tries.length} tries in 6 s`);
  assert.ok(
    tries.every(({ caller }) => caller.number === "900"),
    "the first keeps the place",
  );
  assert.ok((await log()).length < 100_000, "no loop");
  phone("102").policy = "ring";
  for (const [number, caller] of [
    ["900", first],
    ["901", second],
  ] as const) {
    const receiver = await phone("102").rings();
    assert.is(receiver.caller.number, number);
    await talkToTheEnd(caller, receiver);
  }
  await clean();
});

moreTest("two wait for a phone that says busy: 1 takes the first back, then the second is the first", async () => {
  const office = await live();
  const { phone, clean } = office;
  phone("102").policy = "busy";
  const first = await wait(office, "900");
  const second = await wait(office, "901", "104");
  await first.keys("1");
  const recall = await phone("101").rings();
  assert.is(recall.caller.name, "RT 102 back: Line 900");
  await talkToTheEnd(first, recall);
  phone("102").policy = "ring";
  const receiver = await phone("102").rings();
  assert.is(receiver.caller.number, "901");
  await talkToTheEnd(second, receiver);
  await clean();
});

test("a phone that takes seconds to ring is called for the first alone; 1 gets through, then for the second", async () => {
  const office = await live();
  const { phone, clean, log } = office;
  const occupied = await occupy(office);
  const first = await wait(office, "900");
  const second = await wait(office, "901", "104");
  phone("102").policy = "asleep";
  await occupied.hangup();
  const woken = await phone("102").rings();
  assert.is(woken.caller.number, "900");
  const calls = phone("102").calls.length;
  await sleep(5000);
  assert.is(phone("102").calls.length, calls, "nobody else calls it meanwhile");
  assert.ok((await log()).length < 100_000, "no loop");
  await first.keys("1");
  await woken.ended();
  const recall = await phone("101").rings();
  await talkToTheEnd(first, recall);
  const other = await phone("102").rings();
  assert.is(other.caller.number, "901");
  await talkToTheEnd(second, other);
  await clean();
});

moreTest("one who comes while a phone takes seconds to ring for another waits behind", async () => {
  const office = await live();
  const { phone, clean } = office;
  phone("102").policy = "asleep";
  const first = await sendOn(office, "900", "101", "102");
  const woken = await phone("102").rings();
  await sleep(3000);
  const second = await wait(office, "901", "104");
  await sleep(1000);
  await talkToTheEnd(first, woken);
  const other = await phone("102").rings();
  assert.is(other.caller.number, "901");
  await talkToTheEnd(second, other);
  await clean();
});

moreTest("who is answered holds up nobody: the receiver passes them on, and the next is rung", async () => {
  const office = await live();
  const { phone, clean } = office;
  const first = await sendOn(office, "900", "101", "102");
  const receiver = await phone("102").rings();
  await receiver.answer();
  await talking(first, receiver);
  await receiver.keys("#105");
  await receiver.ended();
  const passedOn = await phone("105").rings();
  await passedOn.answer();
  const second = await sendOn(office, "901", "104", "102");
  const next = await phone("102").rings(1000);
  assert.is(next.caller.number, "901");
  await talkToTheEnd(second, next);
  await passedOn.hangup();
  await first.ended();
  await clean();
});

moreTest("who is answered holds up nobody whom busy_states lets through", async () => {
  const office = await live();
  const { phone, clean } = office;
  await office.set({ busy_states: "BUSY" });
  const first = await sendOn(office, "900", "101", "102");
  const receiver = await phone("102").rings();
  await receiver.answer();
  await talking(first, receiver);
  // Longer than the time for which the caller's own channel counts as ringing.
  await sleep(2000);
  const second = await sendOn(office, "901", "104", "102");
  const waiting = await phone("102").rings(1000);
  assert.is(waiting.caller.number, "901");
  await receiver.hangup();
  await first.ended();
  await talkToTheEnd(second, waiting);
  await clean();
});

moreTest("who waits is not held back by the penalty of a queue that they came out of", async () => {
  const office = await live();
  const { phone, clean } = office;
  const occupied = await occupy(office);
  const caller = await phone("900").call("8101");
  const talked = await phone("101").rings();
  await talked.answer();
  await talking(caller, talked);
  await talked.keys("#102");
  await talked.ended();
  await inLine(office, "900");
  await occupied.hangup();
  const receiver = await phone("102").rings();
  await talkToTheEnd(caller, receiver);
  await clean();
});

test("Asterisk is killed while somebody waits: nothing is left in the AstDB", async () => {
  const office = await live();
  const { pbx, stop } = office;
  await occupy(office);
  await wait(office, "900");
  process.kill(pbx.pid, "SIGKILL");
  const folder = join(pbx.folder, "db");
  const files = (await readdir(folder)).filter((name) => name.startsWith("astdb"));
  assert.ok(files.length > 0);
  for (const name of files)
    assert.not.match(await readFile(join(folder, name), "latin1"), /smart.transfer|\/Queue\//i, name);
  await stop();
});

test("nothing is left running", () => leavesNothing(started));

test.run();
