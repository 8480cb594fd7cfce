import { setTimeout as sleep } from "node:timers/promises";
import { Problem } from "../errors.ts";
import { contexts, plainContexts } from "../settings/files.ts";
import type { AsteriskCli } from "./cli.ts";

const patience = 30_000;
const interval = 500;
const ours: ReadonlySet<string> = new Set([...Object.values(contexts), ...Object.values(plainContexts)]);
/** Where a transferer is who keys his digits, from within the bridge. */
const keying: ReadonlySet<string> = new Set([plainContexts.digits, contexts.key, contexts.keyed]);

/**
 * Waits until no caller is between two people: on hold while the transferer keys digits, ringing, or in a line. Without the
 * dialplan he would be lost. Who talks again needs nothing of ours any more. Throws a Problem where it takes too long.
 */
export async function untilNobodyIsOnTheWay(cli: AsteriskCli, tell: (sentence: string) => void): Promise<void> {
  const until = Date.now() + patience;
  for (let told = false; ; told = true) {
    const channels = onTheWay(await cli.run("core show channels concise"));
    if (channels.length === 0) return;
    const which = `${channels.slice(0, 3).join(", ")}${channels.length > 3 ? ` and ${channels.length - 3} more` : ""}`;
    if (Date.now() > until) {
      throw new Problem(
        `Callers are being transferred or wait in a line (${which}): without the dialplan they would be lost. Nothing was changed.`,
        "Run this again when they are through.",
      );
    }
    if (!told) tell(`Waiting for transfers under way to end: ${which}.`);
    await sleep(interval);
  }
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
