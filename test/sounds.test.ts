import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { prompts, soundsOf } from "../src/settings/prompts.ts";
import { coreSpeechLevel, decodeGsm, frameBytes, frameLevels, framesPerSecond, speechLevel } from "./gsm.ts";

const folder = fileURLToPath(new URL("../assets/sounds/", import.meta.url));
const languages = ["en", "ru"] as const;
const files = languages.flatMap((language) => prompts.flatMap(soundsOf).map((name) => `${language}/${name}.gsm`));

test("every prompt of the table is there in both languages, and nothing else", () => {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => `${entry.parentPath}/${entry.name}`.replaceAll("//", "/").slice(folder.length));
  assert.equal(found.sort(), [...files].sort());
  assert.is(new Set(files).size, files.length, "a name stands twice in the table");
});

test("each prompt has a text in both languages, in its own letters", () => {
  for (const prompt of prompts) {
    const { name, en, ru } = prompt;
    assert.equal([en.length, ru.length], [soundsOf(prompt).length, soundsOf(prompt).length], name);
    assert.match(en.join(" "), /^[A-Z][a-z ,.']*([A-Z][a-z ,.']*)*\.$/, name);
    assert.match(ru.join(" "), /^[А-ЯЁ][А-Яа-яЁё ,.]*\.$/, name);
  }
});

test("the sounds are whole GSM frames, 0.5 to 8 s long, less than 80 KB in all", () => {
  let total = 0;
  for (const file of files) {
    const gsm = readFileSync(folder + file);
    total += gsm.length;
    assert.is(gsm.length % frameBytes, 0, `${file}: not whole frames`);
    for (let at = 0; at < gsm.length; at += frameBytes)
      assert.is((gsm[at] ?? 0) >> 4, 0xd, `${file}: no GSM frame at byte ${at}`);
    const seconds = gsm.length / frameBytes / framesPerSecond;
    assert.ok(seconds >= 0.5 && seconds <= 8, `${file}: ${seconds} s`);
  }
  assert.ok(total < 80 * 1024, `${total} bytes`);
});

// From a busy phone's being free to its ringing it may take 2 s.
test("between the parts of `busy` there is time to look", () => {
  for (const file of files.filter((one) => one.includes("/busy")))
    assert.ok(readFileSync(folder + file).length <= 1.5 * framesPerSecond * frameBytes, file);
});

test("the transferer does not wait for `dial`", () => {
  for (const language of languages)
    assert.ok(readFileSync(`${folder}${language}/dial.gsm`).length <= 1.5 * framesPerSecond * frameBytes, language);
});

/** Of every prompt, in frames of 20 ms. */
const loudness = new Map(files.map((file) => [file, frameLevels(decodeGsm(readFileSync(folder + file)))]));

test("the sounds begin and end at once", () => {
  for (const [file, levels] of loudness) {
    const loud = levels.map((level) => level > -50);
    assert.ok(loud.indexOf(true) <= 7, `${file}: ${loud.indexOf(true) * 20} ms of silence before`);
    const after = levels.length - 1 - loud.lastIndexOf(true);
    assert.ok(after <= 12, `${file}: ${after * 20} ms of silence after`);
  }
});

test("the sounds are spoken within 3 dB of the core sounds, and not clipped", () => {
  for (const [file, levels] of loudness) {
    const level = speechLevel(levels);
    const core = coreSpeechLevel[file.slice(0, 2) as "en" | "ru"];
    assert.ok(Math.abs(level - core) <= 3, `${file}: ${level.toFixed(1)} dB, core sounds ${core} dB`);
    const peak = decodeGsm(readFileSync(folder + file)).reduce((most, one) => Math.max(most, Math.abs(one)), 0);
    assert.ok(peak < 0.9, `${file}: clipped, its peak is ${peak}`);
  }
});

test("most of every prompt is speech", () => {
  for (const [file, levels] of loudness) {
    const loud = levels.filter((level) => level > -50).length;
    assert.ok(loud > 0.6 * levels.length, `${file}: ${loud} of ${levels.length} frames`);
  }
});

test.run();
