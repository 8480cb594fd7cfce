import { parseConf } from "../asterisk/conf.ts";
import { Problem } from "../errors.ts";
import { faultOf } from "./check.ts";
import { isExtensionNumber, longestExtension } from "./extensions.ts";
import { promptSettings } from "./prompt-settings.ts";
import {
  type ExtensionSettingName,
  extensionSettings,
  type GeneralName,
  generalSettings,
  type Setting,
} from "./table.ts";

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

const tables: { readonly general: readonly Setting[]; readonly extension: readonly Setting[] } = {
  general: [...generalSettings, ...promptSettings],
  extension: extensionSettings,
};

/** Reads smart_transfer.conf; throws a Problem naming file and line of the first fault. */
export function readSettings(text: string, file: string): Settings {
  const { settings, faults } = inspectSettings(text);
  const [first] = faults;
  if (first === undefined) return settings;
  const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : "";
  throw new Problem(`${file}, line ${first.line}: ${first.message}${more}.`, "Correct it, then run this again.");
}

/** Reads it and lists its faults; what is at fault keeps its default, as it does in the dialplan. */
export function inspectSettings(text: string): { settings: Settings; faults: Fault[] } {
  const faults: Fault[] = [];
  const general = defaultsOf(tables.general);
  const directory = new Map<string, Record<string, string>>();
  for (const section of parseConf(text)) {
    const isGeneral = section.name === "general";
    if (!isGeneral && !isExtensionNumber(section.name)) {
      faults.push({
        line: section.line,
        message: `[${section.name}] is neither [general] nor an extension of up to ${longestExtension} digits`,
      });
      continue;
    }
    if (directory.has(section.name)) faults.push({ line: section.line, message: `[${section.name}] is there twice` });
    const values = isGeneral ? general : defaultsOf(tables.extension);
    if (!isGeneral) directory.set(section.name, values);
    for (const { name, value, line } of section.entries) {
      const row = (isGeneral ? tables.general : tables.extension).find((one) => one.name === name);
      const fault = row ? faultOf(row, value) : `is no setting of [${section.name}]`;
      if (fault === undefined) values[name] = value;
      else faults.push({ line, message: row ? `${name} = ${value}: it ${fault}` : `"${name}" ${fault}` });
    }
    if (!isGeneral && values.device === "")
      faults.push({ line: section.line, message: `[${section.name}] has no device` });
  }
  const prompts = Object.fromEntries(promptSettings.map(({ name }) => [name, general[name] ?? ""]));
  const extensions = [...directory].map(([extension, values]) => ({ extension, ...values }) as Extension);
  return { settings: { general: general as Settings["general"], prompts, directory: extensions }, faults };
}

function defaultsOf(rows: readonly Setting[]): Record<string, string> {
  return Object.fromEntries(rows.map((row) => [row.name, row.default]));
}
