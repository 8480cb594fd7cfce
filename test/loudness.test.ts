import { readdirSync, statSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { prompts, soundsOf } from "../src/installer/settings/prompts.ts";
import { type RunningAsterisk, startAsterisk } from "../src/sandbox/asterisk.ts";
import { unpackAsterisk } from "../src/sandbox/packages.ts";
import { frameBytes, frameLevels, framesPerSecond, samplesOf, speechLevel } from "./speech.ts";

const ours = join(import.meta.dirname, "../assets/sounds");
const core = { en: "en_US_f_Allison", ru: "ru_RU_f_IvrvoiceRU" } as const;
const languages = ["en", "ru"] as const;
/** Of the core sounds, those that are more than a number or a letter, in bytes. */
const shortest = 0.8 * framesPerSecond * frameBytes;

/** An Asterisk that does nothing but convert sounds, for every test. */
const modules = ["res_convert", "format_gsm", "format_sln", "codec_gsm"].map((name) => `load = ${name}.so\n`);
const asterisk = (async (): Promise<RunningAsterisk> => {
  const folder = await mkdtemp(join(tmpdir(), "loudness-"));
  const etc = { "modules.conf": `[modules]\nautoload = no\n${modules.join("")}` };
  return startAsterisk({ release: await unpackAsterisk(), folder, etc, stock: false, prompts: false });
})();

/** A prompt, and its samples. */
interface Spoken {
  readonly title: string;
  readonly language: keyof typeof core;
  readonly samples: Float64Array;
  readonly levels: readonly number[];
}

const spoken = asterisk.then(async (converter) => {
  const all: Spoken[] = [];
  for (const language of languages)
    for (const name of prompts.flatMap(soundsOf)) {
      const samples = await samplesOf(converter, join(ours, language, `${name}.gsm`));
      all.push({ title: `${language}/${name}`, language, samples, levels: frameLevels(samples) });
    }
  return all;
});

/** The median level of the core sounds in a language: every tenth, for speed. */
async function coreLevel(language: keyof typeof core): Promise<number> {
  const { root } = await unpackAsterisk();
  const folder = join(root, "usr/share/asterisk/sounds", core[language]);
  const files = readdirSync(folder).filter(
    (name) => name.endsWith(".gsm") && statSync(join(folder, name)).size >= shortest,
  );
  assert.ok(files.length > 250, `${files.length} recordings`);
  const levels: number[] = [];
  for (const name of files.sort().filter((_, index) => index % 10 === 0))
    levels.push(speechLevel(frameLevels(await samplesOf(await asterisk, join(folder, name)))));
  return levels.sort((one, other) => one - other)[levels.length >> 1] ?? Number.NaN;
}

test("the prompts begin and end at once", async () => {
  for (const { title, levels } of await spoken) {
    const loud = levels.map((level) => level > -50);
    assert.ok(loud.indexOf(true) <= 7, `${title}: ${loud.indexOf(true) * 20} ms of silence before`);
    const after = levels.length - 1 - loud.lastIndexOf(true);
    assert.ok(after <= 12, `${title}: ${after * 20} ms of silence after`);
  }
});

test("most of every prompt is speech, and nothing is clipped", async () => {
  for (const { title, samples, levels } of await spoken) {
    const loud = levels.filter((level) => level > -50).length;
    assert.ok(loud > 0.6 * levels.length, `${title}: ${loud} of ${levels.length} frames`);
    const peak = samples.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
    assert.ok(peak < 0.9, `${title}: its peak is ${peak}`);
  }
});

for (const language of languages)
  test(`the prompts are spoken within 3 dB of the core sounds: ${language}`, async () => {
    const usual = await coreLevel(language);
    for (const { title, levels } of (await spoken).filter((one) => one.language === language)) {
      const level = speechLevel(levels);
      assert.ok(Math.abs(level - usual) <= 3, `${title}: ${level.toFixed(1)} dB, core sounds ${usual.toFixed(1)} dB`);
    }
  });

test.after(async () => (await asterisk).stop());
test.run();
