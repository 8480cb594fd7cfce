// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${...} is what Asterisk puts in
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { unpackAsterisk } from "../src/sandbox/packages.ts";
import { type Live, leavesNothing, moreTest, send, startLive, talksWith, talkToTheEnd, ways } from "./live.ts";

/** Voicemail as a rung of the ladder, for receivers who have it: here 102 and 103, not 104. */

const suite = process.env.ASTERISK_SUITE;
const release = await unpackAsterisk(suite === undefined ? {} : { suite });
/** Debian has app_voicemail of Asterisk 16 in a package of its own. There a recording stands for it. */
const isReal = existsSync(join(release.moduleDir, "app_voicemail.so"));
const record = isReal ? "VoiceMail(${EXTEN:1}@default,s)" : "Record(/tmp/%d:wav,0,20)";
const started = startLive({
  more: {
    "extensions.conf": `
[mailboxes]
exten => *102,1,${record}
 same => n,Hangup()
exten => *103,1,Wait(10)
`,
    "voicemail.conf": "\n[default](+)\n102 => 4321,Boris\n",
  },
});
const live = async () => {
  const office = await (await started).begin();
  await office.set({ voicemail: "*${EXTENSION}@mailboxes", wait_timeout: "30" });
  return office;
};

/** Waits until the caller is where messages are recorded. */
async function leavesMessage({ logged, recorded, pbx }: Live, steps: RegExp, caller: { hangup(): Promise<void> }) {
  await logged(isReal ? /Playing 'beep/ : /Record\("/, 10_000);
  await sleep(3000);
  await caller.hangup();
  assert.match(await recorded(), steps);
  if (isReal) {
    await sleep(500);
    assert.match(await pbx.cli("voicemail show users for default"), /102 .* [1-9]\d*\s*$/m, "a message is there");
  }
}

for (const by of ways) {
  test(`by ${by}: busy: 2 leaves a message, in the prompt, in the line and while the phone rings for the caller`, async () => {
    for (const moment of ["prompt", "line", "rings"]) {
      const office = await live();
      const { talk, phone, logged, clean } = office;
      const { caller: other, talked: busy } = await talksWith(office, "104", "102");
      const { caller, transferer } = await talk("called");
      await send(transferer, by, "102");
      await logged(/Playing 'smart-transfer\/busy\./);
      if (moment !== "prompt") {
        await logged(/Playing 'smart-transfer\/voicemail\.[\s\S]*Playing 'smart-transfer\/voicemail-press\./, 10_000);
        await logged(/StartMusicOnHold\("\w+\/900-/, 10_000);
      }
      if (moment === "rings") {
        await other.hangup();
        await phone("102").rings();
      }
      await caller.keys("2");
      await leavesMessage(office, / to=102 outcome=voicemail (?:desk=[\d.]+ )?line=[\d.]+ voicemail=[\d.]+$/, caller);
      await busy.hangup();
      await clean();
    }
  });

  test(`by ${by}: no_answer = voicemail: who is not answered leaves a message; who declines gets them back`, async () => {
    const office = await live();
    const { talk, phone, clean, set, mark } = office;
    await set({ no_answer: "voicemail" });
    const first = await talk("called");
    await send(first.transferer, by, "102");
    await phone("102").rings();
    await leavesMessage(office, / outcome=voicemail desk=[\d.]+ voicemail=[\d.]+$/, first.caller);
    await clean();
    await mark();
    phone("102").policy = "decline";
    const second = await talk("called");
    await send(second.transferer, by, "102");
    const recall = await phone("101").rings();
    assert.is(recall.caller.name, "RT 102 declined: Line 900");
    await talkToTheEnd(second.caller, recall);
    await clean();
  });

  test(`by ${by}: a receiver without voicemail is as before`, async () => {
    const office = await live();
    const { talk, phone, clean, set, log, logged, mark } = office;
    await set({ no_answer: "voicemail" });
    const first = await talk("called");
    await send(first.transferer, by, "104");
    const recall = await phone("101").rings(10_000);
    assert.is(recall.caller.name, "RT 104 no answer: Line 900");
    await talkToTheEnd(first.caller, recall);
    await mark();
    const { caller: other } = await talksWith(office, "103", "104");
    const second = await talk("called");
    await send(second.transferer, by, "104");
    await logged(/StartMusicOnHold\("\w+\/900-/, 10_000);
    await second.caller.keys("2");
    await sleep(500);
    await other.hangup();
    const receiver = await phone("104").rings();
    await second.caller.keys("2");
    await talkToTheEnd(second.caller, receiver);
    assert.not.match(await log(), /smart-transfer\/voicemail/);
    await clean();
  });
}

moreTest("the mobile does not take the call: a message", async () => {
  const office = await live();
  const { talk, phone, clean, set, give, pbx } = office;
  await set({ no_answer: "voicemail", mobile_dial: `${pbx.driver}/\${NUMBER}` });
  await give("102", "mobile = 909");
  phone("909").policy = "decline";
  const { caller, transferer } = await talk("called");
  await transferer.keys("#102");
  await leavesMessage(office, / outcome=voicemail desk=[\d.]+ mobile=[\d.]+ voicemail=[\d.]+$/, caller);
  await clean();
});

moreTest("on a recall 2 changes nothing", async () => {
  const office = await live();
  const { talk, phone, clean, set } = office;
  await set({ recall_timeout: "20" });
  phone("102").policy = "decline";
  const { caller, transferer } = await talk("called");
  await transferer.keys("#102");
  const recall = await phone("101").rings();
  await caller.keys("2");
  await sleep(300);
  await talkToTheEnd(caller, recall);
  await clean();
});

moreTest("a caller who hangs up on the way to voicemail leaves nothing in the line", async () => {
  const office = await live();
  const { talk, logged, recorded, clean } = office;
  const { caller: other, talked: busy } = await talksWith(office, "104", "103");
  const { caller, transferer } = await talk("called");
  await transferer.keys("#103");
  await logged(/StartMusicOnHold\("\w+\/900-/, 10_000);
  await caller.keys("2");
  await logged(/Goto\("\w+\/900-\S+", "mailboxes,\*103,1"/);
  await caller.drop();
  assert.match(await recorded(), / outcome=voicemail /);
  await other.hangup();
  await busy.ended();
  await clean();
});

test("nothing is left running", () => leavesNothing(started));

test.run();
