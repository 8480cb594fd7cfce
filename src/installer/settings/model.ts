import { openComment } from "../../asterisk/comments.ts";
import { type ConfEntry, type ConfHeader, confLines } from "../../asterisk/conf.ts";
import {
  type ExtensionSettingName,
  extensionSettings,
  type GeneralName,
  type Setting,
} from "../../contract/settings-table.ts";
import { Problem } from "../../terminal/problem.ts";
import { isExtensionNumber, longestExtension } from "./extensions.ts";
import { faultOf } from "./fault.ts";
import { generalRows, promptSettings } from "./prompt-settings.ts";

/** The section of an extension, with defaults filled in. */
export type Extension = { readonly extension: string } & Readonly<Record<ExtensionSettingName, string>>;

/** The checked content of smart_transfer.conf, with defaults filled in. */
export interface Settings {
  readonly general: Readonly<Record<GeneralName, string>>;
  /** The settings prompt_dial, prompt_busy and so on. */
  readonly prompts: Readonly<Record<string, string>>;
  readonly directory: readonly Extension[];
}

/** One mistake in smart_transfer.conf, with its line. */
export interface Fault {
  readonly line: number;
  readonly message: string;
}

/** A section while it is being read. */
interface Section {
  readonly name: string;
  readonly line: number;
  readonly rows: readonly Setting[];
  readonly values: Record<string, string>;
  readonly seen: Set<string>;
}

const general = "general";

/** Reads smart_transfer.conf. Throws a Problem that names file and line of the first fault. */
export function readSettings(text: string, file: string): Settings {
  const { settings, faults } = inspectSettings(text);
  if (faults.length === 0) return settings;
  throw new Problem(`${faultsInWords(file, faults)}.`, "Correct it, then run this again.");
}

/** The first fault, and how many more there are. */
export function faultsInWords(file: string, [first, ...others]: readonly Fault[]): string {
  const more = others.length > 0 ? ` (and ${others.length} more)` : "";
  return `${file}, line ${first?.line}: ${first?.message}${more}`;
}

/**
 * Reads smart_transfer.conf and collects its faults. A faulty setting keeps its default, as it does in the dialplan. If
 * a section or entry is repeated, the first counts, as for AST_CONFIG() (main/config.c, ast_variable_retrieve).
 */
export function inspectSettings(text: string): { settings: Settings; faults: Fault[] } {
  const faults: Fault[] = [];
  const sections = new Map<string, Section>();
  const blame = (line: number, message: string | undefined) => {
    if (message !== undefined) faults.push({ line, message });
  };
  // The section of the next entry: "none" before the first header, "faulty" below a wrong one.
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

/**
 * AST_CONFIG() does not see templates. Values inherited from one are seen by Asterisk but not by this reader. So
 * neither is allowed.
 */
function headerFault({ name, template, from }: ConfHeader, sections: ReadonlyMap<string, Section>): string | undefined {
  if (name !== general && !isExtensionNumber(name))
    return `[${name}] is neither [general] nor an extension of up to ${longestExtension} digits`;
  if (template || from.length > 0) return `[${name}] must have no (${template ? "!" : from.join(",")}) behind it`;
  return sections.has(name) ? `[${name}] is there twice` : undefined;
}

/** Stores a value unless it is faulty or repeated. Returns the fault. */
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

export const defaultSettings: Settings = inspectSettings("").settings;
