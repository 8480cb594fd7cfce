/** `npm run reference`: puts the reference into the README, made from the tables that check options and settings. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { helpText } from "../cli/help.ts";
import { expectation } from "../settings/check.ts";
import { promptSettings } from "../settings/prompt-settings.ts";
import { prompts } from "../settings/prompts.ts";
import { extensionSettings, generalSettings, type Setting } from "../settings/table.ts";

const begin = "<!-- reference: made by `npm run reference` -->";
const end = "<!-- end of the reference -->";

/** The README with the reference as it is now. */
export function withReference(readme: string): string {
  const [before, rest] = cut(readme, begin);
  const [, after] = cut(rest, end);
  return `${before}${begin}\n\n${reference()}\n${end}${after}`;
}

function reference(): string {
  const sounds = promptSettings.map((row, i) => [
    code(row.name),
    code(row.default),
    prompts[i]?.heardBy ?? "",
    row.about,
  ]);
  return [
    "#### `asterisk-smart-transfer --help`",
    `\`\`\`text\n${helpText()}\`\`\``,
    "#### smart_transfer.conf: `[general]`",
    "(*): `asterisk-smart-transfer install` must be run after an edit; all others count from the next transfer on.",
    table(["setting", "default", "takes", "what for"], generalSettings.map(settingRow)),
    "#### smart_transfer.conf: prompts, in `[general]` too",
    table(["setting", "default", "heard by", "when"], sounds),
    "#### smart_transfer.conf: `[101]`, a section for each extension",
    table(["setting", "default", "takes", "what for"], extensionSettings.map(settingRow)),
    "",
  ].join("\n\n");
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

function cut(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  if (at < 0) throw new Error(`README.md has no line ${mark}`);
  return [text.slice(0, at), text.slice(at + mark.length)];
}

if (process.argv[1] === import.meta.filename) {
  const file = join(import.meta.dirname, "../../README.md");
  writeFileSync(file, withReference(readFileSync(file, "utf8")));
}
