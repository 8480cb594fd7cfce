import { sequenceOf } from "./generate.ts";
import { play } from "./play.ts";
import { FileSite, type FileSiteOptions } from "./site.ts";

/** Plays sequences of seeds that follow each other, and tells what was found. Returns how many were found faulty. */
export async function playFiles(seed: number, count: number, options: FileSiteOptions): Promise<number> {
  const site = await FileSite.start(options);
  const began = Date.now();
  let faulty = 0;
  let taken = 0;
  try {
    for (let number = 0; number < count; number++) {
      const { steps, findings } = await play(sequenceOf(seed + number), site);
      taken += steps.length;
      if (findings.length > 0) {
        faulty += 1;
        process.stdout.write(`${reportOf(seed + number, steps, findings)}\n`);
      }
      if ((number + 1) % 10 === 0)
        process.stderr.write(`${seconds(began)}  ${number + 1} sequences, ${taken} steps, ${faulty} faulty\n`);
    }
    const asterisk = /Asterisk \S+/.exec(await site.pbx.cli("core show version"))?.[0];
    process.stdout.write(
      `${asterisk}, seeds ${seed} to ${seed + count - 1}: ${count} sequences, ${taken} steps, in ${seconds(began).trim()}: ${faulty} faulty\n`,
    );
  } finally {
    await site.stop();
  }
  return faulty;
}

const seconds = (began: number) => `${((Date.now() - began) / 1000).toFixed(0).padStart(5)} s`;

export function reportOf(seed: number, steps: readonly string[], findings: readonly string[]): string {
  return [
    `seed ${seed}:`,
    ...steps.map((step, number) => `  ${number}. ${step}`),
    ...findings.map((finding) => `  FOUND: ${finding.slice(0, 700)}`),
  ].join("\n");
}
