import { randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { AsteriskCli } from "../../asterisk/cli.ts";
import { helloCauses, helloContext, helloVariable } from "../../contract/names.ts";

/** Limits in ms: for the peer's answer, and for the trunk to be seen after it was read. */
const patience = 4_000;
const interval = 50;

/** Modules that asking needs besides those of the dialplan. */
export const helloModules = ["res_clioriginate.so", "func_cdr.so"] as const;

/** What came back: how Dial ended, and the cause (Q.850). `undefined` if nothing did. */
export interface HelloAnswer {
  readonly status: string;
  readonly cause: number;
}

/** Asks another node whether it knows us, and whether its smart_transfer.conf has this sum. */
export async function askPeer(cli: AsteriskCli, node: string, sum: number): Promise<HelloAnswer | undefined> {
  const mine = String(randomInt(100_000, 1_000_000));
  const context = helloContext(node);
  await cli.run(`channel originate Local/${mine}${sum}@${context}/n application Wait 5`);
  const deadline = Date.now() + patience;
  while (Date.now() < deadline) {
    const channels = (await cli.run("core show channels concise")).split("\n");
    const name = channels
      .map((line) => line.slice(0, line.indexOf("!")))
      .find((one) => one.startsWith(`Local/${mine}${sum}@${context}-`) && one.endsWith(";2"));
    const shown = name === undefined ? "" : await cli.run(`core show channel ${name}`);
    const [, status, cause] = new RegExp(`^${helloVariable}=(\\S*) (\\d*)$`, "m").exec(shown) ?? [];
    if (status !== undefined) {
      await cli.run(`channel request hangup ${name}`);
      return { status, cause: Number(cause) };
    }
    await sleep(interval);
  }
  return undefined;
}

/** What Asterisk shows of the way to an endpoint. */
export interface Contact {
  readonly state: string;
  /** Milliseconds from question to answer. */
  readonly ms: number | undefined;
}

/** The contact of a trunk. Asks it again where it was not reached, as after a reload, and waits for the answer. */
export async function contactOf(cli: AsteriskCli, endpoint: string): Promise<Contact | undefined> {
  const look = async () => contactIn(await cli.run(`pjsip show endpoint ${endpoint}`));
  let contact = await look();
  if (contact === undefined || contact.state === "Avail") return contact;
  await cli.run(`pjsip qualify ${endpoint}`);
  const deadline = Date.now() + 1_500;
  while (contact?.state !== "Avail" && Date.now() < deadline) {
    await sleep(interval);
    contact = await look();
  }
  return contact;
}

/** Parses `      Contact:  smart-transfer-b/sip:10.99.0.2:5060   0d599f0ec14e Avail         1.234`. */
export function contactIn(shown: string): Contact | undefined {
  const [, state, ms = ""] = /^ +Contact: +\S*sip\S+ +\S+ +(\w+) +(\S+)/m.exec(shown) ?? [];
  if (state === undefined) return undefined;
  const time = Number(ms);
  return { state, ms: Number.isFinite(time) ? time : undefined };
}

export function isSame({ cause }: HelloAnswer): boolean {
  return cause === helloCauses.same;
}

export function isOther({ cause }: HelloAnswer): boolean {
  return cause === helloCauses.other;
}
