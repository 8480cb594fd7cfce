import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Call, talking } from "../src/sandbox/call.ts";
import { leavesNothing, startLive } from "./live.ts";

/** 102 and 104 have two phones each, and there is a second class of music. */
async function startCompany() {
  const office = await startLive({ extraPhones: ["102", "104"] });
  const { pbx } = office;
  const file = join(pbx.etcDir, "musiconhold.conf");
  const text = await readFile(file, "latin1");
  await writeFile(file, `${text}\n[jazz]\nmode=files\ndirectory=${join(pbx.dataDir, "moh")}\n`, "latin1");
  await pbx.cli("moh reload");
  return office;
}

const started = startCompany();
const live = async () => (await started).begin();

/** Some settings shape other files and count after an install. An install after the test undoes them. */
async function applying(general: Record<string, string>, story: () => Promise<void>): Promise<void> {
  const { run, set, mark } = await started;
  await set(general);
  assert.is((await run("install", "--yes")).code, 0);
  await mark();
  await story();
  await (await started).begin();
  assert.is((await run("install", "--yes")).code, 0);
}

test("all phones of the receiver ring, and all of the transferer's at the recall", async () => {
  const { phone, phones, clean } = await live();
  const twins = (number: string) => phones.filter((one) => one.number === number);
  const caller = await phone("900").call("104");
  // The office's own dialplan rings only one of the phones, any of them.
  const transferer = await Promise.any(twins("104").map((one) => one.rings(1000)));
  await transferer.answer();
  await talking(caller, transferer);
  await transferer.keys("#102");
  for (const one of twins("102")) await one.rings();
  await transferer.ended();
  const recalls = [];
  for (const one of twins("104")) recalls.push(await one.rings(10_000));
  assert.equal(
    recalls.map((recall) => recall.caller.name),
    ["RT 102 no answer: Line 900", "RT 102 no answer: Line 900"],
  );
  assert.ok(recalls.every((recall) => /recall/.test(recall.alertInfo)));
  await recalls[1]?.answer();
  await recalls[0]?.ended();
  await talking(caller, recalls[1] as Call);
  await recalls[1]?.hangup();
  await caller.ended();
  await clean();
});

test("hear = music", async () => {
  const { talk, phone, clean, set, logged } = await live();
  await set({ hear: "music" });
  const { caller, transferer } = await talk("called");
  await transferer.keys("#102");
  await phone("102").rings();
  await logged(
    /Dial\("PJSIP\/900-\S+", "PJSIP\/102\S+,1,dim\(default\)b\(smart-transfer-rung\S+\)U\(smart-transfer-answered\S*\)"\)/,
  );
  await caller.hears();
  await caller.hangup();
  await clean();
});

test("music_class", async () => {
  const { talk, clean, logged } = await live();
  await applying({ music_class: "jazz" }, async () => {
    const { caller, transferer } = await talk("called");
    await transferer.keys("#");
    await logged(/Started music on hold, class 'jazz', on channel 'PJSIP\/900/);
    await caller.hangup();
    await clean();
  });
});

test("recall_prefix and recall_attempts", async () => {
  const { talk, phone, clean, set, logged } = await live();
  await set({ recall_prefix: "Back from", recall_attempts: "1" });
  const { caller, transferer } = await talk("called");
  await transferer.keys("#102");
  const recall = await phone("101").rings(10_000);
  assert.is(recall.caller.name, "Back from 102 no answer: Line 900");
  await recall.ended();
  await logged(/Playing 'smart-transfer\/goodbye/, 3000);
  await caller.hangup();
  await clean();
});

test("digit_timeout", async () => {
  const { talk, phone, clean, set } = await live();
  for (const seconds of [1, 3]) {
    await set({ digit_timeout: String(seconds) });
    const { caller, transferer } = await talk("called");
    await transferer.keys("#10");
    const from = Date.now();
    const receiver = await phone("10").rings();
    const waited = (Date.now() - from) / 1000;
    assert.ok(waited > seconds - 0.3 && waited < seconds + 1, `${waited} s`);
    await caller.hangup();
    await receiver.ended();
    await clean();
  }
});

test("transfer_key", async () => {
  const { talk, phone, clean } = await live();
  await applying({ transfer_key: "*7" }, async () => {
    const { caller, transferer } = await talk("called");
    await transferer.keys("#");
    await caller.hearsKeys("#");
    await transferer.keys("*7102");
    const receiver = await phone("102").rings();
    await receiver.answer();
    await talking(caller, receiver);
    await caller.hangup();
    await clean();
  });
});

test("return_key and return_key_line", async () => {
  const { talk, phone, clean, give, set, logged } = await live();
  await applying({ return_key: "*9", return_key_line: "7", mobile_dial: "PJSIP/$" + "{NUMBER}" }, async () => {
    await give("102", "mobile = 909");
    const first = await talk("called");
    await first.transferer.keys("#102");
    const mobile = await phone("909").rings(10_000);
    await mobile.answer();
    await logged(/Playing 'smart-transfer\/accept/);
    await mobile.keys("1");
    await talking(first.caller, mobile);
    await first.caller.keys("*9");
    const recall = await phone("101").rings(10_000);
    assert.is(recall.caller.name, "RT 102 back: Line 900");
    await first.caller.hangup();
    await clean();

    await set({ wait_timeout: "30" });
    phone("102").policy = "busy";
    for (const one of (await started).phones.filter(({ number }) => number === "102")) one.policy = "busy";
    const second = await talk("called");
    await second.transferer.keys("#102");
    await logged(/Playing 'smart-transfer\/busy/);
    await second.caller.keys("7");
    const again = await phone("101").rings(10_000);
    assert.is(again.caller.name, "RT 102 back: Line 900");
    await second.caller.hangup();
    await clean();
  });
});

test("prompts of one's own", async () => {
  const { talk, clean, set, logged } = await live();
  await set({ prompt_dial: "beep", prompt_invalid: "pbx-invalid", dial_attempts: "1" });
  const { caller, transferer } = await talk("called");
  await transferer.keys("#99");
  await logged(/Playing 'beep\.gsm[\s\S]*Playing 'pbx-invalid\.gsm[\s\S]*complete GOSUB_RETVAL/);
  await talking(caller, transferer);
  await caller.hangup();
  await clean();
});

test("an extension's dial, and receive = no", async () => {
  const { talk, phone, clean, give, logged } = await live();
  await give("102", "dial = PJSIP/103");
  await give("104", "receive = no");
  const { caller, transferer } = await talk("called");
  await transferer.keys("#104");
  await logged(/Playing 'smart-transfer\/invalid[\s\S]*complete GOSUB_RETVAL/);
  await talking(caller, transferer);
  await transferer.keys("#102");
  const receiver = await phone("103").rings();
  await receiver.answer();
  await talking(caller, receiver);
  await caller.hangup();
  await clean();
});

test("transfer = no: the key is a digit like any other", async () => {
  const { talk, clean, give, run, begin } = await live();
  await give("101", "transfer = no");
  assert.is((await run("install", "--yes")).code, 0);
  await (await started).mark();
  const { caller, transferer } = await talk("called");
  await transferer.keys("#102");
  await caller.hearsKeys("#102");
  await caller.hangup();
  await clean();
  await begin();
  assert.is((await run("install", "--yes")).code, 0);
});

test("nothing is left running", () => leavesNothing(started));

test.run();
