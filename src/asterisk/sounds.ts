import { basename, dirname, join } from "node:path";
import { Problem } from "../terminal/problem.ts";
import { shellWord } from "../terminal/shell-word.ts";
import type { FileSystem, Ownership } from "./files.ts";

/** What determines whether Asterisk can play a sound. */
export interface SoundSight {
  readonly system: FileSystem;
  /** The folder that contains the language folders. */
  readonly folder: string;
  /** The installed languages. English comes first, because the others fall back to it. */
  readonly languages: readonly string[];
  /** File extensions of the formats that this Asterisk can play. */
  readonly endings: ReadonlySet<string>;
  /** The user that Asterisk runs as, if known. */
  readonly user: Pick<Ownership, "uid" | "gid"> | undefined;
}

/** The file extensions of Asterisk's own formats, if it cannot be asked. */
export const usualEndings: ReadonlySet<string> = new Set(
  "wav gsm ulaw ul pcm mu alaw al g722 sln sln16 wav16 WAV wav49 g729 ogg raw slin au".split(" "),
);

/**
 * Parses ` slin       wav        wav` and `gsm        wav49      WAV|wav49` in `core show file formats` (main/file.c).
 */
export function endingsIn(shown: string): Set<string> {
  const rows = [...shown.matchAll(/^\S+ +\S+ +(\S+) *$/gm)].map(([, endings = ""]) => endings);
  return new Set(rows.filter((row) => row !== "Extensions" && !/^-+$/.test(row)).flatMap((row) => row.split("|")));
}

/** The sample rate that Asterisk requires of a WAV file, in Hz, by file extension (formats/format_wav.c). */
const wavRates: Readonly<Record<string, number>> = { wav: 8000, wav16: 16_000 };

/**
 * Why Asterisk cannot play a sound, and what to do; `undefined` if it can. The name is Asterisk's: without a file
 * extension, either absolute or below a language folder.
 */
export async function soundFault(name: string, inspection: SoundSight): Promise<Problem | undefined> {
  const paths = name.startsWith("/")
    ? [name]
    : inspection.languages.map((language) => join(inspection.folder, language, name));
  for (const [at, path] of paths.entries()) {
    const listing = (await inspection.system.list(dirname(path)).catch(() => [])) ?? [];
    const files = listing.map((file) => join(dirname(path), file)).filter((file) => file.startsWith(`${path}.`));
    const faults = await Promise.all(files.map((file) => fileFault(file, path, inspection)));
    // Other languages may lack the sound; English may not.
    if (files.length === 0 && at === 0) return missing(path, listing.includes(path.slice(path.lastIndexOf("/") + 1)));
    if (files.length > 0 && !faults.includes(undefined)) return faults[0];
  }
  return undefined;
}

function missing(path: string, isThereItself: boolean): Problem {
  const why = isThereItself ? "it is a folder, or a file without an ending" : "there is no such file";
  return new Problem(
    `Asterisk has no sound ${path}: ${why}.`,
    `Put it there with the ending of its format, such as ${path}.wav (8 kHz, mono, 16 bit), or name another.`,
  );
}

async function fileFault(file: string, name: string, inspection: SoundSight): Promise<Problem | undefined> {
  const ending = file.slice(name.length + 1);
  const hidden = await hiddenFrom(inspection.user, file, inspection.system);
  if (hidden !== undefined) {
    return new Problem(
      `The user that Asterisk runs as may not read ${hidden}, so Asterisk cannot play ${file}.`,
      `Let everybody read it: chmod a+rX ${shellWord(hidden)}`,
    );
  }
  try {
    const content = (await inspection.system.read(file))?.content ?? Buffer.alloc(0);
    if (!inspection.endings.has(ending)) return unplayable(file, name, `this Asterisk has no format ".${ending}"`);
    const rate = wavRates[ending];
    const fault = rate === undefined ? undefined : wavFault(content, rate);
    if (content.length === 0) return unplayable(file, name, "it is empty");
    return fault === undefined ? undefined : unplayable(file, name, fault);
  } catch (error) {
    // Such as a folder or pipe with that name.
    if (error instanceof Problem) return new Problem(`Asterisk cannot play ${file}: ${error.message}`, error.remedy);
    throw error;
  }
}

/** Checks as much of the RIFF header as Asterisk reads. Asterisk expects the format chunk right after it. */
export function wavFault(content: Buffer, rate: number): string | undefined {
  const text = (at: number) => content.toString("latin1", at, at + 4);
  if (content.length < 36 || text(0) !== "RIFF" || text(8) !== "WAVE" || text(12) !== "fmt ")
    return "it is not a WAV file";
  const [format, channels, samples, bits] = [
    content.readUInt16LE(20),
    content.readUInt16LE(22),
    content.readUInt32LE(24),
    content.readUInt16LE(34),
  ];
  if (format !== 1) return "it is compressed, not PCM";
  if (channels !== 1) return `it has ${channels} channels, not one`;
  if (samples !== rate) return `it has ${samples} samples a second, not ${rate}`;
  return bits === 16 ? undefined : `it has ${bits} bits a sample, not 16`;
}

/** The Problem for a file of a wrong format, with the exact command that converts it. */
function unplayable(file: string, name: string, why: string): Problem {
  const out = file === `${name}.wav` ? `${name}-8k.wav` : `${name}.wav`;
  return new Problem(
    `Asterisk cannot play ${file}: ${why}.`,
    `Convert it: sox ${shellWord(file)} -r 8000 -c 1 -b 16 ${shellWord(out)} (from the package sox). Then name ${out}.`,
  );
}

/** Finds the first folder or file on a path that this user may not enter or read. */
export async function hiddenFrom(
  user: SoundSight["user"],
  file: string,
  system: FileSystem,
): Promise<string | undefined> {
  if (user === undefined || user.uid === 0) return undefined;
  const parts = file.split("/").filter(Boolean);
  for (let length = 1; length <= parts.length; length++) {
    const path = `/${parts.slice(0, length).join("/")}`;
    const rights = await system.ownership(path).catch(() => undefined);
    if (rights === undefined) continue;
    const shift = rights.uid === user.uid ? 6 : rights.gid === user.gid ? 3 : 0;
    const wanted = length === parts.length ? 0o4 : 0o1;
    if (((rights.mode >> shift) & wanted) === 0) return path;
  }
  return undefined;
}

/** The languages that have a sound, in whatever format. */
export async function languagesWith(sound: string, system: FileSystem, folder: string): Promise<readonly string[]> {
  const languages = (await system.list(folder)) ?? [];
  const has = await Promise.all(
    languages.map(async (language) => {
      // A file here is not a language.
      const files = (await system.list(dirname(join(folder, language, sound))).catch(() => undefined)) ?? [];
      return files.some((file) => file.replace(/\.[^.]*$/, "") === basename(sound));
    }),
  );
  return languages.filter((_, at) => has[at]);
}
