import { dirname, join } from "node:path";
import type { Ownership } from "../asterisk/files.ts";
import type { Settings } from "../settings/model.ts";
import { generatedFiles, loaderBlock, type Shipped, soundPath } from "./generated.ts";
import { digest, emptyManifest, type Manifest, readManifest, writeManifest } from "./manifest.ts";
import { withBlock, withLine, withoutBlock, withoutLine } from "./marks.ts";
import { reloadsFor } from "./reloads.ts";
import { adminFiles, type Scene } from "./scene.ts";

/** One thing to do on disk. The diff, the dry run and the run itself are all made from the same list of these. */
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

export interface Plan {
  readonly changes: readonly Change[];
  /** CLI commands, in their order. */
  readonly reloads: readonly string[];
  /** What is left as it is though it was ours, for a reason the admin should read. */
  readonly notes: readonly string[];
}

const includes: Readonly<Record<string, string>> = {
  [adminFiles.features]: '#tryinclude "smart_transfer.d/features.conf"',
  [adminFiles.pjsip]: '#tryinclude "smart_transfer.d/pjsip-*.conf"',
};

/** From what is there and a text of smart_transfer.conf to what must change. */
export function planInstall(
  scene: Scene,
  settingsText: string,
  settings: Settings,
  shipped: Shipped,
  languages: readonly string[],
): Plan {
  const { etc, data } = scene.directories;
  const wanted = new Map<string, Buffer>();
  wanted.set(scene.paths.settings, bytes(settingsText));
  for (const [name, text] of generatedFiles(settings, shipped)) wanted.set(join(scene.paths.own, name), bytes(text));
  for (const language of languages) {
    for (const [file, sound] of Object.entries(shipped.sounds[language] ?? {}))
      wanted.set(soundPath(data, language, file), sound);
  }
  const marked = new Map<string, Buffer>();
  for (const [name, line] of Object.entries(includes)) {
    const path = join(etc, name);
    marked.set(path, bytes(withLine(textOf(scene, path), line)));
  }
  const lua = join(etc, adminFiles.lua);
  marked.set(lua, bytes(withBlock(textOf(scene, lua), loaderBlock(join(scene.paths.own, "dialplan.lua")))));

  const previous = previousManifest(scene);
  const stale = Object.keys(previous.made).filter(
    (path) => !wanted.has(path) && !marked.has(path) && scene.files.has(path),
  );
  const folders = foldersToMake(scene, [...wanted.keys(), scene.paths.manifest]);
  const manifest = nextManifest(scene, previous, shipped.version, wanted, marked, folders);
  wanted.set(scene.paths.manifest, bytes(writeManifest(manifest)));
  const changes = [
    ...folders.map((path): Change => ({ kind: "make folder", path, owner: ownerOfFolder(scene, path) })),
    // The admin's files last: until then nothing that was written is in use.
    ...[...wanted, ...marked].flatMap(([path, after]) => writeUnlessSame(scene, path, after)),
    ...stale.map((path) => deletion(scene, path)),
  ];
  return { changes, reloads: reloadsFor(changes, scene), notes: [] };
}

/** The reverse: everything of ours goes, where nobody edited it since. */
export function planUninstall(scene: Scene): Plan {
  const manifest = previousManifest(scene);
  const notes: string[] = [];
  const changes: Change[] = [];
  for (const path of adminPaths(scene)) {
    const file = scene.files.get(path);
    if (file === undefined) continue;
    const text = file.content.toString("latin1");
    const line = includes[path.slice(path.lastIndexOf("/") + 1)];
    const left = line === undefined ? withoutBlock(text) : withoutLine(text, line);
    if (left === "" && path in manifest.made) changes.push(deletion(scene, path));
    else changes.push(...writeUnlessSame(scene, path, bytes(left)));
  }
  const admins = new Set(adminPaths(scene));
  const kept = new Set<string>();
  for (const [path, sha256] of Object.entries(manifest.made)) {
    const file = scene.files.get(path);
    if (admins.has(path) || file === undefined) continue;
    if (digest(file.content) === sha256) {
      changes.push(deletion(scene, path));
    } else {
      kept.add(dirname(path));
      notes.push(`${path} was edited since the install and is left where it is.`);
    }
  }
  if (scene.files.has(scene.paths.manifest)) changes.push(deletion(scene, scene.paths.manifest));
  for (const path of manifest.folders) {
    const owner = scene.folders.get(path);
    if (owner && !kept.has(path)) changes.push({ kind: "remove folder", path, owner });
  }
  return { changes, reloads: reloadsFor(changes, scene), notes };
}

/** Does the admin's file carry our line or block? */
export function isMarked(scene: Scene, name: string): boolean {
  const text = textOf(scene, join(scene.directories.etc, name));
  const line = includes[name];
  return text !== (line === undefined ? withoutBlock(text) : withoutLine(text, line));
}

/** Is anything of ours here? */
export function isInstalled(scene: Scene): boolean {
  return scene.files.has(scene.paths.manifest) || Object.values(adminFiles).some((name) => isMarked(scene, name));
}

function previousManifest(scene: Scene): Manifest {
  return readManifest(scene.files.get(scene.paths.manifest)?.content.toString(), scene.paths.manifest);
}

function nextManifest(
  scene: Scene,
  previous: Manifest,
  version: string,
  wanted: ReadonlyMap<string, Buffer>,
  marked: ReadonlyMap<string, Buffer>,
  newFolders: readonly string[],
): Manifest {
  const isOurs = (path: string) => path in previous.made || !scene.files.has(path);
  const made = [...wanted, ...marked]
    .filter(([path]) => isOurs(path))
    .map(([path, content]) => [path, digest(content)] as const);
  return {
    ...emptyManifest,
    version,
    made: Object.fromEntries(made),
    marked: [...marked.keys()],
    folders: [...new Set([...previous.folders, ...newFolders.toReversed()])],
  };
}

function adminPaths(scene: Scene): string[] {
  return Object.values(adminFiles).map((name) => join(scene.directories.etc, name));
}

/** Every folder on the way to these files that is not there, outermost first. */
function foldersToMake(scene: Scene, paths: readonly string[]): string[] {
  const missing = new Set<string>();
  const visit = (folder: string): void => {
    if (scene.folders.has(folder) || missing.has(folder) || folder === dirname(folder)) return;
    visit(dirname(folder));
    missing.add(folder);
  };
  for (const path of paths) visit(dirname(path));
  return [...missing];
}

function writeUnlessSame(scene: Scene, path: string, after: Buffer): Change[] {
  const file = scene.files.get(path);
  if (file?.content.equals(after)) return [];
  return [{ kind: "write", path, before: file?.content, after, owner: file ?? ownerOfNewFile(scene, path) }];
}

function deletion(scene: Scene, path: string): Change {
  const file = scene.files.get(path);
  if (file === undefined) throw new Error(`${path} is not there to be deleted`);
  return { kind: "delete", path, before: file.content, owner: file };
}

/** As the nearest folder that is there: Asterisk can read ours when it can read what lies beside them. */
function ownerOfFolder(scene: Scene, path: string): Ownership {
  return scene.folders.get(path) ?? ownerOfFolder(scene, dirname(path));
}

/** New configuration looks like what lies beside it; anything else like its folder, without the right to execute. */
function ownerOfNewFile(scene: Scene, path: string): Ownership {
  const { etc } = scene.directories;
  const model = path.startsWith(`${etc}/`)
    ? adminPaths(scene)
        .map((one) => scene.files.get(one))
        .find(Boolean)
    : undefined;
  if (model) return model;
  const folder = ownerOfFolder(scene, dirname(path));
  return { ...folder, mode: folder.mode & 0o666 };
}

/** Files are handled as Latin-1, in which every byte is a character: whatever their real encoding, no byte is lost. */
function textOf(scene: Scene, path: string): string {
  return scene.files.get(path)?.content.toString("latin1") ?? "";
}

function bytes(text: string): Buffer {
  return Buffer.from(text, "latin1");
}
