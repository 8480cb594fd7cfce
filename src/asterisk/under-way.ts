import { setTimeout as sleep } from "node:timers/promises";
import { contexts, plainContexts } from "../settings/files.ts";
import type { AsteriskCli } from "./cli.ts";

const intervalMs = 500;
const ours: ReadonlySet<string> = new Set([...Object.values(contexts), ...Object.values(plainContexts)]);
/** Where a transferer is who keys digits, from within the bridge. */
const keying: ReadonlySet<string> = new Set([plainContexts.digits, contexts.key, contexts.keyed]);

/**
 * Waits until no caller is between two people: on hold while the transferer keys digits, ringing, or in a line. Without the
 * dialplan they would be lost. Who talks again needs nothing of ours any more. Tells how many there are whenever that
 * changes.
 *
 * @param limitMs the longest wait
 * @returns the channels of those who are on the way still when it is over
 */
export async function untilNobodyIsOnTheWay(
  cli: AsteriskCli,
  limitMs: number,
  tell: (sentence: string) => void,
  signal?: AbortSignal,
): Promise<string[]> {
  const until = Date.now() + limitMs;
  for (let told = 0; ; ) {
    const channels = onTheWay(await cli.run("core show channels concise"));
    if (channels.length === 0 || Date.now() > until) return channels;
    if (channels.length !== told) tell(`${inWords(channels)}; waiting for at most ${secondsTo(until)} s more`);
    told = channels.length;
    await sleep(intervalMs, undefined, { signal });
  }
}

/** `2 on the way (PJSIP/900-00000001, PJSIP/901-00000002)` */
export function inWords(channels: readonly string[]): string {
  const more = channels.length > 3 ? ` and ${channels.length - 3} more` : "";
  return `${channels.length} on the way (${channels.slice(0, 3).join(", ")}${more})`;
}

function secondsTo(time: number): number {
  return Math.ceil((time - Date.now()) / 1000);
}

/** `Channel!Context!Extension!...!BridgeID!UniqueID` (main/cli.c). */
export function onTheWay(shown: string): string[] {
  return shown.split("\n").flatMap((line) => {
    const fields = line.split("!");
    const [channel = "", context = ""] = fields;
    const talks = fields.at(-2) !== "" && !keying.has(context);
    return ours.has(context) && !talks ? [channel] : [];
  });
}
