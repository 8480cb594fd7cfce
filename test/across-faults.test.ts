import { test } from "uvu";
import * as assert from "uvu/assert";
import { talking } from "../src/sandbox/call.ts";
import { brief, inLine, noChannels, seesAgain, seesOnTrunk, sent, setOn, talks } from "./across.ts";
import { endCalls, type Live, send, talkToTheEnd } from "./live.ts";
import { type Nodes, seesOthers, startNodes } from "./two-nodes.ts";

/** A node's Asterisk is killed at the worst moments. 101 is at node a, 201 at node b. */
const started = startNodes();

async function live() {
  const nodes = await started;
  const [a, b] = [nodes.node("a"), nodes.node("b")];
  // The test before may have killed a node: wait until it is back.
  await Promise.all([seesOthers("a", a, ["a", "b"]), seesOthers("b", b, ["a", "b"])]);
  await nodes.begin();
  await setOn([a, b], { ...brief, wait_timeout: "5", ring_timeout: "2", recall_timeout: "20" });
  return { nodes, a, b };
}

const die = ({ pbx }: Live) => process.kill(pbx.pid, "SIGKILL");

/** The caller comes back to 101 within some seconds from now, and they talk. */
async function comesBack(nodes: Nodes, caller: Awaited<ReturnType<typeof sent>>, reason: string, within: number) {
  const began = Date.now();
  const recall = await nodes.phone("101").rings(within * 1000);
  console.log(`back after ${((Date.now() - began) / 1000).toFixed(1)} s: ${recall.caller.name}`);
  assert.is(recall.caller.name, `RT 201 ${reason}: Line 910`);
  await talkToTheEnd(caller, recall);
}

/** Starts node b again: the next transfer rings its extensions as before. */
async function isBack(nodes: Nodes): Promise<void> {
  // The phones do not know that their calls are dead, and still send sound. Asterisk takes the first sound that reaches a
  // port for that of the new call (res_rtp_asterisk.c, strictrtp), and the new Asterisk has the same few ports.
  await endCalls(nodes.node("b"));
  await nodes.node("b").pbx.restart();
  await seesAgain(nodes.node("a"), "b");
  const caller = await sent(nodes, "key", "201");
  await talkToTheEnd(caller, await nodes.phone("201").rings());
  await noChannels(nodes.node("a"));
  await noChannels(nodes.node("b"));
}

test("the receiver's node dies idle: unavailable, before and after that is known; back, it is found", async () => {
  const { nodes, a, b } = await live();
  die(b);
  for (const when of ["at once", "later"]) {
    if (when === "later") await seesOnTrunk(a, "b", "Unavail");
    await a.mark();
    const { caller, talked } = await talks(nodes, "910", "101");
    const pressed = Date.now();
    await send(talked, "key", "201");
    await a.logged(/Playing 'smart-transfer\/unavailable\.[\s\S]*complete GOSUB_RETVAL/);
    console.log(`unavailable ${Date.now() - pressed} ms after the first key, ${when}`);
    await talking(caller, talked);
    await talked.hangup();
    await caller.ended();
  }
  const caller = await sent(nodes, "button", "201");
  await comesBack(nodes, caller, "offline", 5);
  await isBack(nodes);
});

test("the receiver's node dies while the caller waits: 1 works, and so does this node's clock", async () => {
  for (const presses of [true, false]) {
    const { nodes, b } = await live();
    await talks(nodes, "203", "201");
    const caller = await sent(nodes, "key", "201");
    await inLine(b, "201");
    die(b);
    await caller.hears();
    if (presses) await caller.keys("1");
    // Counted from the beginning of the wait: wait_timeout, ring_timeout and two seconds.
    await comesBack(nodes, caller, presses ? "back" : "busy", presses ? 3 : 5 + 2 + 2 + 3);
    await isBack(nodes);
  }
});

test("the receiver's node dies while the phone rings: no answer", async () => {
  const { nodes, b } = await live();
  const caller = await sent(nodes, "key", "201");
  await nodes.phone("201").rings();
  die(b);
  await comesBack(nodes, caller, "no answer", 2 + 2 + 3);
  await isBack(nodes);
});

test("the receiver's node dies while they talk: the call ends", async () => {
  const { nodes, a, b } = await live();
  const caller = await sent(nodes, "key", "201");
  const receiver = await nodes.phone("201").rings();
  await receiver.answer();
  await talking(caller, receiver);
  die(b);
  const began = Date.now();
  await caller.ended(45_000);
  console.log(`released after ${((Date.now() - began) / 1000).toFixed(1)} s`);
  await noChannels(a);
  await isBack(nodes);
});

test("the transferer's node dies while its caller waits: nobody is rung for them, and the next is served", async () => {
  const { nodes, a, b } = await live();
  await setOn([a, b], { wait_timeout: "60" });
  const { talked: busy } = await talks(nodes, "203", "201");
  await sent(nodes, "key", "201");
  await inLine(b, "201");
  const next = await sent(nodes, "key", "201", "920", "202");
  await b.logged(/StartMusicOnHold\("PJSIP\/920-/, 10_000);
  die(a);
  await seesOnTrunk(b, "a", "Unavail");
  const before = nodes.phone("201").calls.length;
  await busy.hangup();
  const rung = await nodes.phone("201").rings();
  assert.is(rung.caller.number, "920");
  assert.is(nodes.phone("201").calls.length, before + 1);
  await talkToTheEnd(next, rung);
  await noChannels(b);
  await a.pbx.restart();
});

test("nothing is left running", async () => {
  await (await started).stop();
});

test.run();
