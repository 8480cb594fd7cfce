import { drawersFile, ownFolder, source } from "../settings/files.ts";
import type { Extension, Settings } from "../settings/model.ts";
import { generalRows } from "../settings/prompt-settings.ts";
import { extensionSettings } from "../settings/table.ts";
import { confHeader } from "./headers.ts";
import type { Source } from "./source.ts";

/**
 * AST_CONFIG() goes through all sections of a file, whichever it is to read (main/config.c, category_get_sep): with 10,000
 * that is 1 ms where they are not in the processor's cache, and a transfer has ten values to read. So what smart_transfer.conf
 * says of a larger directory than this lies once more in a few sections, its drawers; they are read as long as that file is
 * what they were made from (dialplan/config.ts), and the file itself from its first edit on.
 */
const mostSections = 1_000;

/** Has STAT(), by which the dialplan sees that the file is another: an Asterisk without it is rare. */
const statModule = "func_env.so";

export const drawersName = drawersFile.slice(ownFolder.length + 1);

/** Whether this PBX is to have drawers. */
export function hasDrawers({ directory }: Settings, modules: ReadonlySet<string> | undefined): boolean {
  return directory.length > mostSections && (modules?.has(statModule) ?? true);
}

/**
 * The drawer that an extension or a device lies in: its last two digits, on which they differ most; none without a digit.
 * The same in dialplan/config.ts.
 */
export function drawerOf(text: string): string {
  return /(\d?\d)\D*$/.exec(text)?.[1] ?? "";
}

/** By drawer, in the order in which they come. */
export function sorted<T>(items: Iterable<T>, keyOf: (item: T) => string): Map<string, T[]> {
  const drawers = new Map<string, T[]>();
  for (const item of items) {
    const drawer = drawerOf(keyOf(item));
    const inside = drawers.get(drawer);
    if (inside === undefined) drawers.set(drawer, [item]);
    else inside.push(item);
  }
  return drawers;
}

/**
 * All of [general], for extensions.conf knows no defaults; of an extension what differs from them. Without a source nobody
 * reads it.
 */
export function drawersConf({ general, prompts, directory }: Settings, from: Source | undefined): string {
  const sections = [...sorted(directory, ({ extension }) => extension)].map(
    ([drawer, some]) => `\n[${drawer}]\n${some.map(extensionLines).join("")}`,
  );
  const values: Readonly<Record<string, string>> = { ...general, ...prompts };
  return [
    confHeader,
    from === undefined ? "" : `\n[${source.section}]\n${source.name} = ${from.modified} ${from.size}\n`,
    `\n[general]\n${generalRows.map(({ name }) => `${name} = ${values[name]}\n`).join("")}`,
    ...sections,
  ].join("");
}

function extensionLines(extension: Extension): string {
  return extensionSettings
    .filter((row) => extension[row.name] !== row.default)
    .map(({ name }) => `${extension.extension}.${name} = ${extension[name]}\n`)
    .join("");
}

/** Which smart_transfer.conf a text of the drawers says that it was made from. */
export function sourceStated(text: string | undefined): string | undefined {
  return text === undefined ? undefined : new RegExp(`^${source.name} = (.*)$`, "m").exec(text)?.[1];
}
