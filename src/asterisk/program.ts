import { spawn } from "node:child_process";

/** How a program ended. */
export interface Ended {
  readonly stdout: string;
  readonly stderr: string;
  /** `null` where a signal ended it. */
  readonly exitCode: number | null;
  /** Why it could not be started: ENOENT, EACCES. */
  readonly code?: string | undefined;
  readonly timedOut: boolean;
}

/**
 * Runs a program without an input, and kills it where it takes longer than the limit, in ms. Does not wait then for what the
 * program has started in its turn, as `docker exec` and `sudo` do: execa would, with any of its options, for as long as
 * that holds the output open.
 */
export function runProgram(file: string, args: readonly string[], limitMs: number): Promise<Ended> {
  const env = { ...process.env, LC_ALL: "C", TERM: "dumb" };
  return new Promise((resolve) => {
    const program = spawn(file, args, { env, stdio: ["ignore", "pipe", "pipe"] });
    const { stdout, stderr } = program;
    const [said, complained]: [Buffer[], Buffer[]] = [[], []];
    stdout.on("data", (data: Buffer) => said.push(data));
    stderr.on("data", (data: Buffer) => complained.push(data));
    let timedOut = false;
    const limit = setTimeout(() => {
      timedOut = true;
      program.kill("SIGKILL");
      // What it has started in its turn may hold them open (sudo, docker, a script), and is not to be waited for.
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
