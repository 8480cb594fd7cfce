import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";

/** A file or folder: its kind tells mode, owner and where a link leads to; a folder has no content. */
export interface Entry {
  readonly kind: string;
  /** As Latin-1, where every byte is a character. */
  readonly content: string | undefined;
}

/** What is on a PBX's disk, by path: `etc/features.conf`, `sounds/en/smart-transfer/dial.gsm`. */
export type Tree = ReadonlyMap<string, Entry>;

/** Reads folders, each under its own name. Asterisk's own prompts are links and are left out. */
export function treeOf(folders: Readonly<Record<string, string>>): Tree {
  const found = new Map<string, Entry>();
  const visit = (name: string, path: string) => {
    const stats = lstatSync(path);
    if (stats.isSymbolicLink() && !name.startsWith("etc/")) return;
    const owner = `${(stats.mode & 0o7777).toString(8)} ${stats.uid}:${stats.gid}`;
    if (stats.isDirectory()) {
      found.set(name, { kind: `folder ${owner}`, content: undefined });
      for (const one of readdirSync(path)) visit(`${name}/${one}`, join(path, one));
    } else {
      const link = stats.isSymbolicLink() ? ` -> ${readlinkSync(path)}` : "";
      found.set(name, { kind: `file ${owner}${link}`, content: readFileSync(path, "latin1") });
    }
  };
  for (const [name, path] of Object.entries(folders)) visit(name, path);
  return found;
}

/** How two trees differ, a line for each path. */
export function differencesOf(expected: Tree, found: Tree): string[] {
  return [...new Set([...expected.keys(), ...found.keys()])].sort().flatMap((path) => {
    const [one, other] = [expected.get(path), found.get(path)];
    if (one === undefined) return [`${path} is there`];
    if (other === undefined) return [`${path} is not there`];
    if (one.content !== other.content)
      return [`${path} differs: ${difference(one.content ?? "", other.content ?? "")}`];
    return one.kind === other.kind ? [] : [`${path} is ${other.kind}, not ${one.kind}`];
  });
}

/** Where two texts begin to differ. */
export function difference(expected: string, found: string): string {
  let from = 0;
  while (from < expected.length && expected[from] === found[from]) from++;
  const part = (text: string) => JSON.stringify(text.slice(Math.max(0, from - 20), from + 40));
  return `${part(found)} (${found.length} bytes) instead of ${part(expected)} (${expected.length} bytes)`;
}

export const own = "etc/smart_transfer.d";
export const settingsPath = "etc/smart_transfer.conf";
export const isKept = (path: string) => /\.edited(?:-\d+)?$/.test(path);
/** Of ours, files and folders: but not what is beside Asterisk's own. */
export const isOurPlace = (path: string) => path.startsWith(`${own}/`) || /^sounds\/\w+\/smart-transfer\//.test(path);
export const textAt = (tree: Tree, path: string) => tree.get(path)?.content;
