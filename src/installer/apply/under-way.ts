import { setTimeout as sleep } from "node:timers/promises";
import type { AsteriskCli } from "../../asterisk/cli.ts";
import { contexts, plainContexts } from "../../contract/names.ts";
import { few } from "../../terminal/few.ts";

const intervalMs = 500;
const ours: ReadonlySet<string> = new Set([...Object.values(contexts), ...Object.values(plainContexts)]);
/** Contexts of a transferer who is entering digits inside the bridge. */
const keying: ReadonlySet<string> = new Set([plainContexts.digits, contexts.key, contexts.keyed]);

/**
 * Waits until no transfer is running: the caller is on hold while the transferer enters digits, is ringing somebody, or
 * waits in a line. Without our dialplan such callers would be lost. Callers who talk again no longer need it. Reports
 * the number of channels whenever it changes.
 *
 * @param limitMs the longest wait
 * @returns the channels of transfers that are still running after that
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
    if (channels.length !== told) tell(`${channelsInWords(channels)}; waiting for at most ${secondsTo(until)} s more`);
    told = channels.length;
    await sleep(intervalMs, undefined, { signal });
  }
}

/** "2 channels in a transfer (PJSIP/900-00000001, PJSIP/901-00000002)" */
export function channelsInWords(channels: readonly string[]): string {
  return `${channels.length} ${channels.length === 1 ? "channel" : "channels"} in a transfer (${few(channels, 3)})`;
}

function secondsTo(time: number): number {
  return Math.ceil((time - Date.now()) / 1000);
}

/** The channels in a running transfer, from lines `Channel!Context!Extension!...!BridgeID!UniqueID` (main/cli.c). */
export function onTheWay(shown: string): string[] {
  return shown.split("\n").flatMap((line) => {
    const fields = line.split("!");
    const [channel = "", context = ""] = fields;
    const talks = fields.at(-2) !== "" && !keying.has(context);
    return ours.has(context) && !talks ? [channel] : [];
  });
}
