import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { prompts, soundsOf } from "../src/installer/settings/prompts.ts";
import { frameBytes, framesPerSecond } from "./speech.ts";

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

test("the sounds are whole GSM frames, 0.5 to 8 s long, less than 120 KB in all", () => {
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
  assert.ok(total < 120 * 1024, `${total} bytes`);
});

// A phone that becomes free must ring within 2 s.
test("between the parts of `busy` and `voicemail` there is time to look", () => {
  for (const file of files.filter((one) => /\/(busy|voicemail)/.test(one)))
    assert.ok(readFileSync(folder + file).length <= 1.5 * framesPerSecond * frameBytes, file);
});

// While they hear it, the phone may become free for them: they are rung for within 1 s.
test("nobody in line is late for what they hear of their position", () => {
  for (const language of languages)
    assert.ok(readFileSync(`${folder}${language}/position.gsm`).length <= 0.9 * framesPerSecond * frameBytes, language);
});

test("the transferer does not wait for `dial`", () => {
  for (const language of languages)
    assert.ok(readFileSync(`${folder}${language}/dial.gsm`).length <= 1.5 * framesPerSecond * frameBytes, language);
});

test.run();
