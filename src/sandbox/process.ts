import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { Problem } from "../errors.ts";
import type { Home } from "./home.ts";
import { atOurEnd } from "./reaper.ts";
import type { Release } from "./release.ts";

/** A running Asterisk, as the operating system sees it. */
export interface Process {
  pid: number;
  readonly hasEnded: boolean;
  /** Ends it: in good order, which takes up to a second, or at once, which saves nothing. */
  end(how: "in good order" | "at once"): Promise<void>;
}

/** Asterisk ends within 1 s; one that hangs is killed after this, in ms. */
const endTimeout = 4_000;

/** Where what it says stands before it has read logger.conf: its output and its errors. */
export function saidBeforeLog({ folder }: Home): [output: string, errors: string] {
  return [join(folder, "log/output"), join(folder, "log/errors")];
}

/** Starts Asterisk in the foreground of its own process group. It is killed when this program ends before it. */
export async function startProcess(release: Release, home: Home): Promise<Process> {
  const [program, ...args] = release.command;
  const [stdout, stderr] = saidBeforeLog(home);
  // Ctrl-C at the terminal goes to this program's process group alone, which then ends what it has started.
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
