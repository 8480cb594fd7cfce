import { access, constants } from "node:fs/promises";
import { basename } from "node:path";
import { parseCommandString } from "execa";
import { Problem } from "../terminal/problem.ts";
import { shellWord } from "../terminal/shell-word.ts";
import { runProgram } from "./program.ts";

/** The command line of a running Asterisk. */
export interface AsteriskCli {
  /** Runs a CLI command and returns its output. Throws a CliProblem if Asterisk cannot be reached. */
  run(command: string): Promise<string>;
}

/** Asterisk's command line could not be used. */
export class CliProblem extends Problem {
  constructor(
    readonly reason: "not running" | "not permitted" | "no answer",
    message: string,
    remedy: string,
  ) {
    super(message, remedy);
  }
}

/**
 * Timeouts in ms. While modules are loaded or reloaded, Asterisk answers no other question about them; with thousands
 * of endpoints this takes minutes. Its own command line gives up after one minute without a message (main/asterisk.c,
 * ast_remotecontrol).
 */
const limitsMs = { usual: 15_000, modules: 65_000, silence: 59_000 };
const usualPlaces = ["/usr/sbin/asterisk", "/usr/local/sbin/asterisk"];

/**
 * @param command how to reach the CLI: `/usr/sbin/asterisk`, `docker exec pbx asterisk`; without it, the one on PATH
 * @param conf which Asterisk: its asterisk.conf (`-C`)
 */
export function asteriskCli(command?: string, conf?: string, limits = limitsMs): AsteriskCli {
  let found: string[] | undefined;
  return {
    async run(cliCommand) {
      found ??= command === undefined ? [await findAsterisk()] : parseCommandString(command);
      const [file = "", ...args] = found;
      const which = conf === undefined ? [] : ["-C", conf];
      // ssh joins what it is given, and a shell on the other machine takes it apart again.
      const asGiven = basename(file) === "ssh" ? shellWord : (word: string) => word;
      const limitMs = cliCommand.startsWith("module ") ? limits.modules : limits.usual;
      const began = Date.now();
      const result = await runProgram(file, [...args, ...[...which, "-rx", cliCommand].map(asGiven)], limitMs);
      const tookMs = Date.now() - began;
      if (result.timedOut) throw unanswered(cliCommand, limitMs);
      if (result.code === "ENOENT") throw cannotRun(file, result.code, "Give");
      if (result.code === "EACCES") {
        const { message, remedy } = cannotRun(file, result.code, "Run this as root or as Asterisk's own user, or give");
        throw new CliProblem("not permitted", message, remedy);
      }
      if (result.exitCode !== 0) throw unreachable(`${result.stdout}\n${result.stderr}\n${result.code ?? ""}`, conf);
      if (result.stdout === "" && tookMs > limits.silence) throw unanswered(cliCommand, tookMs);
      return result.stdout;
    },
  };
}

async function findAsterisk(): Promise<string> {
  const onPath = (process.env.PATH ?? "")
    .split(":")
    .filter(Boolean)
    .map((folder) => `${folder}/asterisk`);
  for (const file of [...onPath, ...usualPlaces]) {
    const runnable = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (runnable) return file;
  }
  throw new Problem(
    "No Asterisk was found on this machine.",
    "Name the command that reaches Asterisk with --asterisk COMMAND, use --offline to write the files only, or see it work here first: `asterisk-smart-transfer demo`.",
  );
}

function cannotRun(file: string, code: string, whatToDo: string): Problem {
  return new Problem(
    `"${file}" cannot be run as Asterisk's command line (${code}).`,
    `${whatToDo} the command that reaches it: --asterisk /usr/sbin/asterisk, or --asterisk 'docker exec pbx asterisk'.`,
  );
}

function unanswered(cliCommand: string, ms: number): CliProblem {
  return new CliProblem(
    "no answer",
    `Asterisk did not answer "${cliCommand}" within ${Number((ms / 1000).toPrecision(2))} s.`,
    "Check whether it hangs (its log, `core show locks`), then run this again.",
  );
}

/** `asterisk -rx` prints the same if Asterisk is not running and if access is denied (main/asterisk.c). */
function unreachable(output: string, conf: string | undefined): Problem {
  const text = output.trim();
  if (text.includes("Unable to connect to remote asterisk")) {
    return new CliProblem(
      "not running",
      `Asterisk is not running, or its control socket is closed to this user${conf ? ` (${conf})` : ""}.`,
      "Start it (`systemctl start asterisk`), or run this as root or as Asterisk's own user; --offline writes files without it.",
    );
  }
  if (/permission denied|not permitted/i.test(text)) {
    return new CliProblem(
      "not permitted",
      `Asterisk's command line refused this user: ${lastLine(text)}`,
      "Run this as root or as Asterisk's own user.",
    );
  }
  return new CliProblem(
    "no answer",
    `Asterisk's command line failed: ${lastLine(text) || "it printed nothing"}`,
    "Try it by hand: `asterisk -rx 'core show version'`.",
  );
}

function lastLine(text: string): string {
  return text.slice(text.lastIndexOf("\n") + 1);
}
