/** Steps of the tests with several nodes. */
import { setTimeout as sleep } from "node:timers/promises";
import * as assert from "uvu/assert";
import { type Call, talking } from "../src/sandbox/call.ts";
import { type By, type Live, send } from "./live.ts";
import type { Nodes } from "./two-nodes.ts";

/** A beep stands for what the caller hears when the receiver is busy. */
export const brief = { prompt_busy: "beep", prompt_returning: "beep", wait_timeout: "60" };

/** Edits the settings of all nodes alike. */
export async function setOn(nodes: readonly Live[], general: Record<string, string>): Promise<void> {
  for (const node of nodes) await node.set(general);
}

export async function giveOn(nodes: readonly Live[], extension: string, line: string): Promise<void> {
  for (const node of nodes) await node.give(extension, line);
}

/** One phone calls another, each on any node, and they talk. */
export async function talks({ phone }: Nodes, from: string, to: string): Promise<{ caller: Call; talked: Call }> {
  const caller = await phone(from).call(to);
  const talked = await phone(to).rings();
  await talked.answer();
  await talking(caller, talked);
  return { caller, talked };
}

/** A caller who talks with a transferer is sent to a receiver; the transferer is let go. */
export async function sent(nodes: Nodes, by: By, receiver: string, from = "910", transferer = "101"): Promise<Call> {
  const { caller, talked } = await talks(nodes, from, transferer);
  await send(talked, by, receiver);
  await talked.ended();
  return caller;
}

/** Resolves when a caller from another node stands in an extension's line at its home node. */
export function inLine(home: Live, extension: string): Promise<string> {
  return home.logged(new RegExp(`Executing \\[line-${extension}-\\d+@smart-transfer-at-home:1\\] Wait`), 10_000);
}

/** Resolves when a node finds that another one is there, or is gone. */
export async function seesOnTrunk({ pbx }: Live, other: string, state: "Avail" | "Unavail"): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!new RegExp(` Contact: .*\\b${state}\\b`).test(await pbx.cli(`pjsip show endpoint smart-transfer-${other}`))) {
    assert.ok(Date.now() < deadline, `${other} is never ${state}`);
    await sleep(50);
  }
}

/**
 * Resolves when a node sees another one that has come back. What it had asked before, and nobody answered, still makes it
 * believe that the other is gone, up to `qualify_timeout` later.
 */
export async function seesAgain(node: Live, other: string): Promise<void> {
  await sleep(1100);
  await seesOnTrunk(node, other, "Avail");
}

/** Resolves when a node has no channel left. */
export async function noChannels({ pbx }: Live): Promise<void> {
  const deadline = Date.now() + 5_000;
  while ((await pbx.cli("core show channels concise")).trim() !== "") {
    assert.ok(Date.now() < deadline, await pbx.cli("core show channels concise"));
    await sleep(50);
  }
}
