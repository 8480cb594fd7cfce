/** `npm run reference`: writes assets/reference.md, made from the tables that check options and settings. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { extensionSettings } from "../../contract/extension-settings.ts";
import type { Setting } from "../../contract/setting.ts";
import { generalSettings } from "../../contract/settings-table.ts";
import { helpText } from "../../installer/cli/help.ts";
import { expectation } from "../../installer/settings/fault.ts";
import { promptSettings } from "../../installer/settings/prompt-settings.ts";
import { prompts } from "../../installer/settings/prompts.ts";

const heading = `# Reference

Every option of the command and every setting of \`smart_transfer.conf\`. Made by \`npm run reference\` from the tables that
check them.`;

/** The page, as it has to be now. */
export function referencePage(): string {
  const sounds = promptSettings.map((row, i) => [
    code(row.name),
    code(row.default),
    prompts[i]?.heardBy ?? "",
    row.about,
  ]);
  return `${[
    heading,
    "## `asterisk-smart-transfer --help`",
    `\`\`\`text\n${helpText()}\`\`\``,
    "## smart_transfer.conf: `[general]`",
    "(*): `asterisk-smart-transfer install` must be run after an edit; all others count from the next transfer on.",
    table(["setting", "default", "takes", "what for"], generalSettings.map(settingRow)),
    "## smart_transfer.conf: prompts, in `[general]` too",
    table(["setting", "default", "heard by", "when"], sounds),
    "## smart_transfer.conf: `[101]`, a section for each extension",
    table(["setting", "default", "takes", "what for"], extensionSettings.map(settingRow)),
  ].join("\n\n")}\n`;
}

function settingRow(row: Setting): string[] {
  return [code(row.name), code(row.default), expectation(row), `${row.applied ? "(*) " : ""}${row.about}`];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function code(text: string): string {
  return text === "" ? "" : `\`${text}\``;
}

if (process.argv[1] === import.meta.filename)
  writeFileSync(join(import.meta.dirname, "../../../assets/reference.md"), referencePage());
