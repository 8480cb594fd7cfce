import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { fileSystem } from "../src/asterisk/files.ts";
import { endingsIn, soundFault, usualEndings, wavFault } from "../src/asterisk/sounds.ts";

interface Wav {
  format?: number;
  channels?: number;
  rate?: number;
  bits?: number;
}

function wav({ format = 1, channels = 1, rate = 8000, bits = 16 }: Wav = {}): Buffer {
  const header = Buffer.alloc(44);
  header.write("RIFF", 0);
  header.writeUInt32LE(36, 4);
  header.write("WAVEfmt ", 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(format, 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE((rate * channels * bits) / 8, 28);
  header.writeUInt16LE((channels * bits) / 8, 32);
  header.writeUInt16LE(bits, 34);
  header.write("data", 36);
  return header;
}

test("the header of a WAV file says whether Asterisk can play it", () => {
  assert.is(wavFault(wav(), 8000), undefined);
  assert.is(wavFault(wav({ rate: 16_000 }), 16_000), undefined);
  assert.match(wavFault(wav({ rate: 44_100 }), 8000) ?? "", "44100 samples a second, not 8000");
  assert.match(wavFault(wav({ channels: 2 }), 8000) ?? "", "2 channels");
  assert.match(wavFault(wav({ bits: 8 }), 8000) ?? "", "8 bits");
  assert.match(wavFault(wav({ format: 6 }), 8000) ?? "", "compressed");
  for (const other of [Buffer.alloc(0), Buffer.from("RIFF"), Buffer.from("ID3".padEnd(60)), wav().subarray(0, 20)])
    assert.is(wavFault(other, 8000), "it is not a WAV file");
});

test("the endings that Asterisk knows are read from its list", () => {
  const shown = `Format     Name       Extensions          
------     ----       ----------          
alaw       alaw       alaw|al|alw         
speex32    ogg_speex32 spx32               
gsm        wav49      WAV|wav49           
36 file formats registered.
`;
  assert.equal([...endingsIn(shown)], ["alaw", "al", "alw", "spx32", "WAV", "wav49"]);
});

/** A folder of sounds, for one test. */
async function inFolder(story: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "sounds-"));
  try {
    await mkdir(join(folder, "en"));
    await mkdir(join(folder, "ru"));
    await story(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test("a sound is judged where it lies, in every language that has it", () =>
  inFolder(async (folder) => {
    const inspection = {
      system: fileSystem(),
      folder,
      languages: ["en", "ru"],
      endings: usualEndings,
      user: undefined,
    };
    const fault = async (name: string) => (await soundFault(name, inspection))?.message;
    await writeFile(join(folder, "en/fine.wav"), wav());
    assert.is(await fault("fine"), undefined);
    assert.is(await fault(join(folder, "en/fine")), undefined);
    assert.match((await fault("none")) ?? "", `no sound ${folder}/en/none: there is no such file`);
    await mkdir(join(folder, "en/folder"));
    assert.match((await fault("folder")) ?? "", "it is a folder");
    await mkdir(join(folder, "en/deep.wav"));
    assert.match((await fault("deep")) ?? "", "not a regular file");
    await execa("mkfifo", [join(folder, "en/pipe.wav")]);
    assert.match((await fault("pipe")) ?? "", "not a regular file");
    await writeFile(join(folder, "en/empty.gsm"), "");
    assert.match((await fault("empty")) ?? "", "empty");
    await writeFile(join(folder, "en/song.mp3"), "ID3");
    const song = await soundFault("song", inspection);
    assert.match(song?.message ?? "", 'no format ".mp3"');
    assert.match(song?.remedy ?? "", `sox ${folder}/en/song.mp3 -r 8000 -c 1 -b 16 ${folder}/en/song.wav`);
    await writeFile(join(folder, "en/song.gsm"), "x");
    assert.is(await fault("song"), undefined, "one of them is enough");

    await writeFile(join(folder, "ru/fine.wav"), wav({ rate: 48_000 }));
    const inRussian = await soundFault("fine", inspection);
    assert.match(inRussian?.message ?? "", `${folder}/ru/fine.wav: it has 48000`);
    assert.match(inRussian?.remedy ?? "", "fine-8k.wav");
    await writeFile(join(folder, "en/it's.mp3"), "x");
    assert.match((await soundFault(join(folder, "en/it's"), inspection))?.remedy ?? "", `'${folder}/en/it'\\''s.mp3'`);
  }));

test("a sound that Asterisk's user may not read is told, with what hides it", () =>
  inFolder(async (folder) => {
    await chmod(folder, 0o755);
    await writeFile(join(folder, "en/hidden.wav"), wav());
    const user = { uid: 54_321, gid: 54_321 };
    const inspection = { system: fileSystem(), folder, languages: ["en"], endings: usualEndings, user };
    const fault = async () => (await soundFault("hidden", inspection))?.message;
    await chmod(join(folder, "en"), 0o755);
    await chmod(join(folder, "en/hidden.wav"), 0o644);
    assert.is(await fault(), undefined);
    await chmod(join(folder, "en/hidden.wav"), 0o640);
    assert.match((await fault()) ?? "", `The user that Asterisk runs as may not read ${folder}/en/hidden.wav`);
    await chmod(join(folder, "en"), 0o750);
    assert.match((await fault()) ?? "", `The user that Asterisk runs as may not read ${folder}/en,`);
  }));

test.run();
