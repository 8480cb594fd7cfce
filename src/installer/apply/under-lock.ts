import type { Target } from "./apply.ts";
import { failure } from "./failure.ts";
import { lockOn } from "./lock.ts";
import { recover } from "./recover.ts";
import { heedingSignals } from "./signals.ts";
import { requireGuarded, stateFolder } from "./state-folder.ts";

/** How long a run waits for the lock, in ms. */
const usualPatience = 30_000;

/**
 * Runs work under the lock, after rolling back what a killed run left. Leaves nothing of ours except what is installed.
 */
export async function underLock<T>(
  target: Target,
  tell: (sentence: string) => void,
  work: () => Promise<T>,
  patience = usualPatience,
): Promise<T> {
  const { system, directories } = target;
  // The work will say that there is no such folder.
  if ((await system.ownership(directories.varLib)) === undefined) return work();
  const state = await stateFolder(system, directories);
  await requireGuarded(system, state);
  const lock = lockOn(await system.resolve(state));
  return heedingSignals(lock.release, tell, async () => {
    try {
      await lock.take(patience, tell).catch((error: unknown) => {
        throw failure(error, "Nothing was changed.");
      });
      await recover(target, tell);
      return await work();
    } finally {
      lock.release();
    }
  });
}
