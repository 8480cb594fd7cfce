#!/usr/bin/env node
import { helpText } from "./src/installer/cli/help.ts";
import { type CommandName, parseCommandLine } from "./src/installer/cli/options.ts";
import { check } from "./src/installer/commands/check.ts";
import type { Command } from "./src/installer/commands/command.ts";
import { demo } from "./src/installer/commands/demo.ts";
import { install } from "./src/installer/commands/install.ts";
import { log } from "./src/installer/commands/log.ts";
import { uninstall } from "./src/installer/commands/uninstall.ts";
import { shipped } from "./src/installer/shipped.ts";
import { type ExitCode, exitCode, Problem } from "./src/terminal/problem.ts";
import { shown } from "./src/terminal/shown.ts";
import { terminal } from "./src/terminal/terminal.ts";

const commands: Record<CommandName, Command> = { install, uninstall, check, log, demo };

async function main(args: readonly string[]): Promise<ExitCode> {
  const { command, options } = parseCommandLine(args);
  const screen = terminal({
    color: !options["no-color"],
    verbose: options.verbose,
    questions: !options.yes && !options.json,
    progress: !options.json,
  });
  if (options.help) screen.result(helpText().trimEnd());
  else if (options.version) screen.result(shipped().version);
  else return commands[command]({ options, terminal: screen, shipped: shipped() });
  return exitCode.done;
}

/** The one place where an error becomes what the admin reads. */
function explain(error: unknown, args: readonly string[]): ExitCode {
  const asJson = args.includes("--json");
  const verbose = args.includes("--verbose");
  const problem =
    error instanceof Problem
      ? error
      : new Problem(
          `This is a fault of asterisk-smart-transfer: ${String(error)}.`,
          "Run it again with --verbose and report what it prints.",
        );
  if (asJson) process.stdout.write(`${JSON.stringify({ error: problem.message, remedy: problem.remedy })}\n`);
  else process.stderr.write(`${shown([problem.message, problem.remedy].filter(Boolean).join("\n"))}\n`);
  if (verbose && error instanceof Error) process.stderr.write(`${shown(error.stack ?? "")}\n`);
  return problem.code;
}

const args = process.argv.slice(2);
main(args)
  .catch((error: unknown) => explain(error, args))
  .then((code) => {
    process.exitCode = code;
  });
