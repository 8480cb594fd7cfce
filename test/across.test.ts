// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${...} is what Asterisk puts in
import { test } from "uvu";
import * as assert from "uvu/assert";
import { talking } from "../src/sandbox/call.ts";
import { brief, giveOn, inLine, sent, setOn, talks } from "./across.ts";
import { type By, type Live, send, talkToTheEnd, ways } from "./live.ts";
import { type Nodes, startNodes } from "./two-nodes.ts";

/**
 * Follows a caller whose receiver is at home on another node: 910, 101, 102 and 103 are at node a, 201, 202 and 203 at
 * node b. The caller, 910, talks with 101, who sends them on, by key and by Transfer button.
 */
const started = startNodes();

interface Office {
  nodes: Nodes;
  a: Live;
  b: Live;
  both: readonly Live[];
}

async function live(): Promise<Office> {
  const nodes = await (await started).begin();
  const [a, b] = [nodes.node("a"), nodes.node("b")];
  await setOn([a, b], brief);
  return { nodes, a, b, both: [a, b] };
}

/** What the transferer hears, or what a recall shows. */
interface Row {
  readonly title: string;
  readonly receiver: string;
  readonly prepare?: (office: Office) => Promise<unknown>;
  readonly after?: (office: Office) => Promise<unknown>;
  readonly by?: readonly By[];
  readonly play: (office: Office, by: By, row: Row) => Promise<void>;
}

const offline = {
  prepare: ({ nodes }: Office) => nodes.phone("201").unregister(),
  after: ({ nodes }: Office) => nodes.phone("201").register(),
};
const disturbing = {
  async prepare({ both, b }: Office) {
    await setOn(both, { dnd: "Custom:DND${EXTENSION}" });
    await b.pbx.cli("devstate change Custom:DND201 BUSY");
  },
  async after({ b }: Office) {
    await b.pbx.cli("devstate change Custom:DND201 NOT_INUSE");
    await b.pbx.cli("database del CustomDevstate DND201");
  },
};
const withMobile = async ({ both }: Office) => {
  await setOn(both, { mobile_dial: "PJSIP/${NUMBER}", mobile_confirm: "no", mobile_too_soon: "0" });
  await giveOn(both, "201", "mobile = 103");
};

/** By key the transferer hears the prompt and has the caller; by button they have the caller back by a recall. */
function refused(prompt: string, reason: string): Row["play"] {
  return async ({ nodes, a }, by, { receiver }) => {
    const { caller, talked } = await talks(nodes, "910", "101");
    await send(talked, by, receiver);
    if (by === "key") {
      await a.logged(new RegExp(`Playing 'smart-transfer/${prompt}\\.[\\s\\S]*complete GOSUB_RETVAL`));
      await talking(caller, talked);
      await talked.hangup();
      await caller.ended();
    } else {
      const recall = await nodes.phone("101").rings(10_000);
      assert.is(recall.caller.name, `RT ${receiver} ${reason}: Line 910`);
      await talkToTheEnd(caller, recall);
    }
  };
}

/** The caller comes back to the transferer. */
async function returned({ nodes, a }: Office, caller: Awaited<ReturnType<typeof sent>>, reason: string, steps: RegExp) {
  const recall = await nodes.phone("101").rings(10_000);
  assert.is(recall.caller.name, `RT 201 ${reason}: Line 910`);
  assert.is(recall.caller.number, "910");
  assert.match(recall.alertInfo, /recall/);
  await talkToTheEnd(caller, recall);
  const record = await a.recorded();
  assert.match(record, /^caller=910 from=101 to=201 outcome=returned /);
  assert.match(record, steps);
  assert.match(record, / node=a$/);
}

const rows: readonly Row[] = [
  {
    title: "free: rung, answered, and the caller's number is shown",
    receiver: "201",
    async play({ nodes, a, b }, by) {
      const caller = await sent(nodes, by, "201");
      const receiver = await nodes.phone("201").rings();
      assert.equal([receiver.caller.number, receiver.caller.name], ["910", "Line 910"]);
      await talkToTheEnd(caller, receiver);
      assert.match(await a.recorded(), /^caller=910 from=101 to=201 outcome=answered desk=[\d.]+ node=a$/);
      // Neither the asker nor the asked enters Lua, which would take several times as long.
      if (by === "key") assert.match(await b.log(), /\[ask-201@smart-transfer-peer:1\]/);
      assert.not.match(await a.log(), /@smart-transfer-keyed:/);
      assert.not.match(await b.log(), /\[ask-201@smart-transfer-at-home:/);
      assert.not.match(await b.log(), /smart-transfer: caller=/);
    },
  },
  { title: "offline", receiver: "201", ...offline, play: refused("unavailable", "offline") },
  {
    title: "offline, with a device that is free on the transferer's node",
    receiver: "201",
    prepare: ({ both }) => giveOn(both, "201", "device = PJSIP/102"),
    play: refused("unavailable", "offline"),
  },
  { title: "not to be disturbed", receiver: "201", ...disturbing, play: refused("unavailable", "dnd") },
  {
    title: "who may not receive",
    receiver: "201",
    prepare: ({ both }) => giveOn(both, "201", "receive = no"),
    play: refused("invalid", "declined"),
  },
  {
    title: "talking: the caller waits, is rung within a second of the end, and talks",
    receiver: "201",
    async play({ nodes, a, b }, by) {
      const { caller: other, talked: busy } = await talks(nodes, "920", "201");
      const caller = await sent(nodes, by, "201");
      await inLine(b, "201");
      await caller.hears();
      await busy.hangup();
      await other.ended();
      const receiver = await nodes.phone("201").rings();
      const waited = (receiver.at("called") ?? Number.NaN) - (busy.at("ended") ?? Number.NaN);
      assert.ok(waited > 0 && waited < 1000, `rung ${waited} ms after the phone was free`);
      assert.is(receiver.caller.number, "910");
      await talkToTheEnd(caller, receiver);
      assert.match(await a.recorded(), /outcome=waited desk=[\d.]+ line=[\d.]+ node=a$/);
    },
  },
  {
    title: "talking: 1 takes the caller back out of the line",
    receiver: "201",
    async play(office, by) {
      const { nodes, b } = office;
      const { talked: busy } = await talks(nodes, "920", "201");
      const caller = await sent(nodes, by, "201");
      await inLine(b, "201");
      await caller.keys("1");
      await returned(office, caller, "back", / desk=[\d.]+ line=[\d.]+ recall=/);
      await busy.hangup();
    },
  },
  {
    title: "talking for longer than wait_timeout: recall",
    receiver: "201",
    prepare: ({ both }) => setOn(both, { wait_timeout: "2" }),
    async play(office, by) {
      const { talked: busy } = await talks(office.nodes, "920", "201");
      const caller = await sent(office.nodes, by, "201");
      await returned(office, caller, "busy", / line=[23]\.\d recall=/);
      await busy.hangup();
    },
  },
  {
    title: "talking, busy = return: recall at once",
    receiver: "201",
    by: ["key"],
    prepare: ({ both }) => setOn(both, { busy: "return" }),
    async play(office, by) {
      const { talked: busy } = await talks(office.nodes, "920", "201");
      const caller = await sent(office.nodes, by, "201");
      await returned(office, caller, "busy", / desk=0\.\d recall=/);
      await busy.hangup();
    },
  },
  {
    title: "the phone says busy: the caller waits, and 1 takes them back",
    receiver: "201",
    async play(office, by) {
      office.nodes.phone("201").policy = "busy";
      const caller = await sent(office.nodes, by, "201");
      await inLine(office.b, "201");
      await caller.keys("1");
      await returned(office, caller, "back", / desk=[\d.]+ line=[\d.]+ recall=/);
    },
  },
  {
    title: "the phone says no: recall, and the mobile is left alone",
    receiver: "201",
    prepare: withMobile,
    async play(office, by) {
      office.nodes.phone("201").policy = "decline";
      const caller = await sent(office.nodes, by, "201");
      await returned(office, caller, "declined", / desk=0\.\d recall=/);
      assert.is(office.nodes.phone("103").calls.filter((call) => !call.hasEnded).length, 0);
    },
  },
  {
    title: "nobody answers: recall",
    receiver: "201",
    async play(office, by) {
      const caller = await sent(office.nodes, by, "201");
      await (await office.nodes.phone("201").rings()).ended();
      await returned(office, caller, "no answer", / desk=1\.\d recall=/);
    },
  },
  {
    title: "1 takes the caller back while the phone rings",
    receiver: "201",
    prepare: ({ both }) => setOn(both, { ring_timeout: "20" }),
    async play(office, by) {
      const caller = await sent(office.nodes, by, "201");
      const rung = await office.nodes.phone("201").rings();
      await caller.keys("1");
      await rung.ended();
      await returned(office, caller, "back", / desk=[\d.]+ recall=/);
    },
  },
  {
    title: "nobody answers: the mobile, by this node's own trunk",
    receiver: "201",
    prepare: withMobile,
    async play({ nodes, a }, by) {
      const caller = await sent(nodes, by, "201");
      await (await nodes.phone("201").rings()).ended();
      const mobile = await nodes.phone("103").rings();
      await talkToTheEnd(caller, mobile);
      assert.match(await a.recorded(), /outcome=answered-mobile desk=[\d.]+ mobile=[\d.]+ node=a$/);
    },
  },
  {
    title: "offline with a mobile: straight to the mobile",
    receiver: "201",
    async prepare(office) {
      await withMobile(office);
      await offline.prepare(office);
    },
    after: offline.after,
    async play({ nodes, a }, by) {
      const caller = await sent(nodes, by, "201");
      const mobile = await nodes.phone("103").rings();
      await talkToTheEnd(caller, mobile);
      assert.match(await a.recorded(), /outcome=answered-mobile /);
    },
  },
  {
    title: "the transferer is in another call at the recall: the caller waits in their line",
    receiver: "201",
    async play(office, by) {
      const { nodes, a } = office;
      const caller = await sent(nodes, by, "201");
      await nodes.phone("201").rings();
      const { caller: other, talked: busy } = await talks(nodes, "202", "101");
      await a.logged(/StartMusicOnHold\("PJSIP\/910-/, 10_000);
      await other.hangup();
      await busy.ended();
      await returned(office, caller, "no answer", / desk=1\.\d recall-line=[\d.]+ node=a$/);
    },
  },
  {
    title: "nobody takes the recall either: goodbye",
    receiver: "201",
    by: ["key"],
    async play({ nodes, a }, by) {
      const caller = await sent(nodes, by, "201");
      await caller.ended(20_000);
      assert.match(
        await a.recorded(),
        /outcome=abandoned desk=1\.\d recall=[\d.]+ recall=[\d.]+ goodbye=[\d.]+ node=a$/,
      );
    },
  },
  {
    title: "the caller hangs up while the phone rings",
    receiver: "201",
    async play({ nodes, a }, by) {
      const caller = await sent(nodes, by, "201");
      const rung = await nodes.phone("201").rings();
      await caller.hangup();
      await rung.ended();
      assert.match(await a.recorded(), /outcome=abandoned desk=[\d.]+ node=a$/);
    },
  },
  {
    title: "the caller hangs up in the line",
    receiver: "201",
    async play({ nodes, a, b }, by) {
      const { talked: busy } = await talks(nodes, "920", "201");
      const caller = await sent(nodes, by, "201");
      await inLine(b, "201");
      await caller.hangup();
      assert.match(await a.recorded(), /outcome=abandoned desk=[\d.]+ line=[\d.]+ node=a$/);
      await busy.hangup();
    },
  },
  {
    title: "the receiver sends the caller on to a colleague, and gets them back",
    receiver: "201",
    async play({ nodes, b }, by) {
      const caller = await sent(nodes, by, "201");
      const receiver = await nodes.phone("201").rings();
      await receiver.answer();
      await talking(caller, receiver);
      await send(receiver, by, "202");
      await receiver.ended();
      await (await nodes.phone("202").rings()).ended();
      const recall = await nodes.phone("201").rings(10_000);
      assert.is(recall.caller.name, "RT 202 no answer: Line 910");
      await talkToTheEnd(caller, recall);
      assert.match(await b.recorded(), /^caller=910 from=201 to=202 outcome=returned .* node=b$/);
    },
  },
  {
    title: "the receiver sends the caller back to the node that they came from",
    receiver: "201",
    async play({ nodes, a, b }, by) {
      const caller = await sent(nodes, by, "201");
      const receiver = await nodes.phone("201").rings();
      await receiver.answer();
      await talking(caller, receiver);
      await send(receiver, by, "102");
      await receiver.ended();
      const again = await nodes.phone("102").rings();
      assert.is(again.caller.number, "910");
      await again.answer();
      await talking(caller, again);
      // The call goes through the other node for as long as it lasts.
      const channels = async ({ pbx }: Live) => (await pbx.cli("core show channels concise")).trim().split("\n").length;
      assert.equal([await channels(a), await channels(b)], [4, 2]);
      await again.hangup();
      await caller.ended();
      assert.match(await b.recorded(), /^caller=910 from=201 to=102 outcome=answered .* node=b$/);
    },
  },
  {
    title: "the caller themselves, who called from there",
    receiver: "201",
    async play({ nodes, a }, by) {
      const { caller, talked } = await talks(nodes, "201", "101");
      await send(talked, by, "201");
      if (by === "key") {
        await a.logged(/Playing 'smart-transfer\/invalid\.[\s\S]*complete GOSUB_RETVAL/);
        await talking(caller, talked);
        await talked.hangup();
        await caller.ended();
      } else {
        const recall = await nodes.phone("101").rings(10_000);
        assert.match(recall.caller.name, /^RT 201 declined: /);
        await talkToTheEnd(caller, recall);
      }
    },
  },
  {
    title: "the caller themselves, who was called there",
    receiver: "201",
    by: ["key"],
    async play({ nodes, a }) {
      const { caller: transferer, talked } = await talks(nodes, "101", "201");
      await transferer.keys("#201");
      await a.logged(/Playing 'smart-transfer\/invalid\.[\s\S]*complete GOSUB_RETVAL/);
      await talking(transferer, talked);
      await transferer.hangup();
      await talked.ended();
    },
  },
];

for (const row of rows)
  for (const by of row.by ?? ways)
    test(`${by}: ${row.title}`, async () => {
      const office = await live();
      await row.prepare?.(office);
      try {
        await row.play(office, by, row);
      } finally {
        await row.after?.(office);
      }
      await office.nodes.clean();
    });

test("nothing is left running", async () => {
  const nodes = await started;
  await nodes.stop();
  for (const name of ["a", "b"] as const) assert.throws(() => process.kill(nodes.node(name).pbx.pid, 0));
});

test.run();
