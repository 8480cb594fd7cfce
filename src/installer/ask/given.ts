import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { extensionSettings } from "../../contract/extension-settings.ts";
import type { Setting } from "../../contract/setting.ts";
import { exitCode, Problem } from "../../terminal/problem.ts";
import type { Options } from "../cli/options.ts";
import type { Answers } from "../settings/document.ts";
import { parseExtensions } from "../settings/extensions.ts";
import { faultOf } from "../settings/fault.ts";
import { generalRows } from "../settings/prompt-settings.ts";

/** Command line options for the most common settings. */
const shortcuts = [
  ["key", "transfer_key"],
  ["return-key", "return_key"],
  ["mobile-dial", "mobile_dial"],
] as const;

const mobileSetting = extensionSettings.find(({ name }) => name === "mobile") as Setting;

/** Reads and checks the answers on the command line. Throws a Problem (exit code 2) that names the wrong option. */
export async function givenAnswers(options: Options): Promise<Answers> {
  const general: Record<string, string> = {};
  for (const text of options.set) {
    const [name, value] = pair("--set", text);
    general[name] = checked(`--set ${name}`, name, value);
  }
  for (const [option, name] of shortcuts) {
    const value = options[option];
    if (value !== undefined) general[name] = checked(`--${option}`, name, value);
  }
  for (const text of options.prompt) {
    const [name, file] = pair("--prompt", text);
    general[`prompt_${name}`] = checked(`--prompt ${name}`, `prompt_${name}`, await soundNames(file));
  }
  if (options.extensions === "auto") general.extensions = options.extensions;
  const mobiles: Record<string, string> = {};
  for (const text of options.mobile) {
    const [extension, number] = pair("--mobile", text);
    mobiles[extension] = checkedBy(mobileSetting, `--mobile ${extension}`, number);
  }
  return {
    general,
    ...(options.extensions === undefined || options.extensions === "auto"
      ? {}
      : { directory: parseExtensions(options.extensions) }),
    ...(options.mobile.length === 0 ? {} : { mobiles }),
  };
}

/** Reads the file that --settings names. */
export async function givenSettings(file: string): Promise<string> {
  return readFile(file, "latin1").catch((error: NodeJS.ErrnoException) => {
    throw new Problem(
      `--settings: ${file} cannot be read (${error.code}).`,
      "Name a smart_transfer.conf that you may read.",
      exitCode.usage,
    );
  });
}

/** Converts one file or sound name, or several joined by &, to sound names. */
export async function soundNames(files: string): Promise<string> {
  return (await Promise.all(files.split("&").map(soundName))).join("&");
}

/**
 * Converts a file to its Asterisk sound name: the absolute path without the extension. Anything else is already a sound
 * name.
 */
async function soundName(file: string): Promise<string> {
  const path = resolve(file);
  const isFile = await readFile(path).then(
    () => true,
    () => false,
  );
  return isFile ? path.replace(/\.[^./]+$/, "") : file;
}

function pair(option: string, text: string): [string, string] {
  const equals = text.indexOf("=");
  if (equals > 0) return [text.slice(0, equals).trim(), text.slice(equals + 1).trim()];
  throw new Problem(
    `${option} ${text}: a name and a value are needed.`,
    `Give it as ${option} NAME=VALUE.`,
    exitCode.usage,
  );
}

function checked(option: string, name: string, value: string): string {
  const row = generalRows.find((one) => one.name === name);
  if (row === undefined) {
    const names = generalRows.map((one) => one.name).join(", ");
    throw new Problem(`${option}: there is no such setting.`, `The settings are ${names}.`, exitCode.usage);
  }
  return checkedBy(row, option, value);
}

function checkedBy(row: Setting, option: string, value: string): string {
  const fault = faultOf(row, value);
  if (fault === undefined) return value;
  throw new Problem(`${option}: "${value}" ${fault}.`, "Correct the value.", exitCode.usage);
}
