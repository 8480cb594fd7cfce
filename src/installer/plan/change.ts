import { dirname, join } from "node:path";
import type { Ownership } from "../../asterisk/files.ts";
import { adminFiles, type Scene } from "./scene.ts";

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
export function foldersToMake(scene: Scene, paths: readonly string[]): string[] {
  const missing = new Set<string>();
  const visit = (folder: string): void => {
    if (scene.folders.has(folder) || missing.has(folder) || folder === dirname(folder)) return;
    visit(dirname(folder));
    missing.add(folder);
  };
  for (const path of paths) visit(dirname(path));
  return [...missing];
}

export function newFolder(scene: Scene, path: string): Change {
  return { kind: "make folder", path, owner: ownerOfFolder(scene, path) };
}

export function writeUnlessSame(
  scene: Scene,
  path: string,
  after: Buffer,
  ownerOfNew: Ownership = ownerOfNewFile(scene, path),
): Change[] {
  const file = scene.files.get(path);
  if (file?.content.equals(after)) return [];
  return [{ kind: "write", path, before: file?.content, after, owner: file ?? ownerOfNew }];
}

export function deletion(scene: Scene, path: string): Change {
  const file = scene.files.get(path);
  if (file === undefined) throw new Error(`${path} is not there to be deleted`);
  return { kind: "delete", path, before: file.content, owner: file };
}

/** The owner of the nearest existing folder: if Asterisk can read its neighbours, it can read ours. */
function ownerOfFolder(scene: Scene, path: string): Ownership {
  return scene.folders.get(path) ?? (path === "/" ? whoRunsThis() : ownerOfFolder(scene, dirname(path)));
}

/** The manifest may lie far from Asterisk's folders. */
function whoRunsThis(): Ownership {
  return { uid: process.geteuid?.() ?? 0, gid: process.getegid?.() ?? 0, mode: 0o700 };
}

/**
 * Owner and mode of a new file: those of a neighbouring configuration file, or else of its folder without the execute
 * bits.
 */
function ownerOfNewFile(scene: Scene, path: string): Ownership {
  const { etc } = scene.directories;
  const neighbours = path.startsWith(`${etc}/`) ? Object.values(adminFiles).map((name) => join(etc, name)) : [];
  const model = neighbours.map((one) => scene.files.get(one)).find(Boolean);
  if (model) return model;
  const folder = ownerOfFolder(scene, dirname(path));
  return { ...folder, mode: folder.mode & 0o666 };
}
