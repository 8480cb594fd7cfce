import { setTimeout as sleep } from "node:timers/promises";
import { type AsteriskCli, CliProblem } from "../../asterisk/cli.ts";
import { Problem } from "../../terminal/problem.ts";

/**
 * How long a reload may be under way, and how often it is looked whether it still is, in ms. Additions to 10,000 endpoints
 * took a busy machine ten minutes; while Asterisk says that it is at it, there is no other way than to wait.
 */
const usualPatience = { limit: 1_800_000, interval: 1_000 };

/** Whether a reload is under way Asterisk says before it looks for the module (main/loader.c, ast_module_reload). */
const lookForReload = "module reload there-is-no-such-module";
const isUnderWay = (said: string) => said.includes("reload request is already in progress");

/**
 * Has Asterisk load, unload or reload a module, and waits until it has: with thousands of endpoints it reads longer than its
 * command line waits. `module reload` exits 0 whatever happens: only its text tells (main/cli.c, handle_reload).
 */
export async function reload(command: string, cli: AsteriskCli, patience = usualPatience): Promise<void> {
  const isReload = command.startsWith("module reload ");
  for (let isSecond = false; ; isSecond = true) {
    let said: string;
    try {
      said = await cli.run(command);
    } catch (error) {
      if (!isReload || !(error instanceof CliProblem) || error.reason !== "no answer") throw error;
      // It is at it still: that it worked, the check will see. Else it may just have ended: asked again, it says how.
      if (await untilReloaded(cli, patience)) return;
      if (isSecond) throw error;
      continue;
    }
    if (/\bsuccess|^Loaded |^Unloaded /im.test(said)) return;
    // Somebody else's: whether it has read what we wrote, nobody knows.
    if (isReload && isUnderWay(said)) await untilReloaded(cli, patience);
    else throw failed(command, said.trim() || "Asterisk said nothing");
  }
}

/** Waits while a reload is under way. `false` when there is none. */
export async function untilReloaded(cli: AsteriskCli, { limit, interval } = usualPatience): Promise<boolean> {
  const until = Date.now() + limit;
  for (let isSeen = false; ; isSeen = true) {
    if (!isUnderWay(await cli.run(lookForReload))) return isSeen;
    if (Date.now() > until) throw failed("module reload", `one is under way for ${limit / 60_000} minutes`);
    await sleep(interval);
  }
}

function failed(command: string, why: string): Problem {
  return new Problem(`"${command}" failed: ${why}`, "See Asterisk's log for the reason, mend it, then run this again.");
}
