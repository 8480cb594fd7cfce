import { join } from "node:path";
import { type AsteriskCli, CliProblem } from "../../asterisk/cli.ts";
import type { Disk } from "../../asterisk/files.ts";
import { endJournal, type Journal } from "./journal.ts";
import { undoChange } from "./one-change.ts";
import { reload } from "./reload.ts";

/** What became of the PBX, for the admin. `remedy` is set if something is left to do. */
export interface Outcome {
  /** Nothing is left for the next run. */
  readonly ended: boolean;
  readonly told: string;
  readonly remedy?: string;
}

/**
 * Rolls back a run: restores its files, the last change first, then makes Asterisk read them again. Then the journal
 * ends. If a file cannot be restored or Asterisk does not answer, the journal stays and the next run tries again.
 *
 * @param reached how many of the journal's changes may have begun
 * @param commands the reloads to repeat
 * @param mayFail the command that failed before; another failure changes nothing
 */
export async function rollBack(
  journal: Journal,
  system: Disk,
  cli: AsteriskCli | undefined,
  reached: number,
  commands: () => Promise<readonly string[]>,
  mayFail?: string,
): Promise<Outcome> {
  const { notes, failures } = await putBack(journal, system, reached);
  const { refused, unanswered } = cli ? await readAgain(commands, cli, mayFail) : {};
  if (failures.length > 0) {
    return {
      ended: false,
      told: `These could not be restored: ${failures.join("; ")}. Everything else is as it was before.`,
      remedy: "Correct that, then run this again: it restores the rest.",
    };
  }
  const told =
    notes.length === 0 ? "Everything is as it was before." : `Everything else is as it was before. ${notes.join(" ")}`;
  if (unanswered) {
    return {
      ended: false,
      told: `${told} But Asterisk did not answer "${unanswered}" and may still use what was rolled back.`,
      remedy: "Once it answers, run this again.",
    };
  }
  // If even this fails, the next run will find nothing left to restore.
  await endJournal(journal).catch(() => {});
  if (refused === undefined) return { ended: true, told };
  return {
    ended: true,
    told: `${told} But Asterisk did not reload it: ${refused}`,
    remedy: "See its log, and reload it by hand.",
  };
}

/** Undoes each change by itself, so that one failure does not keep the others from being undone. */
async function putBack(journal: Journal, system: Disk, reached: number) {
  const notes: string[] = [];
  let pending = Array.from({ length: reached }, (_, number) => reached - 1 - number);
  let failures: string[] = [];
  // Two rounds: the disk may have room in the second, after other files are gone.
  for (let round = 0; round < 2; round++) {
    failures = [];
    const again: number[] = [];
    for (const number of pending) {
      try {
        const note = await undoChange(journal, number, system);
        if (note) notes.push(note);
      } catch (error) {
        again.push(number);
        failures.push(complaint(journal, number, error));
      }
    }
    pending = again;
  }
  return { notes, failures };
}

function complaint({ entries, folder }: Journal, number: number, error: unknown): string {
  const { path, before } = entries[number] ?? {};
  const why = error instanceof Error ? error.message : String(error);
  return `${path} (${why}${before ? `; its former content is ${join(folder, String(number))}` : ""})`;
}

interface Reread {
  /** Asterisk's own words, if it refused a command. */
  readonly refused?: string;
  /** Asterisk does not answer, so nobody knows which configuration it uses. */
  readonly unanswered?: string;
}

/** Repeats every reload even if one is refused. Stops if one hangs, because the others would hang too. */
async function readAgain(
  commands: () => Promise<readonly string[]>,
  cli: AsteriskCli,
  mayFail?: string,
): Promise<Reread> {
  let refused: string | undefined;
  let asked = "module show";
  try {
    for (asked of await commands()) {
      await reload(asked, cli).catch((error: unknown) => {
        if (error instanceof CliProblem) throw error;
        if (asked !== mayFail) refused ??= String(error instanceof Error ? error.message : error);
      });
    }
  } catch (error) {
    if (error instanceof CliProblem) return error.reason === "not running" ? {} : { unanswered: asked };
    throw error;
  }
  return refused === undefined ? {} : { refused };
}
