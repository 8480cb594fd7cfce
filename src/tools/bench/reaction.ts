import { setTimeout as sleep } from "node:timers/promises";
import type { Call } from "../../sandbox/call.ts";
import { Problem } from "../../terminal/problem.ts";
import { spread, table } from "./figures.ts";
import { people, quiet, type Site, timeOf } from "./site.ts";

/** One way to transfer a call at one site. */
export interface Way {
  readonly title: string;
  readonly site: Site;
  /** The key that starts the transfer, and the digits after it. */
  readonly key: string;
  readonly digits: string;
  readonly receiver: string;
  /** Where the receiver's phone is, if that is another node. */
  readonly home?: Site;
  /** The first prompt that the transferer hears. */
  readonly prompt: string;
}

/** Times in ms, by the PBX's log and by the phones' clock. */
export interface Reaction {
  /** From the key to the first prompt. */
  readonly firstSound: number;
  /** From the last digit to the ringing of the receiver's phone. */
  readonly ring: number;
  readonly ringByPhones: number;
}

const patience = 10_000;

/**
 * Transfers in each way in turn, and makes a table of how fast they were.
 *
 * @param unit the head of the first column
 * @param tell is called in every fifth round
 */
export async function compareWays(
  unit: string,
  ways: readonly Way[],
  rounds: number,
  tell: (round: string) => void,
): Promise<string> {
  const found = new Map<Way, Reaction[]>(ways.map((way) => [way, []]));
  for (let round = 1; round <= rounds; round++) {
    if (round % 5 === 1) tell(`round ${round} of ${rounds}`);
    for (const way of ways) found.get(way)?.push(await transferOnce(way));
  }
  const rows = ways.map((way) => {
    const of = (what: keyof Reaction) => spread((found.get(way) ?? []).map((one) => one[what]));
    return [way.title, of("ring"), of("ringByPhones"), of("firstSound")];
  });
  return table([unit, "by the PBX's log", "by the phones' clock", "key to first sound"], rows);
}

/** Makes one transfer. */
export async function transferOnce({ site, key, digits, receiver, home = site, prompt }: Way): Promise<Reaction> {
  const { transferer, caller } = await site.talk();
  const log = await site.follow();
  const logAtHome = await home.follow();
  const from = { transferer: `received on PJSIP/${people.transferer}-`, receiver: `Called PJSIP/${receiver}` };
  await transferer.keys(key + digits);
  const call = await home.phone(receiver).rings(patience);
  const rung = await until(logAtHome, new RegExp(from.receiver));
  const text = await log();
  const reaction = {
    firstSound: between(text, `DTMF end '${key.at(-1)}' ${from.transferer}`, `Playing '${prompt}`),
    // A digit may occur twice.
    ring:
      (timeOf(rung, new RegExp(from.receiver)) ?? Number.NaN) -
      timeOfLast(text, `DTMF end '${digits.at(-1)}' ${from.transferer}`),
    ringByPhones: (call.at("called") ?? Number.NaN) - (transferer.at(`presses ${digits.at(-1)}`) ?? Number.NaN),
  };
  await hangUp(site, transferer, call, caller);
  await quiet(home);
  return reaction;
}

/** The time from the receiver's 486 to the prompt for the caller, in ms by the log. */
export async function busyPrompt(site: Site): Promise<number> {
  const phone = site.phone(people.receiver);
  phone.policy = "busy";
  const { transferer, caller } = await site.talk();
  const log = await site.follow();
  await transferer.keys(`#${people.receiver}`);
  const text = await until(log, /Playing 'smart-transfer\/busy/);
  phone.policy = "ring";
  await hangUp(site, transferer, caller);
  return between(text, "Everyone is busy", "Playing 'smart-transfer/busy");
}

/**
 * The time from the receiver's hangup to the next ring of their phone for the first caller in line, by the phones'
 * clock.
 */
export async function lineMoves(site: Site): Promise<number> {
  const other = await site.phone(people.stranger).call(people.receiver);
  const occupied = await site.phone(people.receiver).rings();
  await occupied.answer();
  const { transferer, caller } = await site.talk();
  const log = await site.follow();
  await transferer.keys(`#${people.receiver}`);
  await until(log, new RegExp(`StartMusicOnHold\\("PJSIP/${people.caller}`));
  // By now the caller knows that the receiver is busy, and waits.
  await sleep(1000);
  await occupied.hangup();
  const call = await site.phone(people.receiver).rings(patience);
  const milliseconds = (call.at("called") ?? Number.NaN) - (occupied.at("ended") ?? Number.NaN);
  await hangUp(site, other, transferer, call, caller);
  return milliseconds;
}

async function hangUp(site: Site, ...calls: Call[]): Promise<void> {
  await Promise.all(calls.map((call) => call.hangup()));
  await quiet(site);
}

async function until(log: () => Promise<string>, pattern: RegExp): Promise<string> {
  const deadline = Date.now() + patience;
  while (Date.now() < deadline) {
    const text = await log();
    if (pattern.test(text)) return text;
    await sleep(20);
  }
  throw new Problem(`The PBX did not come to ${pattern}:\n${(await log()).slice(-3000)}`, "");
}

function between(log: string, from: string, to: string): number {
  return (timeOf(log, new RegExp(to)) ?? Number.NaN) - (timeOf(log, new RegExp(from)) ?? Number.NaN);
}

function timeOfLast(log: string, what: string): number {
  return timeOf(log.split("\n").reverse().join("\n"), new RegExp(what)) ?? Number.NaN;
}
