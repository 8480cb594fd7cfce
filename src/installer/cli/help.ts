import { exitCode } from "../../terminal/problem.ts";
import { commandTable, optionTable } from "./options.ts";

const name = "asterisk-smart-transfer";

/** The complete text of --help. */
export function helpText(): string {
  const commands = Object.entries(commandTable).map(([command, about]) => [command, about] as const);
  const rows = Object.entries(optionTable).map(([option, row]) => {
    const short = "short" in row ? `-${row.short}, ` : "    ";
    const takes = "takes" in row ? ` ${row.takes}` : "";
    return { of: "of" in row ? row.of : undefined, left: `${short}--${option}${takes}`, about: row.about };
  });
  const width = Math.max(...rows.map(({ left }) => left.length));
  const optionsOf = (command: string | undefined) =>
    aligned(
      rows.filter(({ of }) => of === command).map(({ left, about }) => [left, about]),
      width,
    );
  return [
    "A call transfer for Asterisk, as quick as its blind transfer and as safe as its attended one.",
    "",
    `Usage: ${name} [COMMAND] [OPTIONS]`,
    "",
    "Commands:",
    ...aligned(commands),
    "",
    "Options:",
    ...optionsOf(undefined),
    "",
    "Options of log:",
    ...optionsOf("log"),
    "",
    "Options of demo:",
    ...optionsOf("demo"),
    "",
    "Exit codes:",
    `  ${exitCode.done} done or nothing to do · ${exitCode.failed} failed, everything is as before · ${exitCode.usage} usage, or a question with no terminal to ask on`,
    `  ${exitCode.broken} check found something broken · ${exitCode.cancelled} cancelled, nothing changed`,
    "",
    "Examples:",
    `  ${name}                                   ask, show, install`,
    `  ${name} install --yes --extensions 101-110 --set ring_timeout=15`,
    `  ${name} install --dry-run --yes           what would change`,
    `  ${name} check --json                      for monitoring`,
    `  ${name} log --since 7d --summary`,
    `  ${name} uninstall`,
    "",
  ].join("\n");
}

function aligned(
  rows: readonly (readonly [string, string])[],
  width = Math.max(...rows.map(([left]) => left.length)),
): string[] {
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
