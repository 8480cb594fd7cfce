import { install, uninstall } from "./command.ts";
import type { Crowd, Talk } from "./crowd.ts";
import { mean, table } from "./figures.ts";

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
async function comparePlainCalls(crowds: readonly [Crowd, Crowd], plan: Comparison): Promise<PlainCall> {
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

/** A table of the cost of a call that nobody transfers. Each pair of crowds is a PBX with us and one without. */
export async function plainCallTables(
  small: readonly [Crowd, Crowd],
  large: readonly [Crowd, Crowd],
  tell: (what: string) => void,
): Promise<string> {
  const rows = [];
  for (const [title, crowds, plan] of [
    ["10 extensions", small, short],
    ["1,000 extensions", large, short],
    [`${long.seconds} s of talk, dialled without t or T (*)`, small, long],
  ] as const) {
    tell(`Calls that nobody transfers, ${title}`);
    const spent = await comparePlainCalls(crowds, plan);
    const percents = spent.more.map((part) => (part * 100).toFixed(1)).join(", ");
    const more = `${(mean(spent.more) * 100).toFixed(1)} %${spent.more.length > 1 ? ` (${percents})` : ""}`;
    rows.push([title, spent.without.toFixed(2), spent.with.toFixed(2), more]);
  }
  return [
    table(
      ["mean processor time of a call that nobody transfers, ms", "without us", "with us", "more (by round)"],
      rows,
    ),
    "(*) Asterisk's RTP engine passes the sound on by itself in a call without any feature key. With a key, Asterisk's own or ours, each packet goes through its core (`bridges/bridge_native_rtp.c`).\n",
  ].join("\n");
}
