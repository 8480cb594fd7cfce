import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { access } from "node:fs/promises";
import type { Readable, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { shellWord } from "../../terminal/shell-word.ts";

/**
 * `script` of util-linux runs a command on a pseudo-terminal, with the keyboard on our stdin and the screen on our
 * stdout.
 */
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

/**
 * The pause before each key, in ms. A person's keys arrive one by one, and `prompts` needs a pause to recognize Esc.
 */
const keyGap = 60;
const patience = 20_000;

/** Why pseudo-terminals do not work here; undefined if they do. */
export async function whyNoTerminal(): Promise<string | undefined> {
  return access(script).then(
    () => undefined,
    () => `${script} (util-linux) is not here`,
  );
}

/** A program on a pseudo-terminal, and somebody who reads the screen and presses keys. */
export class TerminalSession {
  private readonly child: ChildProcessByStdio<Writable, Readable, null>;
  private all = "";
  private seen = 0;
  private readonly ended: Promise<number | null>;

  constructor(command: readonly string[], { columns = 80, rows = 30, env = {} }: TerminalOptions = {}) {
    const quoted = command.map(shellWord).join(" ");
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

  /** The output without colours and cursor movements. */
  get text(): string {
    return plain(this.all);
  }

  /** The unchanged output. */
  get raw(): string {
    return this.all;
  }

  /** Waits until a text appears in the output since the last key. */
  async shows(text: string, milliseconds = patience): Promise<void> {
    const signal = AbortSignal.timeout(milliseconds);
    while (!plain(this.all.slice(this.seen)).includes(text)) {
      await once(this.child.stdout, "data", { signal }).catch(() => {
        throw new Error(`not on the screen: ${text}\n${this.text.slice(-3000)}`);
      });
    }
  }

  /** Presses keys one after another. Forgets the output before them. */
  async press(...pressed: readonly string[]): Promise<void> {
    for (const key of pressed) {
      await sleep(keyGap);
      this.seen = this.all.length;
      this.child.stdin.write(key);
    }
  }

  /** Types a text key by key. */
  async type(text: string): Promise<void> {
    await this.press(...text);
  }

  /** Waits for the program to end, and returns its exit code. */
  async code(milliseconds = 3 * patience): Promise<number | null> {
    const timer = setTimeout(() => this.child.kill("SIGKILL"), milliseconds);
    const code = await this.ended;
    clearTimeout(timer);
    return code;
  }

  /** Kills the program. */
  async kill(): Promise<void> {
    this.child.kill("SIGKILL");
    await this.ended;
  }
}

function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what a terminal is told by
  return text.replaceAll(/\x1b\[[0-9;?]*[A-Za-z]|\x1b[78]|\x07|\r/g, "");
}
