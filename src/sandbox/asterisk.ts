import { readFile, rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { asteriskCli } from "../asterisk/cli.ts";
import { Problem } from "../errors.ts";
import { type Home, makeHome } from "./home.ts";
import { type Process, saidBeforeLog, startProcess } from "./process.ts";
import { linkPrompts } from "./prompts.ts";
import type { Release } from "./release.ts";

export interface RunningAsterisk extends Home {
  readonly pid: number;
  /** Runs this Asterisk's program, as one string for the product's `--asterisk`; its CLI wants `-C confFile -rx` after it. */
  command: string;
  /** What a CLI command prints, without the end of its last line. */
  cli(command: string): Promise<string>;
  /** Ends the process and starts it anew on the same files, as a reboot would. */
  restart(): Promise<void>;
  /** Ends the process, and removes its folder unless it is to be kept. */
  stop(): Promise<void>;
}

export interface AsteriskOptions {
  release: Release;
  /** A new folder with a short path, removed at the end. */
  folder: string;
  /** Configuration: file name to text. */
  etc: Record<string, string>;
  /** Over a copy of the package's own sample files? */
  stock: boolean;
  /** Lays the prompts of the release out for it, as is usual. */
  prompts?: boolean;
  /** Leaves the folder when it stops. */
  keep?: boolean;
  /** Other files, such as music: laid down after the folder is made and before Asterisk reads it. */
  prepare?: (home: Home) => Promise<void>;
}

const bootTimeout = 30_000;

/** Starts an Asterisk of the release in a folder of its own, and waits until it has booted. */
export async function startAsterisk(options: AsteriskOptions): Promise<RunningAsterisk> {
  const { release, folder, prompts = true, keep = false } = options;
  const home = await makeHome(release, folder, options.etc, options.stock);
  await options.prepare?.(home);
  const command = release.command.map((word) => word.replaceAll(" ", "\\ ")).join(" ");
  const { run } = asteriskCli(command, home.confFile);
  const cli = async (line: string) => (await run(line)).replace(/\n$/, "");

  const remove = async () => {
    if (!keep) await rm(folder, { recursive: true, force: true });
  };
  let running = await startProcess(release, home);
  try {
    // Prompts are many files, and are not looked for while Asterisk starts.
    await Promise.all([booted(cli, running, home), prompts && linkPrompts(release, home)]);
  } catch (error) {
    await running.end("at once");
    await remove();
    throw error;
  }
  return {
    ...home,
    get pid() {
      return running.pid;
    },
    command,
    cli,
    async restart() {
      await running.end("in good order");
      running = await startProcess(release, home);
      await booted(cli, running, home);
    },
    async stop() {
      await running.end(keep ? "in good order" : "at once");
      await remove();
    },
  };
}

/** Asterisk opens its control socket early; from then on it can be asked to say when it is up. */
async function booted(cli: RunningAsterisk["cli"], running: Process, home: Home): Promise<void> {
  const deadline = Date.now() + bootTimeout;
  while (!running.hasEnded && Date.now() < deadline) {
    try {
      // In its first moments the CLI does not know the command yet, and only says so.
      if ((await cli("core waitfullybooted")).includes("fully booted")) return;
    } catch {
      // The socket is not there yet.
    }
    await sleep(20);
  }
  const logs = [...saidBeforeLog(home), home.logFile];
  const texts = await Promise.all(logs.map((file) => readFile(file, "utf8").catch(() => "")));
  const lastLines = texts.join("\n").split("\n").filter(tells).slice(-12).join("\n");
  throw new Problem(
    `Asterisk ${running.hasEnded ? "ended while it started" : `was not up after ${bootTimeout / 1000} s`}. Its last words:\n${lastLines}`,
    "If they do not say what is wrong, delete the cached release and try again.",
  );
}

function tells(line: string): boolean {
  return line !== "" && !line.includes("VERBOSE[");
}
