import { setTimeout as sleep } from "node:timers/promises";
import { Problem } from "../errors.ts";
import type { Call } from "../sandbox/call.ts";
import { people, quiet, type Site, timeOf } from "./site.ts";

/** One way to transfer a call at one site. */
export interface Way {
  readonly title: string;
  readonly site: Site;
  /** What the transferer presses: the key that begins it, then the rest. */
  readonly key: string;
  readonly digits: string;
  readonly receiver: string;
  /** What he hears first. */
  readonly prompt: string;
}

/** Milliseconds, by the log of the PBX and by the phones' clock. */
export interface Reaction {
  /** From the key that begins it to the first prompt. */
  readonly firstSound: number;
  /** From the last digit to the receiver's phone. */
  readonly ring: number;
  readonly ringByPhones: number;
}

const patience = 10_000;

/** One transfer. */
export async function transferOnce({ site, key, digits, receiver, prompt }: Way): Promise<Reaction> {
  const { transferer, caller } = await site.talk();
  const log = await site.follow();
  const from = { transferer: `received on PJSIP/${people.transferer}-`, receiver: `Called PJSIP/${receiver}` };
  await transferer.keys(key + digits);
  const call = await site.phone(receiver).rings(patience);
  const text = await until(log, new RegExp(from.receiver));
  const reaction = {
    firstSound: between(text, `DTMF end '${key.at(-1)}' ${from.transferer}`, `Playing '${prompt}`),
    ring: betweenLast(text, `DTMF end '${digits.at(-1)}' ${from.transferer}`, from.receiver),
    ringByPhones: (call.at("called") ?? Number.NaN) - (transferer.at(`presses ${digits.at(-1)}`) ?? Number.NaN),
  };
  await hangUp(site, transferer, call, caller);
  return reaction;
}

/** From the receiver's 486 to what the caller hears of it, in ms by the log. */
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

/** From the moment the receiver hangs up to the next ring of his phone, for the head of his line, by the phones' clock. */
export async function lineMoves(site: Site): Promise<number> {
  const other = await site.phone(people.stranger).call(people.receiver);
  const occupied = await site.phone(people.receiver).rings();
  await occupied.answer();
  const { transferer, caller } = await site.talk();
  const log = await site.follow();
  await transferer.keys(`#${people.receiver}`);
  await until(log, new RegExp(`StartMusicOnHold\\("PJSIP/${people.caller}`));
  // He has heard that the receiver is busy, and waits.
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

/** From the last line of a kind: a digit may be pressed twice. */
function betweenLast(log: string, from: string, to: string): number {
  const reversed = log.split("\n").reverse().join("\n");
  return (timeOf(log, new RegExp(to)) ?? Number.NaN) - (timeOf(reversed, new RegExp(from)) ?? Number.NaN);
}
