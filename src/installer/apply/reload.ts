import { setTimeout as sleep } from "node:timers/promises";
import { type AsteriskCli, CliProblem } from "../../asterisk/cli.ts";
import { Problem } from "../../terminal/problem.ts";

/**
 * The longest reload, and the pause between two checks, in ms. Additions to 10,000 endpoints took a busy machine ten
 * minutes. While Asterisk says that it is reloading, all we can do is wait.
 */
const usualPatience = { limit: 1_800_000, interval: 1_000 };

/** Asterisk reports a running reload before it looks for the module (main/loader.c, ast_module_reload). */
const lookForReload = "module reload there-is-no-such-module";
const isUnderWay = (said: string) => said.includes("reload request is already in progress");

/**
 * Makes Asterisk load, unload or reload a module, and waits until it is done: with thousands of endpoints this takes
 * longer than its command line waits. `module reload` always exits with 0; only its output tells the result
 * (main/cli.c, handle_reload).
 */
export async function reload(command: string, cli: AsteriskCli, patience = usualPatience): Promise<void> {
  const isReload = command.startsWith("module reload ");
  for (let isSecond = false; ; isSecond = true) {
    let said: string;
    try {
      said = await cli.run(command);
    } catch (error) {
      if (!isReload || !(error instanceof CliProblem) || error.reason !== "no answer") throw error;
      // The reload is still running. Wait for it; the check will show whether it worked. If it has just ended, ask
      // again for its result.
      if (await untilReloaded(cli, patience)) return;
      if (isSecond) throw error;
      continue;
    }
    if (/\bsuccess|^Loaded |^Unloaded /im.test(said)) return;
    // Somebody else's reload is running, and it may have begun before our files were written. Wait, then reload again.
    if (isReload && isUnderWay(said)) await untilReloaded(cli, patience);
    else throw failed(command, said.trim() || "Asterisk said nothing");
  }
}

/** Waits while a reload is running. Returns `false` if there was none. */
export async function untilReloaded(cli: AsteriskCli, { limit, interval } = usualPatience): Promise<boolean> {
  const until = Date.now() + limit;
  for (let isSeen = false; ; isSeen = true) {
    if (!isUnderWay(await cli.run(lookForReload))) return isSeen;
    if (Date.now() > until) throw failed("module reload", `one has been running for ${limit / 60_000} minutes`);
    await sleep(interval);
  }
}

function failed(command: string, why: string): Problem {
  return new Problem(
    `"${command}" failed: ${why}`,
    "Asterisk's log tells the reason. Correct it, then run this again.",
  );
}
