import { dirname } from "node:path";
import type { Ownership } from "../../asterisk/files.ts";
import { pathsIn } from "../plan/scene.ts";
import type { Target } from "./apply.ts";
import { ignoring, syncFolder } from "./atomic.ts";
import { failure } from "./failure.ts";
import { type Lock, lockIn, makeAtOnce } from "./lock.ts";
import { leftHalfDone, recover } from "./recover.ts";
import { heedingSignals } from "./signals.ts";

/** How long a run waits for its turn, in ms. */
const usualPatience = 30_000;

/**
 * One run after the other: waits for its turn, takes back what a killed run left half done, and works. Nothing of ours stays
 * but what is installed.
 */
export async function inTurn<T>(
  target: Target,
  tell: (sentence: string) => void,
  work: () => Promise<T>,
  patience = usualPatience,
): Promise<T> {
  const { system, directories } = target;
  const owner = await system.ownership(directories.varLib);
  // The work will say that there is no such folder.
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
      // The one before us took our folder away when it ended.
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw failure(error, "Nothing was changed.");
    }
  }
}

/** Once it is there it must survive a power cut: the journal lies in it. */
async function makeState(state: string, owner: Ownership): Promise<void> {
  try {
    makeAtOnce(state, owner);
  } catch (error) {
    return ignoring("EEXIST")(error as NodeJS.ErrnoException);
  }
  await syncFolder(dirname(state));
}

/**
 * For who only looks: takes back what a killed run left half done, in its turn. Where there is nothing to take back but the
 * run's rests lie about, they go too, if nobody is at work and this user may.
 */
export async function tidy(target: Target, tell: (sentence: string) => void): Promise<void> {
  const { state, manifest } = pathsIn(target.directories);
  const names = await target.system.list(state);
  if (names === undefined || (names.length === 1 && manifest === `${state}/${names[0]}`)) return;
  const nothing = async () => {};
  if (await leftHalfDone(target)) await inTurn(target, tell, nothing);
  else await inTurn(target, tell, nothing, 0).catch(() => {});
}
