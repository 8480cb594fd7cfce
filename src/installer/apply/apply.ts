import type { Access } from "../../asterisk/access.ts";
import type { AsteriskCli } from "../../asterisk/cli.ts";
import type { Disk } from "../../asterisk/files.ts";
import { type Phase, type Plan, phasesOf } from "../plan/phases.ts";
import { reverseOf } from "../plan/reloads.ts";
import { failure } from "./failure.ts";
import { beginJournal, endJournal, type Journal } from "./journal.ts";
import { expectReachable, expectUnchanged, makeChange } from "./one-change.ts";
import { reload } from "./reload.ts";
import { rollBack } from "./roll-back.ts";
import { uninterruptible } from "./signals.ts";

/** Called after each thing that was done. */
export type Progress = (done: string) => void;

/** The PBX to change. */
export interface Target extends Access {
  readonly system: Disk;
}

/** Work during a plan. If it throws, everything is rolled back. */
export interface Interludes {
  /** Runs at the plan's pause. */
  readonly pause?: (signal: AbortSignal) => Promise<void>;
  /** Runs at the end. Throws a Problem if the result does not work. */
  readonly verify?: (signal: AbortSignal) => Promise<void>;
}

/**
 * Carries out a plan: files, then reloads, in two stages if the plan has a pause. The complete undo is on disk before
 * the first change. After an error or a signal everything is rolled back, Asterisk reads its files again, and the
 * Problem says so. If this program is killed, the next run rolls back. Without a CLI nothing is reloaded.
 */
export async function apply(
  plan: Plan,
  target: Target,
  progress: Progress,
  { pause, verify }: Interludes = {},
): Promise<void> {
  const { system, directories, cli } = target;
  await uninterruptible(async (signal) => {
    const begin = async () => {
      for (const change of plan.changes) await expectReachable(change, system);
      return beginJournal(plan, system, directories);
    };
    const journal = await begin().catch((error: unknown) => {
      throw failure(error, "Everything is as it was before.");
    });
    let reached = 0;
    let reloads = 0;
    const carryOut = async ({ changes, reloads: commands }: Phase) => {
      for (const change of changes) {
        signal.throwIfAborted();
        await expectUnchanged(change, system);
        reached++;
        await makeChange(change, system);
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
      const [first, second] = phasesOf(plan);
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
      // After a signal any error may follow. The signal is the reason.
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
  // The last command may be the one that failed.
  const { told, remedy } = await rollBack(journal, system, cli, reached, commands, reloaded.at(-1));
  return failure(cause, told, remedy);
}
