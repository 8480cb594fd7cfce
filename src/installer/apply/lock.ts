import { closeSync, constants, fstatSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { runProgram } from "../../asterisk/program.ts";
import { Problem } from "../../terminal/problem.ts";
import { makeState, removeState } from "./state-folder.ts";

/** Tells, while the lock is held, who holds it. It is no lock itself. */
const holderFile = "at-work";

/** How often one looks whether one's turn has come, and how long that may take, in ms. */
const interval = 200;
const patienceWithFlock = 10_000;

export interface Lock {
  /** Waits for the turn of this run: at most `patience` ms, then a Problem says who is at work. */
  take(patience: number, tell: (sentence: string) => void): Promise<void>;
  /** At once, at whatever point of all this: a signal may have come. The folder goes too when nothing is kept in it. */
  release(): void;
}

/**
 * One run at a time: flock(2) on the folder of its state. The kernel lets go of it when this process has ended, however it
 * ended, and knows its holder in whatever container or under whatever `hidepid`.
 */
export function lockOn(state: string): Lock {
  let folder: number | undefined;
  let isOurs = false;
  const close = () => {
    if (folder !== undefined) closeSync(folder);
    folder = undefined;
  };
  const wait = async (fd: number, patience: number, tell: (sentence: string) => void) => {
    const until = Date.now() + patience;
    const take = () =>
      flock(fd).catch((error: unknown) => {
        removeState(state);
        throw error;
      });
    for (let told = false; !(await take()); told = true) {
      const who = holder(state);
      if (Date.now() >= until) {
        throw new Problem(
          `Another run of asterisk-smart-transfer is at work here${who}.`,
          "Wait for its end, then run this again.",
        );
      }
      if (!told) tell(`Waiting for another run to end${who}.`);
      await sleep(interval);
    }
  };

  return {
    async take(patience, tell) {
      while (!isOurs) {
        await makeState(state);
        folder = openFolder(state);
        // The one before us took the folder away when it ended: then another has its name.
        if (folder !== undefined) {
          await wait(folder, patience, tell);
          isOurs = isStill(folder, state);
          if (!isOurs) close();
        }
      }
      writeFileSync(join(state, holderFile), `process ${process.pid}, since ${new Date().toISOString()}`, {
        mode: 0o600,
      });
    },
    release() {
      if (isOurs) {
        try {
          rmSync(join(state, holderFile), { force: true });
        } catch {
          // It locks nothing: the next run writes its own over it.
        }
        removeState(state);
      }
      isOurs = false;
      close();
    },
  };
}

/** Who is at work, as the end of a sentence; `undefined` when nobody is. */
export async function atWork(state: string): Promise<string | undefined> {
  const folder = openFolder(state);
  if (folder === undefined) return undefined;
  try {
    return (await flock(folder)) ? undefined : holder(state);
  } finally {
    closeSync(folder);
  }
}

/** The lock belongs to the open folder, which the program shares with us and we keep. */
async function flock(folder: number): Promise<boolean> {
  for (const program of ["flock", "/usr/bin/flock"]) {
    const { exitCode, code } = await runProgram(program, ["-x", "-n", "3"], patienceWithFlock, [folder]);
    if (exitCode === 0 || exitCode === 1) return exitCode === 0;
    if (code !== "ENOENT") break;
  }
  throw new Problem(
    "One run at a time is ensured by the program flock, which is missing here or does not work.",
    "Install the package util-linux, then run this again.",
  );
}

function openFolder(state: string): number | undefined {
  try {
    return openSync(state, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function isStill(folder: number, state: string): boolean {
  const [held, named] = [fstatSync(folder), statSync(state, { throwIfNoEntry: false })];
  return held.ino === named?.ino && held.dev === named.dev;
}

function holder(state: string): string {
  try {
    return `: ${readFileSync(join(state, holderFile), "utf8")}`;
  } catch {
    return "";
  }
}
