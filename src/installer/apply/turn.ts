import { dirname } from "node:path";
import type { Ownership } from "../../asterisk/files.ts";
import { pathsIn } from "../plan/scene.ts";
import type { Target } from "./apply.ts";
import { ignoring, syncFolder } from "./atomic.ts";
import { failure } from "./failure.ts";
import { type Lock, lockIn, makeAtOnce } from "./lock.ts";
import { leftHalfDone, recover } from "./recover.ts";
import { heedingSignals } from "./signals.ts";

/** How long a run waits for the lock, in ms. */
const usualPatience = 30_000;

/**
 * Runs work under the lock, after rolling back what a killed run left. Leaves nothing of ours except what is installed.
 */
export async function inTurn<T>(
  target: Target,
  tell: (sentence: string) => void,
  work: () => Promise<T>,
  patience = usualPatience,
): Promise<T> {
  const { system, directories } = target;
  const owner = await system.ownership(directories.varLib);
  // The work will report that the folder does not exist.
  if (owner === undefined) return work();
  const state = await system.resolve(pathsIn(directories).state);
  const lock = lockIn(state);
  return heedingSignals(lock.release, tell, async () => {
    try {
      await take(lock, state, owner, patience, tell);
      await recover(target, tell);
      return await work();
    } finally {
      lock.release();
    }
  });
}

async function take(lock: Lock, state: string, owner: Ownership, patience: number, tell: (sentence: string) => void) {
  while (true) {
    try {
      await makeState(state, owner);
      return await lock.take(owner, patience, tell);
    } catch (error) {
      // The previous holder removed our folder when it ended.
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw failure(error, "Nothing was changed.");
    }
  }
}

/** Creates our folder so that it survives a power failure, because the journal is in it. */
async function makeState(state: string, owner: Ownership): Promise<void> {
  try {
    makeAtOnce(state, owner);
  } catch (error) {
    return ignoring("EEXIST")(error as NodeJS.ErrnoException);
  }
  await syncFolder(dirname(state));
}

/**
 * For commands that only read: rolls back a killed run, under the lock. Otherwise removes leftovers of the run, if
 * nobody holds the lock and this user may.
 */
export async function tidy(target: Target, tell: (sentence: string) => void): Promise<void> {
  const { state, manifest } = pathsIn(target.directories);
  const names = await target.system.list(state);
  if (names === undefined || (names.length === 1 && manifest === `${state}/${names[0]}`)) return;
  const nothing = async () => {};
  if (await leftHalfDone(target)) await inTurn(target, tell, nothing);
  else await inTurn(target, tell, nothing, 0).catch(() => {});
}
