import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type PromptName, promptSounds } from "../src/contract/names.ts";
import { prompts } from "../src/installer/settings/prompts.ts";
import { hungUpWhileKeying, leavesNothing, pickedUp, pickup, startLive, talksWith, talkToTheEnd } from "./live.ts";
import { code, withCode } from "./takeback.ts";

const mailbox = "\n[mailboxes]\nexten => *102,1,Wait(10)\n";
const started = startLive({ language: "ru", more: { "extensions.conf": pickup + mailbox } }).then(withCode);

test("every prompt is played in the language of whoever hears it", async () => {
  const office = await (await started).begin();
  const { talk, phone, set, give, logged, clean } = office;
  const busy = { busy: "ask", voicemail: "*$" + "{EXTENSION}@mailboxes", takeback_code: code };
  await set({ mobile_dial: "PJSIP/$" + "{NUMBER}", recall_attempts: "1", ...busy });
  await give("103", "mobile = 909");
  await phone("104").unregister();
  phone("102").policy = "busy";
  const heard = new Set<PromptName>();
  const hears = async (...names: PromptName[]) => {
    for (const name of names) {
      for (const part of promptSounds[name].split("&"))
        await logged(new RegExp(`'${part}\\.gsm' \\(language 'ru'\\)`), 15_000);
      heard.add(name);
    }
  };

  const picked = await pickedUp(office, "901");
  await picked.other.keys("#");
  await hears("forbidden");
  await logged(/Stopped music on hold/);
  await talkToTheEnd(picked.caller, picked.other);

  const { caller, transferer } = await talk("called");
  await transferer.keys("#");
  await hears("dial");
  await transferer.keys("7");
  await hears("invalid");
  await logged(/invalid[\s\S]*Playing 'smart-transfer\/dial/);
  await transferer.keys("104");
  await hears("unavailable");
  await logged(/unavailable[\s\S]*complete GOSUB_RETVAL/);

  const { caller: other, talked: occupied } = await talksWith(office, "10", "105");
  const { caller: waiting, talked } = await talksWith(office, "901", "103");
  await talked.refer("105");
  await logged(/StartMusicOnHold\("\w+\/901-/, 15_000);
  await transferer.keys("#105");
  await hears("occupied", "waiting", "ask");
  await transferer.keys("1");
  await hears("busy", "position");
  await caller.keys("1");
  const back = await phone("101").rings();
  await hears("returning");
  await back.answer();
  await back.speak();
  await caller.hears();
  await waiting.hangup();
  await other.hangup();
  await occupied.ended();
  await back.keys("#102");
  await hears("voicemail");
  await caller.keys("1");
  const recall = await phone("101").rings();
  await recall.answer();
  await recall.speak();
  await caller.hears();

  await recall.keys("#103");
  const mobile = await phone("909").rings();
  await mobile.answer();
  await hears("accept");
  await mobile.hangup();
  await hears("goodbye");
  await caller.ended(10_000);

  const taking = await phone("101").call(code);
  await hears("takeback");
  await taking.ended(10_000);
  assert.is(heard.size, prompts.length);
  await phone("104").register();
  await clean();
});

test("a language that has no prompts of ours hears the English ones", async () => {
  const { pbx, talk, logged, clean } = await (await started).begin();
  const pjsip = join(pbx.etcDir, "pjsip.conf");
  const text = await readFile(pjsip, "utf8");
  await writeFile(pjsip, text.replace("language = ru", "language = fr"));
  await pbx.cli("module reload res_pjsip.so");
  const { caller, transferer } = await talk("called");
  await transferer.keys("#");
  await logged(/'smart-transfer\/dial\.gsm' \(language 'fr'\)/);
  await transferer.hears();
  await transferer.hangup();
  await caller.ended();
  await writeFile(pjsip, text);
  await pbx.cli("module reload res_pjsip.so");
  await clean(hungUpWhileKeying);
});

test("nothing is left running", () => leavesNothing(started));

test.run();
