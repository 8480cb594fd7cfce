import { closeSync, constants, fstatSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { runProgram } from "../../asterisk/program.ts";
import { Problem } from "../../terminal/problem.ts";
import { makeState, removeState } from "./state-folder.ts";

/** Names the holder while the lock is held. It is not the lock itself. */
const holderFile = "at-work";

/** The pause between two tries to get the lock, and how long one try may take, in ms. */
const interval = 200;
const patienceWithFlock = 10_000;

export interface Lock {
  /** Waits for the lock for at most `patience` ms. Then throws a Problem that names the holder. */
  take(patience: number, tell: (sentence: string) => void): Promise<void>;
  /** Releases the lock at once. May be called at any time, because of signals. Removes the folder too if it is empty. */
  release(): void;
}

/**
 * One run at a time: flock(2) on its state folder. The kernel releases the lock when this process ends, however it ends. That
 * works across containers, and whatever `hidepid` hides.
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
          `Another asterisk-smart-transfer is running here${who}.`,
          "Wait until it has ended, then run this again.",
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
        // The previous run removed the folder when it ended, so its name may be another folder's now.
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
          // It locks nothing, and the next run overwrites it.
        }
        removeState(state);
      }
      isOurs = false;
      close();
    },
  };
}

/** The run that holds the lock, as the end of a sentence; `undefined` if there is none. */
export async function atWork(state: string): Promise<string | undefined> {
  const folder = openFolder(state);
  if (folder === undefined) return undefined;
  try {
    return (await flock(folder)) ? undefined : holder(state);
  } finally {
    closeSync(folder);
  }
}

/** The lock belongs to the open folder. The program shares it with us, and we keep it open. */
async function flock(folder: number): Promise<boolean> {
  for (const program of ["flock", "/usr/bin/flock"]) {
    const { exitCode, code } = await runProgram(program, ["-x", "-n", "3"], patienceWithFlock, [folder]);
    if (exitCode === 0 || exitCode === 1) return exitCode === 0;
    if (code !== "ENOENT") break;
  }
  throw new Problem(
    "The program flock is missing here or does not work. Only with it can one run keep out another.",
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
