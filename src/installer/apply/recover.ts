import { join } from "node:path";
import { modulesIn } from "../../asterisk/listings.ts";
import { Problem } from "../../terminal/problem.ts";
import { luaModule } from "../plan/reloads.ts";
import { adminFiles } from "../plan/scene.ts";
import type { Target } from "./apply.ts";
import { failure } from "./failure.ts";
import { clearRests, findJournal, type Journal } from "./journal.ts";
import { untilReloaded } from "./reload.ts";
import { undivided } from "./signals.ts";
import { takeBack } from "./take-back.ts";

/** Was a run killed half way here? Says so in a sentence. */
export async function leftHalfDone({ system, directories }: Target): Promise<string | undefined> {
  const journal = await findJournal(system, directories);
  return journal && sentence(journal);
}

/**
 * Takes back what a killed run left half done, and has Asterisk read its files again: it may have been killed between a
 * write and its reload. May itself be killed and run again. Throws a Problem where it could not be done.
 */
export async function recover(target: Target, tell: (sentence: string) => void): Promise<void> {
  const { system, directories, cli } = target;
  await clearRests(system, directories).catch((error: unknown) => {
    throw failure(error, "Nothing was changed.");
  });
  const journal = await findJournal(system, directories);
  if (journal === undefined) return;
  await undivided(async (signal) => {
    const commands = () => commandsAfter(journal, target);
    const { ended, told, remedy = "" } = await takeBack(journal, system, cli, journal.entries.length, commands);
    if (!ended) throw new Problem(`${sentence(journal)} ${told}`, remedy);
    tell(`${sentence(journal)} ${told} ${remedy}`.trimEnd());
    // This much is finished whatever comes; what the run was to do then is not begun.
    signal.throwIfAborted();
  });
}

function sentence({ begun }: Journal): string {
  return `The run of asterisk-smart-transfer begun at ${begun} was killed half way.`;
}

/** All its reloads, since nobody knows how far it came; Asterisk may even have been restarted on what it left. */
async function commandsAfter({ reloads }: Journal, { system, directories, cli }: Target): Promise<string[]> {
  if (cli === undefined) return [];
  // Its last reload may still be under way, and Asterisk lists no modules meanwhile.
  await untilReloaded(cli);
  const running = modulesIn(await cli.run("module show"));
  const hasLua = (await system.read(join(directories.etc, adminFiles.lua))) !== undefined;
  return reloads.flatMap((command) => {
    const [, verb, module = ""] = command.split(" ");
    if (module !== luaModule)
      return verb !== "load" ? [command] : running.has(module) ? [`module unload ${module}`] : [];
    if (running.has(module)) return [`module ${hasLua ? "reload" : "unload"} ${module}`];
    // It did not run before us where we were to load it.
    return hasLua && verb !== "load" ? [`module load ${module}`] : [];
  });
}
