import { dirname, join } from "node:path";
import { runningModules } from "../../asterisk/listings.ts";
import { Problem } from "../../terminal/problem.ts";
import { luaModule } from "../plan/reloads.ts";
import { adminFiles } from "../plan/snapshot.ts";
import type { Target } from "./apply.ts";
import { failure } from "./failure.ts";
import { findJournal, type Journal, removeLeftovers } from "./journal.ts";
import { atWork } from "./lock.ts";
import { untilReloaded } from "./reload.ts";
import { rollBack } from "./roll-back.ts";
import { uninterruptible } from "./signals.ts";
import { mayLookInto, stateFolder } from "./state-folder.ts";

/** Tells whether a run was killed halfway or is still at work, and what to do. Changes nothing. */
export async function unfinishedRun({
  system,
  directories,
}: Target): Promise<{ seen: string; remedy: string } | undefined> {
  if (!(await mayLookInto(system, await stateFolder(system, directories)))) return undefined;
  const journal = await findJournal(system, directories);
  if (journal === undefined) return undefined;
  const who = await atWork(dirname(journal.folder));
  if (who !== undefined) {
    const seen = `Another asterisk-smart-transfer is running here${who}.`;
    return { seen, remedy: "Wait until it has ended, then run this again." };
  }
  const remedy = "Run `asterisk-smart-transfer install` or `uninstall`: either rolls it back first.";
  return { seen: sentence(journal), remedy };
}

/**
 * Rolls back a killed run, and makes Asterisk read its files again, because the run may have died between a write and
 * its reload. May itself be killed and repeated. Throws a Problem if it fails.
 */
export async function recover(target: Target, tell: (sentence: string) => void): Promise<void> {
  const { system, directories, cli } = target;
  await removeLeftovers(system, directories).catch((error: unknown) => {
    throw failure(error, "Nothing was changed.");
  });
  const journal = await findJournal(system, directories);
  if (journal === undefined) return;
  await uninterruptible(async (signal) => {
    const commands = () => commandsAfter(journal, target);
    const { ended, told, remedy = "" } = await rollBack(journal, system, cli, journal.entries.length, commands);
    if (!ended) throw new Problem(`${sentence(journal)} ${told}`, remedy);
    tell(`${sentence(journal)} ${told} ${remedy}`.trimEnd());
    // The rollback is complete even if a signal arrived. Now stop instead of starting the requested work.
    signal.throwIfAborted();
  });
}

function sentence({ begun }: Journal): string {
  return `A run of asterisk-smart-transfer that began at ${begun} was killed half way.`;
}

/**
 * All reloads of the run, because nobody knows how far it came. Asterisk may even have restarted on the unfinished
 * files.
 */
async function commandsAfter({ reloads }: Journal, { system, directories, cli }: Target): Promise<string[]> {
  if (cli === undefined) return [];
  // Its last reload may still be running, and Asterisk lists no modules meanwhile.
  await untilReloaded(cli);
  const running = await runningModules(cli);
  const hasLua = (await system.read(join(directories.etc, adminFiles.lua))) !== undefined;
  return reloads.flatMap((command) => {
    const [, verb, module = ""] = command.split(" ");
    if (module !== luaModule)
      return verb !== "load" ? [command] : running.has(module) ? [`module unload ${module}`] : [];
    if (running.has(module)) return [`module ${hasLua ? "reload" : "unload"} ${module}`];
    // The module was not running before we wanted to load it.
    return hasLua && verb !== "load" ? [`module load ${module}`] : [];
  });
}
