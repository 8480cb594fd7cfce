import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";

/** What is waited for on the screen, and the keys that are pressed then. */
export type Move = readonly [shown: string, keys: string];

/**
 * Runs a command on a terminal of its own and gives all that it had written there when each move was made, and at the end.
 * Throws when it ends with another code than 0, or never shows what a move waits for.
 */
export async function recorded(
  command: readonly string[],
  columns: number,
  moves: readonly Move[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<string[]> {
  const quoted = command.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
  const line = `stty cols ${columns} rows 50; exec ${quoted}`;
  const terminal = execa("script", ["-qfec", line, "/dev/null"], {
    env: { TERM: "xterm-256color", LC_ALL: "C.UTF-8", SHELL: "/bin/sh", ...env },
    stdin: "pipe",
  });
  let written = "";
  terminal.stdout.setEncoding("utf8").on("data", (text: string) => {
    written += text;
  });
  const moments: string[] = [];
  for (const [shown, keys] of moves) {
    const deadline = Date.now() + 60_000;
    while (!written.slice(moments.at(-1)?.length ?? 0).includes(shown)) {
      if (Date.now() > deadline) throw new Error(`not on the screen: ${shown}\n${written.slice(-2000)}`);
      await sleep(20);
    }
    await sleep(100);
    moments.push(written);
    terminal.stdin.write(keys);
  }
  await terminal;
  return [...moments, written];
}
