import { type ConfSection, parseConf } from "../asterisk/conf.ts";
import type { DirectoryEntry } from "./extensions.ts";
import { promptSettings } from "./prompt-settings.ts";
import { extensionSettings, generalSettings, type Setting } from "./table.ts";

/** What the admin answered or gave as options: it goes into smart_transfer.conf, and all else follows from that file. */
export interface Answers {
  /** Settings of [general], prompts among them, by name. */
  readonly general: Readonly<Record<string, string>>;
  /** The whole directory; without it, the one in the file stays. */
  readonly directory?: readonly DirectoryEntry[];
}

/** The text of a new smart_transfer.conf. */
export function newDocument({ general, directory = [] }: Answers): string {
  const settings = [...generalSettings, ...promptSettings].map((row) =>
    documented(row, general[row.name] ?? row.default),
  );
  const perExtension = extensionSettings.map((row) => `;   ${documented(row, row.default)}`);
  const extensions = directory.flatMap(sectionOf);
  return [
    "; The settings of asterisk-smart-transfer and the directory of extensions that may take part.",
    "; An edit counts from the next transfer on, but for the lines marked (*): those need `asterisk-smart-transfer install`.",
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

/** The text with the answers put in: only the lines that differ change. */
export function editedDocument(text: string, { general, directory }: Answers): string {
  let edited = text;
  for (const [name, value] of Object.entries(general)) edited = withValue(edited, "general", name, value);
  return directory === undefined ? edited : withDirectory(edited, directory);
}

function documented(row: Setting, value: string): string {
  const assignment = `${row.name} = ${value}`.trimEnd();
  return `${assignment.padEnd(40)} ; ${row.applied ? "(*) " : ""}${row.about}`;
}

function sectionOf({ extension, device }: DirectoryEntry): string[] {
  return ["", `[${extension}]`, `device = ${device}`];
}

/** Sets one value, keeping what stands behind it on its line; a setting not there yet goes below its section's header. */
function withValue(text: string, sectionName: string, name: string, value: string): string {
  const section = parseConf(text).find((one) => one.name === sectionName);
  if (section === undefined) return `${endedLine(text)}\n[${sectionName}]\n${name} = ${value}\n`;
  // The last one counts, for Asterisk and for us.
  const entry = section.entries.findLast((one) => one.name === name);
  if (entry?.value === value) return text;
  const lines = text.split("\n");
  if (entry === undefined) {
    lines.splice(section.line, 0, `${name} = ${value}${lines[section.line - 1]?.endsWith("\r") ? "\r" : ""}`);
  } else {
    const line = lines[entry.line - 1] ?? "";
    const [head = ""] = /^[^=]*=>?[ \t]*/.exec(line) ?? [];
    lines[entry.line - 1] =
      `${head.replace(/([^ \t])$/, "$1 ")}${value}${behindValue(line, head.length + entry.value.length)}`;
  }
  return lines.join("\n");
}

/** A comment behind a value, set apart from it even where the old value was empty. */
function behindValue(line: string, from: number): string {
  const rest = line.slice(from);
  return rest.trimStart().startsWith(";") && !/^[ \t]/.test(rest) ? ` ${rest}` : rest;
}

/** The sections of exactly these extensions: others go, missing ones are added at the end. */
function withDirectory(text: string, directory: readonly DirectoryEntry[]): string {
  const wanted = new Set(directory.map(({ extension }) => extension));
  const sections = parseConf(text);
  const gone = new Set(sections.filter(({ name }) => name !== "general" && !wanted.has(name)));
  const there = new Set(sections.map(({ name }) => name));
  let edited = gone.size === 0 ? text : withoutSections(text, sections, gone);
  for (const { extension, device } of directory)
    if (there.has(extension)) edited = withValue(edited, extension, "device", device);
  const added = directory.filter(({ extension }) => !there.has(extension)).flatMap(sectionOf);
  return added.length === 0 ? edited : `${endedLine(edited)}${added.join("\n")}\n`;
}

function withoutSections(text: string, sections: readonly ConfSection[], gone: ReadonlySet<ConfSection>): string {
  const headers = new Map(sections.map((section) => [section.line, section]));
  let keep = true;
  const kept = text.split("\n").filter((_, at) => {
    const header = headers.get(at + 1);
    if (header) keep = !gone.has(header);
    return keep;
  });
  return endedLine(kept.join("\n"));
}

function endedLine(text: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}
