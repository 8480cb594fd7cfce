// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${...} is what Asterisk puts in
import { setTimeout as sleep } from "node:timers/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { unpackAsterisk } from "../src/sandbox/packages.ts";
import { type Live, leavesNothing, moreTest, send, startLive, talksWith, talkToTheEnd, ways } from "./live.ts";

/** Voicemail as a rung of the ladder, for receivers who have it: here 102 and 103, not 104. */

/** Debian has app_voicemail of Asterisk 16 in a package of its own. */
const suite = process.env.ASTERISK_SUITE;
const release = await unpackAsterisk(suite === undefined ? {} : { suite, more: ["asterisk-voicemail"] });
const started = startLive({
  release,
  more: {
    "extensions.conf": `
[mailboxes]
exten => *102,1,VoiceMail(\${EXTEN:1}@default,s)
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
  await logged(/Playing 'beep/, 10_000);
  await sleep(3000);
  await caller.hangup();
  assert.match(await recorded(), steps);
  await sleep(500);
  assert.match(await pbx.cli("voicemail show users for default"), /102 .* [1-9]\d*\s*$/m, "a message is there");
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

moreTest(
  "the key for voicemail is also that of the way back: it leads back, the usual one to voicemail; one warning",
  async () => {
    for (const [key, leads] of [
      ["1", "back"],
      ["2", "to voicemail"],
    ]) {
      const office = await live();
      const { talk, phone, logged, log, set } = office;
      await set({ voicemail_key: "1" });
      const { caller: other, talked: busy } = await talksWith(office, "104", "102");
      const { caller, transferer } = await talk("called");
      await transferer.keys("#102");
      await logged(/StartMusicOnHold\("\w+\/900-/, 15_000);
      await caller.keys(`7${key}`);
      if (leads === "back") await talkToTheEnd(caller, await phone("101").rings());
      else await leavesMessage(office, / outcome=voicemail /, caller);
      await other.hangup();
      await busy.ended();
      const warnings = (await log()).split("\n").filter((line) => line.includes("] WARNING["));
      assert.is(warnings.length, 1, warnings.join("\n"));
      assert.match(warnings[0] ?? "", /voicemail_key is the same as return_key_line: using "2"/);
    }
  },
);

moreTest("check says whether anybody has voicemail, and whether the fallback is there", async () => {
  const { run, set, clean } = await live();
  const found = async (id: string) => {
    const { stdout } = await run("check", "--json");
    return JSON.parse(stdout).checks.find((one: { id: string }) => one.id === id);
  };
  assert.match((await found("voicemail")).seen, /these do not have it: .*104/);
  await set({ voicemail: "*${EXTENSION}@nowhere" });
  assert.is((await found("voicemail")).status, "warn");
  assert.match((await found("voicemail")).seen, /\*102@nowhere/);
  await set({ voicemail: "" });
  assert.is((await found("voicemail")).status, "skipped");
  assert.is((await found("fallback")).status, "skipped");
  await set({ fallback: "*${RECEIVER}@mailboxes" });
  assert.match((await found("fallback")).seen, /not in the dialplan: .*\*104@mailboxes/);
  await set({ fallback: "*102@mailboxes" });
  assert.is((await found("fallback")).status, "pass");
  await clean();
});

moreTest("the same key for voicemail and for the way back is refused, by install, --set and check", async () => {
  const { run, set } = await live();
  const refused = await run("install", "--yes", "--set", "voicemail_key=1");
  assert.is(refused.code, 1);
  assert.match(refused.stderr, /voicemail_key = 1: it must not be the same as return_key_line/);
  await set({ voicemail_key: "1" });
  const checked = await run("check");
  assert.is(checked.code, 3);
  assert.match(checked.stdout, /voicemail_key = 1: it must not be the same as return_key_line/);
});

test("nothing is left running", () => leavesNothing(started));

test.run();
