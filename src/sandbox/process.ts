import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { Problem } from "../terminal/problem.ts";
import type { Home } from "./home.ts";
import { atOurEnd } from "./reaper.ts";
import type { Release } from "./release.ts";

/** The process of a running Asterisk. */
export interface Process {
  pid: number;
  readonly hasEnded: boolean;
  /** Ends the process, with a shutdown that takes up to a second, or at once without saving anything. */
  end(how: "in good order" | "at once"): Promise<void>;
}

/** Asterisk shuts down within 1 s. After this time, in ms, it is killed. */
const endTimeout = 4_000;

/** The files with Asterisk's output and errors from before it read logger.conf. */
export function saidBeforeLog({ folder }: Home): [output: string, errors: string] {
  return [join(folder, "log/output"), join(folder, "log/errors")];
}

/** Starts Asterisk in the foreground, in its own process group. It is killed if this program ends first. */
export async function startProcess(release: Release, home: Home): Promise<Process> {
  const [program, ...args] = release.command;
  const [stdout, stderr] = saidBeforeLog(home);
  // So Ctrl-C reaches only this program, which then stops what it started.
  const child = execa(program, [...args, "-f", "-C", home.confFile], {
    stdin: "ignore",
    stdout: { file: stdout, append: true },
    stderr: { file: stderr, append: true },
    buffer: false,
    detached: true,
    cleanup: false,
    reject: false,
    env: { LC_ALL: "C" },
  });
  const { pid } = child;
  if (pid === undefined) {
    throw new Problem(`Asterisk could not be started: ${(await child).shortMessage}`, "Look at the message above.");
  }
  const outlived = atOurEnd(() => process.kill(pid, "SIGKILL"));
  let hasEnded = false;
  const ended = child.then(() => {
    hasEnded = true;
    outlived();
  });
  return {
    pid,
    get hasEnded() {
      return hasEnded;
    },
    async end(how) {
      if (how === "in good order") {
        child.kill("SIGTERM");
        await Promise.race([ended, sleep(endTimeout, undefined, { ref: false })]);
      }
      child.kill("SIGKILL");
      await ended;
    },
  };
}
