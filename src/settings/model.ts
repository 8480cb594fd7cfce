import { openComment } from "../asterisk/comments.ts";
import { type ConfEntry, type ConfHeader, confLines } from "../asterisk/conf.ts";
import { Problem } from "../errors.ts";
import { faultOf } from "./check.ts";
import { isExtensionNumber, longestExtension } from "./extensions.ts";
import { generalRows, promptSettings } from "./prompt-settings.ts";
import { type ExtensionSettingName, extensionSettings, type GeneralName, type Setting } from "./table.ts";

/** An extension's section, defaults filled in. */
export type Extension = { readonly extension: string } & Readonly<Record<ExtensionSettingName, string>>;

/** What smart_transfer.conf says, checked, defaults filled in. */
export interface Settings {
  readonly general: Readonly<Record<GeneralName, string>>;
  /** prompt_dial and its like. */
  readonly prompts: Readonly<Record<string, string>>;
  readonly directory: readonly Extension[];
}

/** Everything wrong with a text of smart_transfer.conf, each with its line. */
export interface Fault {
  readonly line: number;
  readonly message: string;
}

/** A section as it fills up. */
interface Section {
  readonly name: string;
  readonly line: number;
  readonly rows: readonly Setting[];
  readonly values: Record<string, string>;
  readonly seen: Set<string>;
}

const general = "general";

/** Reads smart_transfer.conf; throws a Problem naming file and line of the first fault. */
export function readSettings(text: string, file: string): Settings {
  const { settings, faults } = inspectSettings(text);
  const [first] = faults;
  if (first === undefined) return settings;
  const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : "";
  throw new Problem(`${file}, line ${first.line}: ${first.message}${more}.`, "Correct it, then run this again.");
}

/**
 * Reads it and lists its faults; what is at fault keeps its default, as it does in the dialplan. Of sections and entries
 * that are there twice the first counts, as for AST_CONFIG() (main/config.c, ast_variable_retrieve).
 */
export function inspectSettings(text: string): { settings: Settings; faults: Fault[] } {
  const faults: Fault[] = [];
  const sections = new Map<string, Section>();
  const blame = (line: number, message: string | undefined) => {
    if (message !== undefined) faults.push({ line, message });
  };
  // Where an entry belongs: nowhere at first, and to a section of no account behind a header that is at fault.
  let section: Section | "none" | "faulty" = "none";
  for (const item of confLines(text)) {
    if (item.kind === "rejected") {
      blame(item.line, item.why);
    } else if (item.kind === "directive") {
      blame(item.line, `#${item.name}: all settings must be in this one file`);
    } else if (item.kind === "header") {
      const fault = headerFault(item, sections);
      blame(item.line, fault);
      section = fault === undefined ? emptySection(item) : "faulty";
      if (section !== "faulty") sections.set(section.name, section);
    } else if (section === "none") {
      blame(item.line, `"${item.name}" stands before any section`);
    } else if (section !== "faulty") {
      blame(item.line, takeIn(item, section));
    }
  }
  const open = openComment(text);
  if (open !== undefined) blame(open, "the comment that `;--` begins here is never closed");
  for (const { name, line, seen } of sections.values())
    if (name !== general && !seen.has("device")) blame(line, `[${name}] has no device`);
  faults.sort((one, other) => one.line - other.line);
  return { settings: settingsOf(sections), faults };
}

function emptySection({ name, line }: ConfHeader): Section {
  const rows = name === general ? generalRows : extensionSettings;
  return { name, line, rows, values: defaultsOf(rows), seen: new Set() };
}

/** Templates are not seen by AST_CONFIG(), and what is taken from one would be seen by Asterisk but not here. */
function headerFault({ name, template, from }: ConfHeader, sections: ReadonlyMap<string, Section>): string | undefined {
  if (name !== general && !isExtensionNumber(name))
    return `[${name}] is neither [general] nor an extension of up to ${longestExtension} digits`;
  if (template || from.length > 0) return `[${name}] must have no (${template ? "!" : from.join(",")}) behind it`;
  return sections.has(name) ? `[${name}] is there twice` : undefined;
}

/** Takes a value in, unless it is at fault, which is returned, or was there before. */
function takeIn({ name, value }: ConfEntry, { name: sectionName, rows, values, seen }: Section): string | undefined {
  const row = rows.find((one) => one.name === name);
  if (row === undefined) return `"${name}" is no setting of [${sectionName}]`;
  const fault = faultOf(row, value);
  if (fault === undefined && !seen.has(name)) values[name] = value;
  seen.add(name);
  return fault === undefined ? undefined : `${name} = ${value}: it ${fault}`;
}

function settingsOf(sections: ReadonlyMap<string, Section>): Settings {
  const values = sections.get(general)?.values ?? defaultsOf(generalRows);
  const prompts = Object.fromEntries(promptSettings.map(({ name }) => [name, values[name] ?? ""]));
  const directory = [...sections]
    .filter(([name]) => name !== general)
    .map(([extension, section]) => ({ extension, ...section.values }) as Extension);
  return { general: values as Settings["general"], prompts, directory };
}

function defaultsOf(rows: readonly Setting[]): Record<string, string> {
  return Object.fromEntries(rows.map((row) => [row.name, row.default]));
}
