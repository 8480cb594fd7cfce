import { install, uninstall } from "./command.ts";
import type { Crowd, Talk } from "./crowd.ts";
import { mean } from "./figures.ts";

/** How to compare: calls per round before the sites swap roles, and rounds in each role. */
export interface Comparison extends Talk {
  readonly calls: number;
  readonly rounds: number;
}

/** Very short calls. */
export const short: Comparison = { seconds: 0.3, isKeyless: false, calls: 800, rounds: 2 };
/** Longer calls between people without a feature key. */
export const long: Comparison = { seconds: 3, isKeyless: true, calls: 112, rounds: 1 };

/** The processor time of a call without a transfer, in ms, and the relative increase with us, for each round. */
export interface PlainCall {
  readonly with: number;
  readonly without: number;
  readonly more: readonly number[];
}

/**
 * Compares two sites of the same size, one with us and one without, which take the same calls at the same time and then
 * swap roles. So a machine that slows down favours neither, and differences between two processes of the same program
 * cancel out. Measured one after the other, they would differ by more than the effect.
 *
 * @param crowds at a site with us and at one without; after an odd number of rounds it is the other way round
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
    // The bias of each process appears once in the numerator and once in the denominator.
    more.push(Math.sqrt((first.with / first.without) * (second.with / second.without)) - 1);
  }
  return { with: mean(spent.with), without: mean(spent.without), more };
}

/** The processor time of a call at both sites, in ms, measured at the same time. */
async function processorTimes(us: Crowd, others: Crowd, plan: Comparison): Promise<{ with: number; without: number }> {
  const talk = (calls: number) => Promise.all([us, others].map((crowd) => crowd.keepTalking(calls, plan)));
  const times = () => Promise.all([us.site.processorTime(), others.site.processorTime()]);
  // The first calls after a reload are slower.
  await talk(plan.calls / 10);
  const before = await times();
  await talk(plan.calls);
  const after = await times();
  return { with: (after[0] - before[0]) / plan.calls, without: (after[1] - before[1]) / plan.calls };
}
