import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { prompts, soundsOf } from "../src/settings/prompts.js";

const folder = fileURLToPath(new URL("../assets/sounds/", import.meta.url));
const languages = ["en", "ru"] as const;
const files = languages.flatMap((language) => prompts.flatMap(soundsOf).map((name) => `${language}/${name}.gsm`));

// GSM 06.10: a frame is 33 bytes and 20 ms; 0xD, 36 bits of filter, then four blocks of 56 bits.
const frameBytes = 33;
const framesPerSecond = 50;
const blockBits = 56;
const amplitudeAt = 4 + 36 + 11;

// The amplitude of every 5 ms block of what drives the filter, as GSM 06.10 quantises it in 6 bits.
function amplitudes(gsm: Buffer): number[] {
  const found: number[] = [];
  for (let frame = 0; frame < gsm.length; frame += frameBytes)
    for (let block = 0; block < 4; block++) {
      const bit = amplitudeAt + block * blockBits;
      const code = (gsm.readUInt16BE(frame + (bit >> 3)) >> (10 - (bit & 7))) & 0x3f;
      found.push(code < 16 ? (code + 1) * 32 : ((code & 7) + 9) * 2 ** ((code >> 3) + 4));
    }
  return found;
}

function decibels(values: number[]): number {
  return 10 * Math.log10(values.reduce((sum, value) => sum + value ** 2, 0) / values.length);
}

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

// Without decoding. 98 % of the core sounds are between 52.7 and 62.5 dB: neither silent nor far too soft or loud.
test("the sounds are driven as hard as the core sounds", () => {
  for (const file of files) {
    const level = decibels(amplitudes(readFileSync(folder + file)));
    assert.ok(level > 51 && level < 64, `${file}: ${level.toFixed(1)} dB`);
  }
});

test("the sounds begin and end at once", () => {
  for (const file of files) {
    const blocks = amplitudes(readFileSync(folder + file));
    const loud = blocks.map((amplitude) => amplitude > 64);
    assert.ok(loud.indexOf(true) * 5 <= 150, `${file}: ${loud.indexOf(true) * 5} ms of silence before`);
    const after = (loud.length - 1 - loud.lastIndexOf(true)) * 5;
    assert.ok(after <= 250, `${file}: ${after} ms of silence after`);
  }
});

test("the sounds are within 3 dB of the core sounds, and not clipped", () => {
  const core = { en: -19.7, ru: -20.5 };
  for (const file of files) {
    const { error, stdout } = spawnSync("sox", [folder + file, "-t", "s16", "-L", "-"], { maxBuffer: 1 << 24 });
    if (error) {
      console.log("  not measured: the level in dB, for there is no sox here (apt-get install sox)");
      return;
    }
    const samples = Array.from({ length: stdout.length / 2 }, (_, i) => stdout.readInt16LE(i * 2) / 32768);
    const level = decibels(samples);
    const wanted = core[file.startsWith("ru/") ? "ru" : "en"];
    assert.ok(Math.abs(level - wanted) <= 3, `${file}: ${level.toFixed(1)} dB, core sounds ${wanted} dB`);
    const peak = samples.reduce((highest, sample) => Math.max(highest, Math.abs(sample)), 0);
    assert.ok(peak < 0.9, `${file}: clipped, its peak is ${peak}`);
  }
});

test.run();
