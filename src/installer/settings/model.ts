import { openComment } from "../../asterisk/comments.ts";
import { type ConfEntry, type ConfHeader, confLines } from "../../asterisk/conf.ts";
import { type ExtensionSettingName, extensionSettings } from "../../contract/extension-settings.ts";
import type { Setting } from "../../contract/setting.ts";
import type { GeneralName } from "../../contract/settings-table.ts";
import { Problem } from "../../terminal/problem.ts";
import { isExtensionNumber, longestExtension } from "./extensions.ts";
import { faultOf } from "./fault.ts";
import { type Node, nodeFault, parseNode } from "./nodes.ts";
import { generalRows, promptSettings } from "./prompt-settings.ts";

/** The section of an extension, with defaults filled in. */
export type Extension = { readonly extension: string } & Readonly<Record<ExtensionSettingName, string>>;

/** The checked content of smart_transfer.conf, with defaults filled in. */
export interface Settings {
  readonly general: Readonly<Record<GeneralName, string>>;
  /** The settings prompt_dial, prompt_busy and so on. */
  readonly prompts: Readonly<Record<string, string>>;
  readonly directory: readonly Extension[];
  /** The Asterisks that share this file; none if there is only one. */
  readonly nodes: readonly Node[];
  /** Which of them this one is. Not in the file, which is the same on all of them. */
  readonly self?: string;
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
  /** The line of each setting that it has. */
  readonly lines: Map<string, number>;
}

const general = "general";
const nodesSection = "nodes";

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
  const nodes: Node[] = [];
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
      blame(item.line, section.name === nodesSection ? takeInNode(item, nodes) : takeIn(item, section));
    }
  }
  const open = openComment(text);
  if (open !== undefined) blame(open, "the comment that `;--` begins here is never closed");
  const common = sections.get(general);
  blame(common?.lines.get("voicemail_key") ?? common?.lines.get("voicemail") ?? 0, common && keysFault(common));
  for (const section of extensionsIn(sections)) {
    if (!section.lines.has("device")) blame(section.line, `[${section.name}] has no device`);
    blame(section.lines.get("node") ?? section.line, homeFault(section, nodes));
  }
  faults.sort((one, other) => one.line - other.line);
  return { settings: settingsOf(sections, nodes), faults };
}

function emptySection({ name, line }: ConfHeader): Section {
  const rows = name === general ? generalRows : extensionSettings;
  return { name, line, rows, values: defaultsOf(rows), lines: new Map() };
}

/**
 * AST_CONFIG() does not see templates. Values inherited from one are seen by Asterisk but not by this reader. So
 * neither is allowed.
 */
function headerFault({ name, template, from }: ConfHeader, sections: ReadonlyMap<string, Section>): string | undefined {
  if (name !== general && name !== nodesSection && !isExtensionNumber(name))
    return `[${name}] is neither [general] nor an extension of up to ${longestExtension} digits`;
  if (template || from.length > 0) return `[${name}] must have no (${template ? "!" : from.join(",")}) after it`;
  return sections.has(name) ? `[${name}] is there twice` : undefined;
}

/** Stores a value unless it is faulty or repeated. Returns the fault. */
function takeIn(
  { name, value, line }: ConfEntry,
  { name: sectionName, rows, values, lines }: Section,
): string | undefined {
  const row = rows.find((one) => one.name === name);
  if (row === undefined) return `"${name}" is not a setting of [${sectionName}]`;
  const fault = faultOf(row, value);
  if (fault === undefined && !lines.has(name)) values[name] = value;
  if (!lines.has(name)) lines.set(name, line);
  return fault === undefined ? undefined : `${name} = ${value}: it ${fault}`;
}

/** Adds a node unless it is faulty. Returns the fault. */
function takeInNode({ name, value }: ConfEntry, nodes: Node[]): string | undefined {
  const fault = nodeFault(name, value, nodes);
  const node = parseNode(name, value);
  if (fault === undefined && node) nodes.push(node);
  return fault;
}

/** A caller cannot choose between two things by one key. Without voicemail nothing is chosen. */
function keysFault({ values }: Section): string | undefined {
  const { voicemail, voicemail_key: key, return_key_line: back } = values;
  if (voicemail === "" || key !== back) return undefined;
  return `voicemail_key = ${key}: it must not be the same as return_key_line`;
}

/** Each extension has its home on one node, where there are several. */
function homeFault({ name, values }: Section, nodes: readonly Node[]): string | undefined {
  const { node } = values;
  if (nodes.length === 0) return node === "" ? undefined : `node = ${node}: there is no [nodes] that names it`;
  const names = nodes.map((one) => one.name).join(" or ");
  if (node === "") return `[${name}] has no node: which of [nodes] its phones register at, ${names}`;
  return nodes.some((one) => one.name === node) ? undefined : `node = ${node}: it must be one of [nodes], ${names}`;
}

function extensionsIn(sections: ReadonlyMap<string, Section>): Section[] {
  return [...sections.values()].filter(({ name }) => name !== general && name !== nodesSection);
}

function settingsOf(sections: ReadonlyMap<string, Section>, nodes: readonly Node[]): Settings {
  const values = sections.get(general)?.values ?? defaultsOf(generalRows);
  const prompts = Object.fromEntries(promptSettings.map(({ name }) => [name, values[name] ?? ""]));
  const directory = extensionsIn(sections).map(({ name, values }) => ({ extension: name, ...values }) as Extension);
  return { general: values as Settings["general"], prompts, directory, nodes };
}

function defaultsOf(rows: readonly Setting[]): Record<string, string> {
  return Object.fromEntries(rows.map((row) => [row.name, row.default]));
}

/** The extensions whose phones register at this node. */
export function atHome({ directory, nodes, self }: Settings): readonly Extension[] {
  return nodes.length === 0 ? directory : directory.filter(({ node }) => node === self);
}

export const defaultSettings: Settings = inspectSettings("").settings;
