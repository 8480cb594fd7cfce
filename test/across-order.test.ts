import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Call } from "../src/sandbox/call.ts";
import { brief, inLine, sent, setOn, talks } from "./across.ts";
import { type Live, send, talkToTheEnd } from "./live.ts";
import { type Nodes, startNodes } from "./two-nodes.ts";

/**
 * 201, at node b, is wanted from both nodes: 910 comes by 101 of node a, and 920 by 202 of node b. ORDER_ROUNDS says how
 * often their order is tried.
 */
const rounds = Number(process.env.ORDER_ROUNDS ?? 4);
const started = startNodes();

async function live() {
  const nodes = await (await started).begin();
  const [a, b] = [nodes.node("a"), nodes.node("b")];
  await setOn([a, b], { ...brief, ring_timeout: "20" });
  return { nodes, a, b };
}

const isWaitingHere = (b: Live) => b.logged(/StartMusicOnHold\("PJSIP\/920-/, 10_000);

interface Waiter {
  readonly number: string;
  readonly begin: (nodes: Nodes) => Promise<Call>;
}
const fromA: Waiter = {
  number: "910",
  async begin(nodes) {
    const caller = await sent(nodes, "key", "201");
    await inLine(nodes.node("b"), "201");
    return caller;
  },
};
const fromB: Waiter = {
  number: "920",
  async begin(nodes) {
    const caller = await sent(nodes, "key", "201", "920", "202");
    await isWaitingHere(nodes.node("b"));
    return caller;
  },
};

/** 201 is rung for these in turn, once each, and within a second of being free. */
async function served(nodes: Nodes, busy: Call, waiting: readonly (readonly [string, Call])[]): Promise<number[]> {
  const took: number[] = [];
  const before = nodes.phone("201").calls.length;
  await busy.hangup();
  let free = busy;
  for (const [number, caller] of waiting) {
    const rung = await nodes.phone("201").rings();
    took.push((rung.at("called") ?? Number.NaN) - (free.at("ended") ?? Number.NaN));
    assert.is(rung.caller.number, number);
    await talkToTheEnd(caller, rung);
    free = rung;
  }
  assert.is(nodes.phone("201").calls.length - before, waiting.length, "nobody is rung for twice");
  for (const ms of took) assert.ok(ms > 0 && ms < 1000, `rung after ${took} ms`);
  return took;
}

test(`one waits on each node: first come, first served, ${rounds} times of ${rounds}`, async () => {
  const took: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const { nodes } = await live();
    const { talked: busy } = await talks(nodes, "203", "201");
    const waiting: [string, Call][] = [];
    for (const { number, begin } of round % 2 === 0 ? [fromA, fromB] : [fromB, fromA])
      waiting.push([number, await begin(nodes)]);
    took.push(...(await served(nodes, busy, waiting)));
    await nodes.clean();
  }
  console.log(`rung after ${took.map(Math.round).join(", ")} ms`);
});

test("who hears at their own node that the receiver is busy came before who came meanwhile", async () => {
  const { nodes, a, b } = await live();
  // Four of Asterisk's longer sounds: the caller is in no line before they end.
  await a.set({ prompt_busy: "queue-thankyou&queue-callswaiting&queue-thankyou&queue-callswaiting" });
  const { talked: busy } = await talks(nodes, "203", "201");
  const first = await sent(nodes, "key", "201");
  await a.logged(/Playing 'queue-thankyou\./);
  const second = await sent(nodes, "key", "201", "920", "202");
  await isWaitingHere(b);
  assert.not.match(await b.log(), /\[line-201-/);
  await inLine(b, "201");
  await served(nodes, busy, [
    ["910", first],
    ["920", second],
  ]);
  await nodes.clean();
});

test("two pick the same free receiver at once, one on each node: one has them, the other's caller waits", async () => {
  const { nodes } = await live();
  const [one, other] = [await talks(nodes, "910", "101"), await talks(nodes, "920", "202")];
  await Promise.all([send(one.talked, "key", "201"), send(other.talked, "key", "201")]);
  const first = await nodes.phone("201").rings();
  await first.answer();
  await Promise.all([one.talked.ended(), other.talked.ended()]);
  const [lucky, waiting] = first.caller.number === "910" ? [one, other] : [other, one];
  await first.hangup();
  await lucky.caller.ended();
  const second = await nodes.phone("201").rings(10_000);
  assert.is.not(second.caller.number, first.caller.number);
  await talkToTheEnd(waiting.caller, second);
  assert.is(
    nodes
      .phone("201")
      .calls.slice(-3)
      .filter(({ caller }) => caller.number === "910").length,
    1,
  );
  await nodes.clean();
});

/** Digit to ring, in ms. */
async function keyToRing(nodes: Nodes, receiver: string): Promise<number> {
  const { caller, talked } = await talks(nodes, "910", "101");
  await send(talked, "key", receiver);
  const rung = await nodes.phone(receiver).rings();
  const took = (rung.at("called") ?? Number.NaN) - (talked.at(`presses ${receiver.at(-1)}`) ?? Number.NaN);
  await talkToTheEnd(caller, rung);
  return took;
}

const median = (values: readonly number[]) => [...values].sort((one, other) => one - other)[values.length >> 1] ?? 0;

test("the phone of another node rings as soon as one of this node, but for the way there", async () => {
  const { nodes } = await live();
  const here: number[] = [];
  const across: number[] = [];
  for (let round = 0; round < 9; round++) {
    here.push(await keyToRing(nodes, "102"));
    across.push(await keyToRing(nodes, "201"));
  }
  console.log(`last key to ring: here ${here.map(Math.round)}, across ${across.map(Math.round)} ms`);
  const more = median(across) - median(here);
  // On an idle machine it is less. Here others play at the same time.
  assert.ok(more < 100, `${more} ms more`);
  await nodes.clean();
});

test("nothing is left running", async () => {
  await (await started).stop();
});

test.run();
