import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { RunningAsterisk } from "../src/sandbox/asterisk.ts";

/** As the recordings are: GSM frames. */
export const frameBytes = 33;
export const framesPerSecond = 50;
const samplesPerFrame = 160;

/** From a recording to samples between -1 and 1, 8000 a second, by Asterisk's own codec. */
export async function samplesOf({ cli, folder }: RunningAsterisk, file: string): Promise<Float64Array> {
  const converted = join(folder, "converted.sln");
  const said = await cli(`file convert ${file} ${converted}`);
  if (!said.startsWith("Converted ")) throw new Error(said);
  const bytes = await readFile(converted);
  return Float64Array.from({ length: bytes.length / 2 }, (_, i) => bytes.readInt16LE(2 * i) / 32_768);
}

/** The level of each frame, in dB below full scale. */
export function frameLevels(samples: Float64Array): number[] {
  return Array.from({ length: Math.floor(samples.length / samplesPerFrame) }, (_, frame) => {
    const some = samples.subarray(frame * samplesPerFrame, (frame + 1) * samplesPerFrame);
    return decibels(some.reduce((sum, one) => sum + one * one, 0) / samplesPerFrame);
  });
}

/** The level while somebody speaks: of the frames that are less than 30 dB below the loudest. */
export function speechLevel(levels: readonly number[]): number {
  const spoken = levels.filter((level) => level > Math.max(...levels) - 30);
  return decibels(spoken.reduce((sum, level) => sum + 10 ** (level / 10), 0) / spoken.length);
}

function decibels(power: number): number {
  return 10 * Math.log10(power + 1e-12);
}
