import { install, uninstall } from "./command.ts";
import type { Crowd, Talk } from "./crowd.ts";
import { mean } from "./figures.ts";

/** What is compared: how many calls there are until the sites change sides, and how often each is on either. */
export interface Comparison extends Talk {
  readonly calls: number;
  readonly rounds: number;
}

/** Calls that are over at once. */
export const short: Comparison = { seconds: 0.3, isKeyless: false, calls: 800, rounds: 2 };
/** Talks between people who had no key to press before. */
export const long: Comparison = { seconds: 3, isKeyless: true, calls: 112, rounds: 1 };

/** Processor time of a call that nobody transfers, in ms, and how much more it is with us, as a part, round by round. */
export interface PlainCall {
  readonly with: number;
  readonly without: number;
  readonly more: readonly number[];
}

/**
 * Two sites of the same size take the same calls at the same time, one with us and one without, and change sides: a machine
 * that gets slower favours neither, and by how much two processes of one program differ cancels out. One after the other they
 * differ by more than what is looked for.
 *
 * @param crowds at a site that has us, and at one that has not; after an odd number of rounds it is the other way round
 */
export async function comparePlainCalls(crowds: readonly [Crowd, Crowd], plan: Comparison): Promise<PlainCall> {
  let [us, others] = crowds;
  const spent = { with: [] as number[], without: [] as number[] };
  const more: number[] = [];
  for (let round = 0; round < plan.rounds; round++) {
    const first = await processorTimes(us, others, plan);
    await Promise.all([uninstall(us.site), install(others.site)]);
    [us, others] = [others, us];
    const second = await processorTimes(us, others, plan);
    spent.with.push(first.with, second.with);
    spent.without.push(first.without, second.without);
    // Each process's own part is once above the line and once below.
    more.push(Math.sqrt((first.with / first.without) * (second.with / second.without)) - 1);
  }
  return { with: mean(spent.with), without: mean(spent.without), more };
}

/** Of a call, in ms, at both at the same time. */
async function processorTimes(us: Crowd, others: Crowd, plan: Comparison): Promise<{ with: number; without: number }> {
  const talk = (calls: number) => Promise.all([us, others].map((crowd) => crowd.keepTalking(calls, plan)));
  const times = () => Promise.all([us.site.processorTime(), others.site.processorTime()]);
  // The first calls after a reload cost more.
  await talk(plan.calls / 10);
  const before = await times();
  await talk(plan.calls);
  const after = await times();
  return { with: (after[0] - before[0]) / plan.calls, without: (after[1] - before[1]) / plan.calls };
}
