import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Call, talking } from "../src/sandbox/call.ts";
import {
  type By,
  type Live,
  leavesNothing,
  moreTest,
  type Side,
  send,
  sides,
  startLive,
  talksWith,
  talkToTheEnd,
  ways,
} from "./live.ts";

/** An admin whose calls are billed when they end. */
const billing = `
[internal]
exten => h,1,Log(NOTICE,billed: \${CUT(CHANNEL(name),-,1)} in \${CONTEXT})
`;

const started = startLive({ more: { "extensions.conf": billing } });
const live = async () => (await started).begin();

/** The calls that were billed, in any order. */
async function bills({ log }: Live): Promise<string[]> {
  return [...(await log()).matchAll(/NOTICE\[.*billed: (?:PJ)?SIP\/(.*)/g)].map(([, bill]) => bill ?? "").sort();
}

/** 101 sends 900 to 102. */
async function transfer({ talk }: Live, side: Side, by: By): Promise<Call> {
  const { caller, transferer } = await talk(side);
  await send(transferer, by, "102");
  await transferer.ended();
  return caller;
}

/** Asterisk's own blind transfer, as the model for ours. */
const asterisks = new Map<Side, string[]>();

for (const side of sides) {
  test(`${side}: what Asterisk bills by itself, where nothing is installed`, async () => {
    const office = await live();
    const settings = join(office.folder, "settings.conf");
    await copyFile(join(office.pbx.etcDir, "smart_transfer.conf"), settings);
    assert.is((await office.run("uninstall", "--yes")).code, 0);
    await office.mark();
    const caller = await transfer(office, side, "button");
    await talkToTheEnd(caller, await office.phone("102").rings());
    await office.clean();
    asterisks.set(side, await bills(office));
    assert.ok((await bills(office)).includes("900 in internal"));
    assert.is((await office.run("install", "--yes", "--settings", settings)).code, 0);
  });
}

for (const side of sides)
  for (const by of ways) {
    test(`${side}, by ${by}: a transferred call is billed as Asterisk's own`, async () => {
      const office = await live();
      const caller = await transfer(office, side, by);
      await talkToTheEnd(caller, await office.phone("102").rings());
      await office.clean();
      assert.equal(await bills(office), asterisks.get(side));
    });
  }

/** The places at which a caller may hang up, and how they get there. */
const places: Record<string, (office: Live) => Promise<unknown>> = {
  "while the receiver rings": ({ phone }) => phone("102").rings(),
  "while they talk to the receiver": async ({ phone }) => (await phone("102").rings()).answer(),
  "in the prompt of the recall": ({ logged }) => logged(/Playing 'smart-transfer\/returning/),
  "during the recall": ({ phone }) => phone("101").rings(10_000),
  "while they talk to the transferer again": async ({ phone }) => (await phone("101").rings(10_000)).answer(),
  "in the last prompt": ({ logged }) => logged(/Playing 'smart-transfer\/goodbye/, 20_000),
};

for (const by of ways) {
  for (const [place, reach] of Object.entries(places)) {
    moreTest(`by ${by}: the caller hangs up ${place}`, async () => {
      const office = await live();
      const caller = await transfer(office, "called", by);
      await reach(office);
      await caller.hangup();
      await office.clean();
      assert.equal(await bills(office), ["900 in internal"]);
    });
  }

  moreTest(`by ${by}: the caller hangs up in the line`, async () => {
    const office = await live();
    const { caller: other, talked: busy } = await talksWith(office, "103", "102");
    await talking(other, busy);
    const caller = await transfer(office, "called", by);
    await office.logged(/Playing 'smart-transfer\/busy-back/, 10_000);
    await office.logged(/Playing 'smart-transfer\/busy-back[\s\S]*Started music on hold.*\/900-/, 10_000);
    await caller.hangup();
    await other.hangup();
    await office.clean();
    assert.equal(await bills(office), ["103 in internal", "900 in internal"]);
  });
}

test("nothing is left running", () => leavesNothing(started));

test.run();
