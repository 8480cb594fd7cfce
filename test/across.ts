/** Steps of the tests with several nodes. */
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
  return home.logged(new RegExp(`Executing \\[line-${extension}-\\d+@smart-transfer-peer:1\\] Wait`), 10_000);
}
