import { spawn } from "node:child_process";
import type { Readable } from "node:stream";

/** How a program ended. */
export interface Ended {
  readonly stdout: string;
  readonly stderr: string;
  /** `null` if a signal ended it. */
  readonly exitCode: number | null;
  /** Why it could not start: ENOENT, EACCES. */
  readonly code?: string | undefined;
  readonly timedOut: boolean;
}

/**
 * Runs a program without input, and kills it after `limitMs`. Does not wait for processes that the program started
 * itself, as `docker exec` and `sudo` do. execa, with any options, would wait as long as they keep the output open.
 *
 * @param fds open files of ours, which the program has as 3, 4 and so on
 */
export function runProgram(
  file: string,
  args: readonly string[],
  limitMs: number,
  fds: readonly number[] = [],
): Promise<Ended> {
  const env = { ...process.env, LC_ALL: "C", TERM: "dumb" };
  return new Promise((resolve) => {
    const program = spawn(file, args, { env, stdio: ["ignore", "pipe", "pipe", ...fds] });
    const [stdout, stderr] = [program.stdout as Readable, program.stderr as Readable];
    const [said, complained]: [Buffer[], Buffer[]] = [[], []];
    stdout.on("data", (data: Buffer) => said.push(data));
    stderr.on("data", (data: Buffer) => complained.push(data));
    let timedOut = false;
    const limit = setTimeout(() => {
      timedOut = true;
      program.kill("SIGKILL");
      // Its child processes may keep these open (sudo, docker, a script). Do not wait for them.
      for (const stream of [stdout, stderr]) stream.destroy();
    }, limitMs);
    const end = (exitCode: number | null, code?: string) => {
      clearTimeout(limit);
      const [text, complaint] = [said, complained].map((parts) => Buffer.concat(parts).toString());
      resolve({ stdout: text ?? "", stderr: complaint ?? "", exitCode, code, timedOut });
    };
    program.on("error", ({ code }: NodeJS.ErrnoException) => end(null, code ?? "unknown"));
    program.on("close", (exitCode) => end(exitCode));
  });
}
