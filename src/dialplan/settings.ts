import { type ExtensionSettingName, extensionSettings } from "../contract/extension-settings";
import { type Kind, kinds } from "../contract/kinds";
import { type PromptName, promptSounds, settingsFile } from "../contract/names";
import type { Setting } from "../contract/setting";
import { type GeneralName, generalSettings } from "../contract/settings-table";
import { configured } from "./config";
import { isRehearsal, tell } from "./rehearsal/scene";

const complaints = new LuaSet<string>();

/** A valid setting, or its default. Read again at every transfer, so that an edit takes effect with the next one. */
export function setting(name: GeneralName): string {
  return checked("general", find(generalSettings, name));
}

/** The value of a setting that is not set, or not valid. */
export function defaultOf(name: GeneralName): string {
  return find(generalSettings, name).default;
}

/** A setting that is a number: of seconds, or of times. */
export function numberSetting(name: GeneralName): number {
  return tonumber(setting(name)) as number;
}

/** A setting in the section of this extension. */
export function extensionSetting(extension: string, name: ExtensionSettingName): string {
  return checked(extension, find(extensionSettings, name));
}

/** The sounds to play for a prompt, joined by & as Playback and Read take them. */
export function prompt(name: PromptName): string {
  if (isRehearsal()) tell(`hears ${name}`);
  return checked("general", {
    name: `prompt_${name}`,
    kind: "sound",
    default: promptSounds[name],
    max: 400,
    about: "",
  });
}

function checked(section: string, row: Setting): string {
  const value = configured(section, row.name);
  if (value === undefined || value === row.default) return row.default;
  if (isValid(row, value)) return value;
  complain(`${settingsFile}: [${section}] ${row.name} is not ${kinds[row.kind].expected}: using "${row.default}"`);
  return row.default;
}

/** Logs a warning, once per channel, however often the setting is read. */
export function complain(complaint: string): void {
  if (!complaints.has(complaint)) app.Log("WARNING", complaint);
  complaints.add(complaint);
}

/** Checks a value as the installer does (settings/fault.ts), from the same table. */
function isValid(row: Setting, value: string): boolean {
  const kind: Kind = kinds[row.kind];
  if (value === "") return kind.required !== true;
  if (!isShaped(kind, value)) return false;
  if (kind.number === true) {
    const number = tonumber(value);
    return number !== undefined && number >= (row.min ?? 0) && number <= row.max;
  }
  if (row.choices !== undefined) {
    for (const choice of row.choices) if (choice === value) return true;
    return false;
  }
  return value.length <= row.max;
}

function isShaped({ pattern, separator, places = [] }: Kind, value: string): boolean {
  let text = value;
  for (const place of places) text = filledIn(text, "0", place);
  for (const one of separator === undefined ? [text] : split(text, separator)) {
    const [from] = string.find(one, `^${pattern}$`);
    if (from === undefined) return false;
  }
  return true;
}

/** Puts an extension, or another number, into its place in a template of the settings. */
export function filledIn(template: string, number: string, place = "EXTENSION"): string {
  return string.gsub(template, `[$]{${place}}`, number)[0];
}

/** Splits a text at a separator; keeps empty parts. */
export function split(text: string, separator: string): string[] {
  const parts: string[] = [];
  for (const [part] of string.gmatch(text + separator, `([^${separator}]*)${separator}`)) parts.push(part);
  return parts;
}

function find(rows: readonly Setting[], name: string): Setting {
  for (const row of rows) if (row.name === name) return row;
  return error(`smart-transfer: no setting is called ${name}`, 0);
}
