import { dirname, join } from "node:path";
import type { Ownership } from "../../asterisk/files.ts";
import { adminFiles, type Snapshot } from "./snapshot.ts";

/** One change on disk. The diff, the dry run and the run itself all use the same list. */
export type Change =
  | { readonly kind: "make folder"; readonly path: string; readonly owner: Ownership }
  | {
      readonly kind: "write";
      readonly path: string;
      readonly before: Buffer | undefined;
      readonly after: Buffer;
      readonly owner: Ownership;
    }
  | { readonly kind: "delete"; readonly path: string; readonly before: Buffer; readonly owner: Ownership }
  | { readonly kind: "remove folder"; readonly path: string; readonly owner: Ownership };

/** The missing parent folders of these files, outermost first. */
export function foldersToMake(snapshot: Snapshot, paths: readonly string[]): string[] {
  const missing = new Set<string>();
  const visit = (folder: string): void => {
    if (snapshot.folders.has(folder) || missing.has(folder) || folder === dirname(folder)) return;
    visit(dirname(folder));
    missing.add(folder);
  };
  for (const path of paths) visit(dirname(path));
  return [...missing];
}

export function newFolder(snapshot: Snapshot, path: string): Change {
  return { kind: "make folder", path, owner: ownerOfFolder(snapshot, path) };
}

export function writeUnlessSame(
  snapshot: Snapshot,
  path: string,
  after: Buffer,
  ownerOfNew: Ownership = ownerOfNewFile(snapshot, path),
): Change[] {
  const file = snapshot.files.get(path);
  if (file?.content.equals(after)) return [];
  return [{ kind: "write", path, before: file?.content, after, owner: file ?? ownerOfNew }];
}

export function deletion(snapshot: Snapshot, path: string): Change {
  const file = snapshot.files.get(path);
  if (file === undefined) throw new Error(`${path} is not there to be deleted`);
  return { kind: "delete", path, before: file.content, owner: file };
}

/** The owner of the nearest existing folder: if Asterisk can read its neighbours, it can read ours. */
function ownerOfFolder(snapshot: Snapshot, path: string): Ownership {
  return snapshot.folders.get(path) ?? (path === "/" ? snapshot.runBy : ownerOfFolder(snapshot, dirname(path)));
}

/**
 * Owner and mode of a new file: those of a neighbouring configuration file, or else of its folder without the execute
 * bits.
 */
function ownerOfNewFile(snapshot: Snapshot, path: string): Ownership {
  const { etc } = snapshot.directories;
  const neighbours = path.startsWith(`${etc}/`) ? Object.values(adminFiles).map((name) => join(etc, name)) : [];
  const model = neighbours.map((one) => snapshot.files.get(one)).find(Boolean);
  if (model) return model;
  const folder = ownerOfFolder(snapshot, dirname(path));
  return { ...folder, mode: folder.mode & 0o666 };
}
