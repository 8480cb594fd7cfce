// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${...} is what Asterisk puts in
import { test } from "uvu";
import * as assert from "uvu/assert";
import { talking } from "../src/sandbox/call.ts";
import { brief, inLine, seesOnTrunk, sent, setOn, talks } from "./across.ts";
import { send, talkToTheEnd, ways } from "./live.ts";
import { startNodes } from "./two-nodes.ts";

/** Three nodes, and what an admin may set besides: the choice of a transferer, voicemail, numbers that are no extension, phones that forward. */
const places = `
exten => _*2XX,1,Dial(PJSIP/103)
exten => 601,1,Dial(PJSIP/103)
`;
const started = startNodes({ nodes: ["a", "b", "c"], dialplan: places });

async function live() {
  const nodes = await (await started).begin();
  const [a, b, c] = [nodes.node("a"), nodes.node("b"), nodes.node("c")];
  await setOn([a, b, c], { ...brief, ring_timeout: "20" });
  return { nodes, a, b, c, all: [a, b, c] };
}

test("from the first node to the third, and from there to the second", async () => {
  const { nodes, a, c } = await live();
  for (const by of ways) {
    await nodes.begin();
    const caller = await sent(nodes, by, "301");
    const third = await nodes.phone("301").rings();
    assert.is(third.caller.number, "910");
    await third.answer();
    await talking(caller, third);
    await send(third, by, "201");
    await third.ended();
    const second = await nodes.phone("201").rings();
    assert.is(second.caller.number, "910");
    await talkToTheEnd(caller, second);
    assert.match(await a.recorded(), / from=101 to=301 outcome=answered .* node=a$/);
    assert.match(await c.recorded(), / from=301 to=201 outcome=answered .* node=c$/);
    await nodes.clean();
  }
});

test("busy = ask: who is free is sent to at once; of who talks the transferer hears so, and 1 lets the caller wait", async () => {
  const { nodes, a, b, all } = await live();
  await setOn(all, { busy: "ask" });
  const first = await sent(nodes, "key", "201");
  await talkToTheEnd(first, await nodes.phone("201").rings());
  assert.not.match(await a.log(), /smart-transfer\/occupied/);
  await nodes.clean();
  await a.mark();
  const { caller: other, talked: busy } = await talks(nodes, "202", "201");
  const { caller, talked } = await talks(nodes, "910", "101");
  await send(talked, "key", "201");
  await a.logged(/Playing 'smart-transfer\/occupied\./);
  await talked.keys("1");
  await talked.ended();
  await inLine(b, "201");
  await other.hangup();
  await busy.ended();
  await talkToTheEnd(caller, await nodes.phone("201").rings());
  await nodes.clean();
});

test("busy = ask: of who talks the transferer hears so, and * gives them the caller back", async () => {
  const { nodes, a, all } = await live();
  await setOn(all, { busy: "ask" });
  const { caller: other } = await talks(nodes, "202", "201");
  const { caller, talked } = await talks(nodes, "910", "101");
  await send(talked, "key", "201");
  await a.logged(/Playing 'smart-transfer\/ask-wait\./);
  await talked.keys("*");
  await a.logged(/complete GOSUB_RETVAL/);
  await talking(caller, talked);
  await talked.hangup();
  await caller.ended();
  await other.hangup();
  await nodes.clean();
});

for (const by of ways) {
  test(`by ${by}: a number that is no extension, for a caller from another node`, async () => {
    const { nodes, a, all } = await live();
    await setOn(all, { pass_through: "6XX@internal" });
    const { caller, talked } = await talks(nodes, "201", "101");
    await send(talked, by, "601");
    await talked.ended();
    const called = await nodes.phone("103").rings();
    assert.is(called.caller.number, "201");
    await talkToTheEnd(caller, called);
    assert.match(await a.log(), /\[601@\S+:1\] Dial/);
    await nodes.clean();
  });

  test(`by ${by}: voicemail of who is at another node, in the line and where nobody answers`, async () => {
    const { nodes, b, all } = await live();
    await setOn(all, { voicemail: "*${EXTENSION}@internal", no_answer: "voicemail" });
    const { caller: other } = await talks(nodes, "202", "201");
    const first = await sent(nodes, by, "201");
    await inLine(b, "201");
    await first.keys("2");
    await talkToTheEnd(first, await nodes.phone("103").rings());
    await other.hangup();
    await nodes.clean();
    await setOn(all, { ring_timeout: "1" });
    const second = await sent(nodes, by, "201");
    await (await nodes.phone("201").rings()).ended();
    await talkToTheEnd(second, await nodes.phone("103").rings());
    await nodes.clean();
  });

  test(`by ${by}: the phone of another node forwards: to a colleague there, who rings; to anybody else, and the caller comes back`, async () => {
    for (const to of ["202", "102", "301", "910"]) {
      const { nodes, a } = await live();
      const caller = await sent(nodes, by, "201");
      const forwarding = await nodes.phone("201").rings();
      await forwarding.refer(to);
      await forwarding.ended();
      if (to === "202") await talkToTheEnd(caller, await nodes.phone("202").rings());
      else {
        const recall = await nodes.phone("101").rings(10_000);
        assert.is(recall.caller.name, "RT 201 no answer: Line 910", to);
        await talkToTheEnd(caller, recall);
      }
      assert.match(await a.recorded(), to === "202" ? / outcome=answered / : / outcome=returned /);
      await nodes.clean();
    }
  });

  test(`by ${by}: the phone of this node forwards to who is at another one, who rings`, async () => {
    const { nodes } = await live();
    const caller = await sent(nodes, by, "102");
    const forwarding = await nodes.phone("102").rings();
    await forwarding.refer("201");
    await forwarding.ended();
    const receiver = await nodes.phone("201").rings();
    assert.is(receiver.caller.number, "910");
    await talkToTheEnd(caller, receiver);
    await nodes.clean();
  });
}

test("check rehearses across each node that is up, and no phone rings; one that is down is left out", async () => {
  const { nodes, a, b } = await live();
  const rehearsed = async () => {
    const { stdout } = await a.run("check", "--json");
    const { rehearsal } = JSON.parse(stdout) as {
      rehearsal: { id: string; node?: string; status: string }[];
    };
    return rehearsal.filter(({ node }) => node !== undefined).map(({ id, node, status }) => `${id} ${node} ${status}`);
  };
  const calls = nodes.phone("201").calls.length;
  assert.equal(await rehearsed(), ["across b pass", "across c pass"]);
  assert.is(nodes.phone("201").calls.length, calls);
  await nodes.clean();
  process.kill(b.pbx.pid, "SIGKILL");
  await seesOnTrunk(a, "b", "Unavail");
  assert.equal(await rehearsed(), ["across c pass"]);
  await b.pbx.restart();
});

test("nothing is left running", async () => {
  await (await started).stop();
});

test.run();
