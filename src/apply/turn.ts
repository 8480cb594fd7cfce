import { pathsIn } from "../plan/scene.ts";
import type { Target } from "./apply.ts";
import { ignoring, makeFolder } from "./atomic.ts";
import { failure } from "./failure.ts";
import { takeLock } from "./lock.ts";
import { recover } from "./recover.ts";
import { heedingSignals } from "./signals.ts";

/**
 * One run after the other: waits for its turn, takes back what a killed run left half done, and works. Nothing of ours stays
 * but what is installed.
 */
export async function inTurn<T>(target: Target, tell: (sentence: string) => void, work: () => Promise<T>): Promise<T> {
  const end = await begin(target, tell);
  try {
    return await heedingSignals(end, tell, async () => {
      await recover(target, tell);
      return work();
    });
  } finally {
    end();
  }
}

async function begin({ system, directories }: Target, tell: (sentence: string) => void): Promise<() => void> {
  const owner = await system.ownership(directories.varLib);
  // The work will say that there is no such folder.
  if (owner === undefined) return () => {};
  const state = await system.resolve(pathsIn(directories).state);
  while (true) {
    try {
      await makeFolder(state, owner).catch(ignoring("EEXIST"));
      return await takeLock(state, owner, tell);
    } catch (error) {
      // The one before us took its folder away when it ended.
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw failure(error, "Nothing was changed.");
    }
  }
}
