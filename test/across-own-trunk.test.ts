import { test } from "uvu";
import * as assert from "uvu/assert";
import { talking } from "../src/sandbox/call.ts";
import { brief, inLine, sent, setOn, talks } from "./across.ts";
import { send, talkToTheEnd, ways } from "./live.ts";
import { said, startNodes } from "./two-nodes.ts";

/** The admins' own trunks join the nodes. What comes from them goes to a context of theirs, which begins with ours. */
const started = startNodes({ ownTrunks: true, dialplan: "exten => 0920,1,Dial(PJSIP/920@to-b,30)\n" });

async function live() {
  const nodes = await (await started).begin();
  const [a, b] = [nodes.node("a"), nodes.node("b")];
  await setOn([a, b], { ...brief, ring_timeout: "20" });
  return { nodes, a, b };
}

for (const by of ways) {
  test(`by ${by}: rung, and 1 takes the caller back, at their own node`, async () => {
    const { nodes, a, b } = await live();
    const caller = await sent(nodes, by, "201");
    const rung = await nodes.phone("201").rings();
    assert.equal([rung.caller.number, rung.caller.name], ["910", "Line 910"]);
    await caller.keys("1");
    await rung.ended();
    const recall = await nodes.phone("101").rings(10_000);
    assert.is(recall.caller.name, "RT 201 back: Line 910");
    await talkToTheEnd(caller, recall);
    assert.not.match(await b.log(), /smart-transfer-line|smart-transfer-recall/);
    assert.match(await a.recorded(), / from=101 to=201 outcome=returned .* node=a$/);
    await nodes.clean();
  });

  test(`by ${by}: in the line, and rung when the phone is free`, async () => {
    const { nodes, b } = await live();
    const { talked: busy } = await talks(nodes, "203", "201");
    const caller = await sent(nodes, by, "201");
    await inLine(b, "201");
    await busy.hangup();
    await talkToTheEnd(caller, await nodes.phone("201").rings());
    await nodes.clean();
  });
}

test("the caller themselves are refused, and a call that is not ours goes where it went", async () => {
  const { nodes, a } = await live();
  const { caller: transferer, talked } = await talks(nodes, "101", "201");
  await send(transferer, "key", "201");
  await a.logged(/Playing 'smart-transfer\/invalid\.[\s\S]*complete GOSUB_RETVAL/);
  await talking(transferer, talked);
  await transferer.hangup();
  await talked.ended();
  const outside = await nodes.phone("101").call("0920");
  const outsider = await nodes.phone("920").rings();
  await talkToTheEnd(outside, outsider);
  await nodes.clean();
});

test("check sees the trunk, and that the other node has the same settings", async () => {
  const { a, b } = await live();
  assert.match(await said(a, "node b"), /^pass: .*with the same smart_transfer\.conf$/);
  assert.match(await said(b, "node a"), /^pass: .*with the same smart_transfer\.conf$/);
});

test("nothing is left running", async () => {
  await (await started).stop();
});

test.run();
