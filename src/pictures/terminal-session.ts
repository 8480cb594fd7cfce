import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { access } from "node:fs/promises";
import type { Readable, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";

/** From util-linux: runs a command on a pseudo terminal, with its keyboard on our stdin and its screen on our stdout. */
const script = "/usr/bin/script";

export const keys = {
  enter: "\r",
  escape: "\x1b",
  ctrlC: "\x03",
  ctrlA: "\x01",
  tab: "\t",
  space: " ",
  up: "\x1b[A",
  down: "\x1b[B",
  backspace: "\x7f",
} as const;

export interface TerminalOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** Before each key, in ms. A person's keys never arrive in one chunk, and `prompts` takes an escape that stands alone for the key. */
const keyGap = 60;
const patience = 20_000;

/** Why there is no pseudo terminal here; undefined when there is. */
export async function whyNoTerminal(): Promise<string | undefined> {
  return access(script).then(
    () => undefined,
    () => `${script} (util-linux) is not here`,
  );
}

/** A program on a terminal of its own, and somebody who looks at it and presses keys. */
export class TerminalSession {
  private readonly child: ChildProcessByStdio<Writable, Readable, null>;
  private all = "";
  private seen = 0;
  private readonly ended: Promise<number | null>;

  constructor(command: readonly string[], { columns = 80, rows = 30, env = {} }: TerminalOptions = {}) {
    const quoted = command.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
    const line = `stty cols ${columns} rows ${rows}; exec ${quoted}`;
    this.child = spawn(script, ["-qfec", line, "/dev/null"], {
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        TERM: "xterm",
        LC_ALL: "C.UTF-8",
        SHELL: "/bin/sh",
        ...env,
      },
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.child.stdout.setEncoding("utf8").on("data", (text: string) => {
      this.all += text;
    });
    this.ended = new Promise((resolve) => this.child.once("close", resolve));
  }

  /** All that was written, without what colours it and moves the cursor. */
  get text(): string {
    return plain(this.all);
  }

  /** Bytes as they came. */
  get raw(): string {
    return this.all;
  }

  /** Waits until a text stands in what was written since the last key. */
  async shows(text: string, milliseconds = patience): Promise<void> {
    const signal = AbortSignal.timeout(milliseconds);
    while (!plain(this.all.slice(this.seen)).includes(text)) {
      await once(this.child.stdout, "data", { signal }).catch(() => {
        throw new Error(`not on the screen: ${text}\n${this.text.slice(-3000)}`);
      });
    }
  }

  /** Presses keys one after the other. What was on the screen before is forgotten. */
  async press(...pressed: readonly string[]): Promise<void> {
    for (const key of pressed) {
      await sleep(keyGap);
      this.seen = this.all.length;
      this.child.stdin.write(key);
    }
  }

  /** Types a text, key by key. */
  async type(text: string): Promise<void> {
    await this.press(...text);
  }

  /** Waits for the end, and gives the exit code. */
  async code(milliseconds = 3 * patience): Promise<number | null> {
    const timer = setTimeout(() => this.child.kill("SIGKILL"), milliseconds);
    const code = await this.ended;
    clearTimeout(timer);
    return code;
  }

  /** Ends it, whatever it does. */
  async kill(): Promise<void> {
    this.child.kill("SIGKILL");
    await this.ended;
  }
}

function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what a terminal is told by
  return text.replaceAll(/\x1b\[[0-9;?]*[A-Za-z]|\x1b[78]|\x07|\r/g, "");
}
