import { parseConf } from "../../asterisk/conf.ts";
import { newlineOf } from "../../asterisk/newline.ts";
import { extensionSettings } from "../../contract/extension-settings.ts";
import type { Setting } from "../../contract/setting.ts";
import { assignment, type Lines, removeSections, setValues } from "./edit.ts";
import { type DirectoryEntry, isExtensionNumber } from "./extensions.ts";
import { generalRows } from "./prompt-settings.ts";

/**
 * The admin's answers and options. They are written to smart_transfer.conf; everything else is derived from that file.
 */
export interface Answers {
  /** Settings of [general], including prompts, by name. */
  readonly general: Readonly<Record<string, string>>;
  /** The complete directory. Without it, the directory in the file stays. */
  readonly directory?: readonly DirectoryEntry[];
  /** Mobiles, by extension. */
  readonly mobiles?: Readonly<Record<string, string>>;
}

/** Whether a smart_transfer.conf sets this setting of [general]. */
export function gives(text: string, setting: string): boolean {
  return parseConf(text).some(
    ({ name, entries }) => name === "general" && entries.some((entry) => entry.name === setting),
  );
}

/** Writes a new smart_transfer.conf. */
export function newDocument({ general, directory = [], mobiles = {} }: Answers): string {
  const settings = generalRows
    .filter(({ name, forNodes }) => !forNodes || general[name] !== undefined)
    .map((row) => documented(row, general[row.name] ?? row.default));
  const perExtension = extensionSettings
    .filter(({ forNodes }: Setting) => !forNodes)
    .map((row) => `;   ${documented(row, row.default)}`);
  const extensions = directory.flatMap((entry) => extensionSection(entry, mobiles[entry.extension]));
  return [
    "; The settings of asterisk-smart-transfer and the directory of extensions that may take part.",
    "; An edit counts from the next transfer on. An edit of a line marked (*) counts after `asterisk-smart-transfer install`.",
    "",
    "[general]",
    ...settings,
    "",
    "; One section for each extension (*):",
    ...perExtension,
    ...extensions,
    "",
  ].join("\n");
}

/** Edits smart_transfer.conf. Only lines whose value differs change. */
export function editedDocument(text: string, { general, directory, mobiles = {} }: Answers): string {
  const sections = parseConf(text);
  const lines: Lines = text.split("\n");
  const added: string[] = [];

  // If a section exists twice, AST_CONFIG() reads the first (main/config.c, category_get_sep). So edit that one.
  const first = new Map([...sections].reverse().map((section) => [section.name, section]));
  const values = Object.entries(general);
  const generalSection = first.get("general");
  if (generalSection) setValues(lines, generalSection, values);
  else if (values.length > 0) added.push("", "[general]", ...values.map(([name, value]) => assignment(name, value)));

  for (const entry of directory ?? []) {
    const section = first.get(entry.extension);
    if (section) setValues(lines, section, [["device", entry.device]]);
    else added.push(...extensionSection(entry, mobiles[entry.extension]));
  }
  for (const [extension, number] of Object.entries(mobiles)) {
    const section = first.get(extension);
    if (section) setValues(lines, section, [["mobile", number]]);
  }
  if (directory) {
    const staying = new Set(directory.map(({ extension }) => extension));
    removeSections(lines, text, sections, ({ name }) => isExtensionNumber(name) && !staying.has(name));
  }

  const newline = newlineOf(text);
  const edited = lines.filter((line) => line !== undefined).join("\n");
  const isOpen = edited !== "" && !edited.endsWith("\n") && (added.length > 0 || text.endsWith("\n"));
  return [edited, isOpen ? newline : "", ...added.map((line) => line + newline)].join("");
}

function documented(row: Setting, value: string): string {
  return `${assignment(row.name, value).padEnd(40)} ; ${row.applied ? "(*) " : ""}${row.about}`;
}

function extensionSection({ extension, device, node = "" }: DirectoryEntry, mobile: string | undefined): string[] {
  return [
    "",
    `[${extension}]`,
    `device = ${device}`,
    ...(node === "" ? [] : [assignment("node", node)]),
    ...(mobile === undefined ? [] : [assignment("mobile", mobile)]),
  ];
}
