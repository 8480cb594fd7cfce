import { join } from "node:path";
import { modulesIn } from "../../asterisk/listings.ts";
import { Problem } from "../../terminal/problem.ts";
import { luaModule } from "../plan/reloads.ts";
import { adminFiles } from "../plan/scene.ts";
import type { Target } from "./apply.ts";
import { failure } from "./failure.ts";
import { clearRests, findJournal, type Journal } from "./journal.ts";
import { untilReloaded } from "./reload.ts";
import { uninterruptible } from "./signals.ts";
import { takeBack } from "./take-back.ts";

/** Says in one sentence if a killed run left its work unfinished. */
export async function leftHalfDone({ system, directories }: Target): Promise<string | undefined> {
  const journal = await findJournal(system, directories);
  return journal && sentence(journal);
}

/**
 * Rolls back a killed run, and makes Asterisk read its files again, because the run may have died between a write and
 * its reload. May itself be killed and repeated. Throws a Problem if it fails.
 */
export async function recover(target: Target, tell: (sentence: string) => void): Promise<void> {
  const { system, directories, cli } = target;
  await clearRests(system, directories).catch((error: unknown) => {
    throw failure(error, "Nothing was changed.");
  });
  const journal = await findJournal(system, directories);
  if (journal === undefined) return;
  await uninterruptible(async (signal) => {
    const commands = () => commandsAfter(journal, target);
    const { ended, told, remedy = "" } = await takeBack(journal, system, cli, journal.entries.length, commands);
    if (!ended) throw new Problem(`${sentence(journal)} ${told}`, remedy);
    tell(`${sentence(journal)} ${told} ${remedy}`.trimEnd());
    // The rollback is complete even if a signal arrived. Now stop instead of starting the requested work.
    signal.throwIfAborted();
  });
}

function sentence({ begun }: Journal): string {
  return `The run of asterisk-smart-transfer begun at ${begun} was killed half way.`;
}

/**
 * All reloads of the run, because nobody knows how far it came. Asterisk may even have restarted on the unfinished
 * files.
 */
async function commandsAfter({ reloads }: Journal, { system, directories, cli }: Target): Promise<string[]> {
  if (cli === undefined) return [];
  // Its last reload may still be running, and Asterisk lists no modules meanwhile.
  await untilReloaded(cli);
  const running = modulesIn(await cli.run("module show"));
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
