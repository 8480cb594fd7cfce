import { readFile, rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { asteriskCli } from "../asterisk/cli.ts";
import { Problem } from "../terminal/problem.ts";
import { type Home, makeHome } from "./home.ts";
import { type Process, saidBeforeLog, startProcess } from "./process.ts";
import { linkPrompts } from "./prompts.ts";
import type { Release } from "./release.ts";

export interface RunningAsterisk extends Home {
  readonly pid: number;
  /**
   * The command that runs this Asterisk's program, for the product's `--asterisk`. To reach the CLI, append `-C
   * confFile -rx`.
   */
  command: string;
  /** The options with which the product reaches this Asterisk. */
  readonly reach: readonly string[];
  /** Runs a CLI command and returns its output without the last line end. */
  cli(command: string): Promise<string>;
  /** Stops the process and starts it again on the same files, as a reboot does. */
  restart(): Promise<void>;
  /** Stops the process, and removes its folder unless `keep` is set. */
  stop(): Promise<void>;
}

export interface AsteriskOptions {
  release: Release;
  /** The folder to create; its path must be short. Removed at the end. */
  folder: string;
  /** Configuration: file name to text. */
  etc: Record<string, string>;
  /** Start from a copy of the package's sample files. */
  stock: boolean;
  /** Install the prompts of the release. */
  prompts?: boolean;
  /** Keep the folder after stop(). */
  keep?: boolean;
  /** Adds other files, such as music, after the folder is created and before Asterisk starts. */
  prepare?: (home: Home) => Promise<void>;
}

const bootTimeout = 30_000;

/** Starts an Asterisk in a folder of its own, and waits until it has booted. */
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
    // Linking the many prompts takes time, and Asterisk does not need them to start.
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
    reach: ["--asterisk", command, "--asterisk-conf", home.confFile],
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

/** Waits until Asterisk has booted. It opens its control socket early, and can then be asked. */
async function booted(cli: RunningAsterisk["cli"], running: Process, home: Home): Promise<void> {
  const deadline = Date.now() + bootTimeout;
  while (!running.hasEnded && Date.now() < deadline) {
    try {
      // At first the CLI does not know this command, and only says so.
      if ((await cli("core waitfullybooted")).includes("fully booted")) return;
    } catch {
      // The socket does not exist yet.
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
