import { setTimeout as sleep } from "node:timers/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { talking } from "../src/sandbox/call.ts";
import { brief, inLine, noChannels, seesAgain, seesOnTrunk, sent, setOn, talks } from "./across.ts";
import { send, talkToTheEnd } from "./live.ts";
import { startNodes } from "./two-nodes.ts";

/** Between two nodes every packet of SIP is lost for some time, and both live on. 101 is at node a, 201 at node b. */
const started = startNodes({ relay: true });

async function live() {
  const nodes = await started;
  const [a, b] = [nodes.node("a"), nodes.node("b")];
  const cut = (isCut: boolean) => nodes.relay?.cut(isCut);
  cut(false);
  await Promise.all([seesOnTrunk(a, "b", "Avail"), seesOnTrunk(b, "a", "Avail")]);
  await nodes.begin();
  await setOn([a, b], { ...brief, wait_timeout: "5", ring_timeout: "2", recall_timeout: "20" });
  const isOver = async () => {
    cut(false);
    await Promise.all([seesAgain(a, "b"), seesAgain(b, "a")]);
    await noChannels(a);
    await noChannels(b);
    const caller = await sent(nodes, "key", "201");
    await talkToTheEnd(caller, await nodes.phone("201").rings());
    await noChannels(a);
    await noChannels(b);
  };
  return { nodes, a, b, cut, isOver };
}
type Nodes = Awaited<typeof started>;

async function comesBack({ phone }: Nodes, caller: Awaited<ReturnType<typeof sent>>, reason: string, within: number) {
  const recall = await phone("101").rings(within * 1000);
  assert.is(recall.caller.name, `RT 201 ${reason}: Line 910`);
  await talkToTheEnd(caller, recall);
}

test("idle: unavailable, before and after that is known", async () => {
  const { nodes, a, cut, isOver } = await live();
  cut(true);
  for (const when of ["at once", "later"]) {
    if (when === "later") await seesOnTrunk(a, "b", "Unavail");
    await a.mark();
    const { caller, talked } = await talks(nodes, "910", "101");
    await send(talked, "key", "201");
    await a.logged(/Playing 'smart-transfer\/unavailable\.[\s\S]*complete GOSUB_RETVAL/);
    await talking(caller, talked);
    await talked.hangup();
    await caller.ended();
  }
  await isOver();
});

test("while the caller waits: 1 works, and so does this node's clock; the other node rings nobody for them", async () => {
  for (const presses of [true, false]) {
    const { nodes, b, cut, isOver } = await live();
    const { talked: busy } = await talks(nodes, "203", "201");
    const caller = await sent(nodes, "key", "201");
    await inLine(b, "201");
    cut(true);
    await caller.hears();
    if (presses) await caller.keys("1");
    await comesBack(nodes, caller, presses ? "back" : "busy", presses ? 3 : 5 + 2 + 2 + 3);
    const before = nodes.phone("201").calls.length;
    await seesOnTrunk(b, "a", "Unavail");
    await busy.hangup();
    await noChannels(b);
    assert.is(nodes.phone("201").calls.length, before, "nobody rings for a caller who left");
    await isOver();
  }
});

test("for three seconds while the caller waits: the receiver has them, or the transferer has them back", async () => {
  const { nodes, a, b, cut, isOver } = await live();
  await setOn([a, b], { wait_timeout: "60" });
  const { talked: busy } = await talks(nodes, "203", "201");
  const caller = await sent(nodes, "key", "201");
  await inLine(b, "201");
  cut(true);
  await caller.hears();
  await sleep(3000);
  cut(false);
  const before = new Map(["201", "101"].map((number) => [number, nodes.phone(number).calls.length]));
  await busy.hangup();
  // Each node asks the other every 5 s whether it is there. If one asked in vain, it has let go of the caller.
  const isRung = (number: string) => nodes.phone(number).calls.length > (before.get(number) ?? 0);
  const deadline = Date.now() + 12_000;
  while (![...before.keys()].some(isRung)) {
    assert.ok(Date.now() < deadline, "nobody rings for the caller");
    await sleep(50);
  }
  const rung = await nodes.phone(isRung("201") ? "201" : "101").rings();
  assert.is(rung.caller.number, "910");
  await talkToTheEnd(caller, rung);
  await isOver();
});

test("while the phone rings: no answer here, and it stops ringing there", async () => {
  const { nodes, b, cut, isOver } = await live();
  const caller = await sent(nodes, "key", "201");
  const rung = await nodes.phone("201").rings();
  cut(true);
  await rung.ended(2000 + 2000 + 1000);
  await comesBack(nodes, caller, "no answer", 2 + 2 + 3);
  await noChannels(b);
  await isOver();
});

test("nothing is left running", async () => {
  await (await started).stop();
});

test.run();
