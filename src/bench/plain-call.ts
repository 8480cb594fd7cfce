import { install, uninstall } from "./command.ts";
import type { Crowd, Talk } from "./crowd.ts";
import type { Site } from "./site.ts";

/** What is compared: of how many calls a turn is, how many turns there are before the sites change sides, and how often. */
export interface Comparison extends Talk {
  readonly calls: number;
  readonly turns: number;
  readonly changes: number;
}

/** Calls that are over at once. */
export const short: Comparison = { seconds: 0.3, isKeyless: false, calls: 200, turns: 3, changes: 3 };
/** Talks between people who had no key to press before. */
export const long: Comparison = { seconds: 3, isKeyless: true, calls: 84, turns: 2, changes: 1 };

/** Processor time of a call that nobody transfers, in ms, with us and without, and how much more it is, as a part. */
export interface PlainCall {
  readonly with: number[];
  readonly without: number[];
  readonly more: number;
}

/**
 * Two sites of the same size take the same calls at the same time, one with us and one without, and change sides: a machine
 * that gets slower favours neither, and by how much two processes of one program differ cancels out. One after the other they
 * differ by more than what is looked for.
 *
 * @param crowds at a site that has us, and at one that has not; after an odd number of changes it is the other way round
 */
export async function comparePlainCalls(crowds: readonly [Crowd, Crowd], plan: Comparison): Promise<PlainCall> {
  const { calls, turns, changes } = plan;
  const spent = { with: [] as number[], without: [] as number[] };
  const ratios: number[] = [];
  const sites = crowds.map(({ site }) => site);
  const times = () => Promise.all(sites.map((site) => site.processorTime()));
  const talk = (some: number) => Promise.all(crowds.map((crowd) => crowd.keepTalking(some, plan)));
  for (let change = 0; change <= changes; change++) {
    const [having, lacking] = change % 2 === 0 ? [0, 1] : [1, 0];
    if (change > 0) await Promise.all([install(sites[having] as Site), uninstall(sites[lacking] as Site)]);
    await talk(calls / 10);
    const sums = [0, 0];
    for (let turn = 0; turn < turns; turn++) {
      const before = await times();
      await talk(calls);
      const each = (await times()).map((time, at) => (time - (before[at] ?? 0)) / calls);
      spent.with.push(each[having] ?? Number.NaN);
      spent.without.push(each[lacking] ?? Number.NaN);
      for (const at of [0, 1]) sums[at] = (sums[at] ?? 0) + (each[at] ?? 0);
    }
    ratios.push((sums[having] ?? Number.NaN) / (sums[lacking] ?? Number.NaN));
  }
  // Each process's own part is in half of them above the line and in half below.
  return { ...spent, more: ratios.reduce((product, ratio) => product * ratio, 1) ** (1 / ratios.length) - 1 };
}
