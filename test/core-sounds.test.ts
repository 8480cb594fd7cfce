import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { unpackAsterisk } from "../src/sandbox/packages.ts";
import { coreSpeechLevel, decodeGsm, frameBytes, frameLevels, framesPerSecond, speechLevel } from "./gsm.ts";

const top = join(import.meta.dirname, "..");
const { root } = await unpackAsterisk();
const sounds = join(root, "usr/share/asterisk/sounds");
const folders = { en: "en_US_f_Allison", ru: "ru_RU_f_IvrvoiceRU" } as const;
const shortest = 0.8 * framesPerSecond * frameBytes;

for (const language of ["en", "ru"] as const) {
  test(`our prompts are measured against how loud the core sounds are: ${language}`, () => {
    const folder = join(sounds, folders[language]);
    const files = readdirSync(folder).filter((name) => name.endsWith(".gsm"));
    const recordings = files.map((name) => readFileSync(join(folder, name))).filter(({ length }) => length >= shortest);
    assert.ok(recordings.length > 250, `${recordings.length} recordings`);
    // Every fourth, for speed.
    const some = recordings.filter((_, i) => i % 4 === 0);
    const levels = some.map((gsm) => speechLevel(frameLevels(decodeGsm(gsm)))).sort((one, other) => one - other);
    const median = levels[levels.length >> 1] ?? 0;
    assert.ok(Math.abs(median - coreSpeechLevel[language]) <= 0.5, `the median is ${median.toFixed(2)} dB`);
  });
}

test("the core sounds that the documents name are there in both languages", () => {
  const text = ["README.md", "assets/README.md"].map((name) => readFileSync(join(top, name), "utf8")).join("");
  const named = [...text.matchAll(/prompt_\w+ = ([\w/&-]+)/g)].flatMap(([, sounds = ""]) => sounds.split("&"));
  assert.ok(named.length > 1);
  for (const sound of named)
    for (const folder of Object.values(folders))
      assert.ok(readFileSync(join(sounds, folder, `${sound}.gsm`)).length > 500, `${folder}: ${sound}`);
});

test.run();
