import { createHash } from "node:crypto";
import { lstat, readdir, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";

/** Every file below some folders with its mode, owner and content, to detect changes. */
export type FileStates = ReadonlyMap<string, string>;

export async function fileStates(...folders: readonly string[]): Promise<FileStates> {
  const entries = new Map<string, string>();
  for (const folder of folders) {
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      // `parentPath` is missing in Node 18.19, `path` in newer versions.
      const path = join(entry.parentPath ?? entry.path, entry.name);
      entries.set(path, await describe(path));
    }
    entries.set(folder, await describe(folder));
  }
  return entries;
}

/** The paths that were added, removed or changed. */
export function differences(one: FileStates, other: FileStates): string[] {
  return [...new Set([...one.keys(), ...other.keys()])].filter((path) => one.get(path) !== other.get(path));
}

async function describe(path: string): Promise<string> {
  const stats = await lstat(path);
  const content = stats.isFile()
    ? createHash("sha256")
        .update(await readFile(path))
        .digest("hex")
    : "";
  const target = stats.isSymbolicLink() ? await readlink(path) : "";
  return [stats.mode.toString(8), stats.uid, stats.gid, content, target].join(" ");
}
