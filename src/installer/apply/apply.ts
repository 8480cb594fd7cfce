import type { AsteriskCli } from "../../asterisk/cli.ts";
import type { Directories } from "../../asterisk/directories.ts";
import type { FileSystem } from "../../asterisk/files.ts";
import { reverseOf } from "../plan/reloads.ts";
import { type Plan, type Stage, stagesOf } from "../plan/stages.ts";
import { act, expectUnchanged } from "./acts.ts";
import { failure } from "./failure.ts";
import { beginJournal, endJournal, type Journal } from "./journal.ts";
import { reload } from "./reload.ts";
import { undivided } from "./signals.ts";
import { takeBack } from "./take-back.ts";

/** What was done, told as it happens. */
export type Progress = (done: string) => void;

/** Where a plan is carried out. Without a running Asterisk (`--offline`), `cli` is missing. */
export interface Target {
  readonly system: FileSystem;
  readonly directories: Directories;
  readonly cli: AsteriskCli | undefined;
}

/** What is done besides carrying the plan out. Whatever throws takes everything back. */
export interface Interludes {
  /** At the plan's pause. */
  readonly pause?: (signal: AbortSignal) => Promise<void>;
  /** At the end: throws a Problem where what was applied does not work. */
  readonly verify?: (signal: AbortSignal) => Promise<void>;
}

/**
 * Carries a plan out: files, then reloads, in two stages where it has a pause. The undo of all of it is on disk before the
 * first of it is done. When anything fails, or a signal comes, everything is taken back, Asterisk reads its files again, and
 * the Problem says so; when this program is killed, the next run does that. Without a CLI nothing is reloaded.
 */
export async function apply(
  plan: Plan,
  target: Target,
  progress: Progress,
  { pause, verify }: Interludes = {},
): Promise<void> {
  const { system, directories, cli } = target;
  await undivided(async (signal) => {
    const journal = await beginJournal(plan, system, directories).catch((error: unknown) => {
      throw failure(error, "Everything is as it was before.");
    });
    let reached = 0;
    let reloads = 0;
    const carryOut = async ({ changes, reloads: commands }: Stage) => {
      for (const change of changes) {
        signal.throwIfAborted();
        await expectUnchanged(change, system);
        reached++;
        await act(change, system);
        progress(`${change.kind} ${change.path}`);
      }
      for (const command of cli ? commands : []) {
        signal.throwIfAborted();
        reloads++;
        await reload(command, cli as AsteriskCli);
        progress(command);
      }
    };
    try {
      const [first, second] = stagesOf(plan);
      await carryOut(first);
      if (second) {
        if (pause) {
          await pause(signal);
          progress("the wait is over");
        }
        await carryOut(second);
      }
      await verify?.(signal);
      signal.throwIfAborted();
      await endJournal(journal);
    } catch (error) {
      // Whatever it is that a signal has made fail, that it came is the reason.
      const cause = signal.aborted ? signal.reason : error;
      throw await takenBack(journal, target, reached, plan.reloads.slice(0, reloads), cause);
    }
  });
}

async function takenBack(
  journal: Journal,
  { system, cli }: Target,
  reached: number,
  reloaded: readonly string[],
  cause: unknown,
): Promise<unknown> {
  const commands = async () => reloaded.map(reverseOf);
  // The last one may be the one that failed.
  const { told, remedy } = await takeBack(journal, system, cli, reached, commands, reloaded.at(-1));
  return failure(cause, told, remedy);
}
