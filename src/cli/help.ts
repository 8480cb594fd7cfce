import { exitCode } from "../errors.ts";
import { commandTable, optionTable } from "./options.ts";

const name = "asterisk-smart-transfer";

/** The whole of --help. */
export function helpText(): string {
  const commands = Object.entries(commandTable).map(([command, about]) => [command, about] as const);
  const options = Object.entries(optionTable).map(([option, row]) => {
    const short = "short" in row ? `-${row.short}, ` : "    ";
    const takes = "takes" in row ? ` ${row.takes}` : "";
    return [`${short}--${option}${takes}`, row.about] as const;
  });
  return [
    "A call transfer for Asterisk as quick as the blind one and as safe as the attended one.",
    "",
    `Usage: ${name} [COMMAND] [OPTIONS]`,
    "",
    "Commands:",
    ...aligned(commands),
    "",
    "Options:",
    ...aligned(options),
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
    `  ${name} uninstall`,
    "",
  ].join("\n");
}

function aligned(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
