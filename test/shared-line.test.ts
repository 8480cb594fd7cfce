import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Call } from "../src/sandbox/call.ts";
import { leavesNothing, sendOn, startLive, talksWith, talkToTheEnd } from "./live.ts";

const more = Array.from({ length: 50 }, (_, at) => String(200 + at));

/** So large a directory that its extensions share lines. */
async function startLarge() {
  const office = await startLive({ phoneless: more });
  const installed = await office.run("install", "--yes", "--extensions", "10,101-105,200-249");
  assert.is(installed.code, 0, installed.stdout + installed.stderr);
  return office;
}
const started = startLarge();

const shared = /^smart-transfer-shared-\d+ has (\d+) calls/gm;

test("in a large directory those wait in a shared line who wait for the same extension, each for his own", async () => {
  const office = await started;
  const { pbx, phone, logged, clean, set, mark } = office;
  await mark();
  await set({ wait_timeout: "30" });
  assert.is((await pbx.cli("queue show")).match(shared)?.length, 50);
  const occupied: Call[] = [];
  for (const [number, other] of [
    ["102", "103"],
    ["105", "909"],
  ] as const) {
    occupied.push((await talksWith(office, other, number)).talked);
  }
  const send = async (number: string, transferer: string, receiver: string) => {
    await mark();
    const caller = await sendOn(office, number, transferer, receiver);
    const joins = new RegExp(`Queue\\("\\w+/${number}-\\w+", "(smart-transfer-shared-\\d+),`);
    return { caller, line: joins.exec(await logged(joins, 10_000))?.[1] ?? "" };
  };
  const first = await send("900", "101", "102");
  const second = await send("901", "104", "102");
  assert.match(first.line, /^smart-transfer-shared-/);
  assert.is(second.line, first.line);
  assert.match(await pbx.cli(`queue show ${first.line}`), /Local\/102@[\s\S]*1\. \w+\/900[\s\S]*2\. \w+\/901/);
  const third = await send("10", "101", "105");
  assert.is.not(third.line, first.line);
  for (const [call, receiver, waiting] of [
    [occupied[1], "105", [third]],
    [occupied[0], "102", [first, second]],
  ] as const) {
    await call?.hangup();
    for (const { caller } of waiting) {
      const rung = await phone(receiver).rings();
      await talkToTheEnd(caller, rung);
    }
  }
  await clean();
  assert.not.match(await pbx.cli("queue show"), /Local\/\d+@/, "no line has a member");
});

test("the last who leaves gives the line back, however he leaves", async () => {
  const office = await started;
  const { pbx, logged, clean, mark, talk } = office;
  await mark();
  const { caller: other, talked: call } = await talksWith(office, "103", "102");
  const { caller, transferer } = await talk("called");
  await transferer.keys("#102");
  await logged(/Queue\("/, 10_000);
  assert.match(await pbx.cli("queue show"), /Local\/102@/);
  await caller.hangup();
  await call.hangup();
  await other.ended();
  await clean();
  assert.not.match(await pbx.cli("queue show"), /Local\/\d+@/, "no line has a member");
});

test("ends", () => leavesNothing(started));

test.run();
