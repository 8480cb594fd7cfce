import { join } from "node:path";
import type { Settings } from "../settings/model.ts";
import { isMarked, markedFiles, requireWholeBlocks } from "./admin-files.ts";
import { type Change, deletion, foldersToMake, newFolder, writeUnlessSame } from "./change.ts";
import { formerNotes, hasFormer, withFormer, withoutFormer } from "./former.ts";
import { dialplanFileName, generatedFiles, type Shipped, soundPath } from "./generated.ts";
import { keptBeside, returning } from "./kept.ts";
import { loaderBlock } from "./loader-block.ts";
import { digest, type Manifest, readManifest, writeManifest } from "./manifest.ts";
import type { Plan } from "./phases.ts";
import { recoveredManifest } from "./recovery.ts";
import { letsBegin, reloadsFor } from "./reloads.ts";
import { editedEnding, type Snapshot, whereNeeded } from "./snapshot.ts";

export { isMarked } from "./admin-files.ts";
export type { Change } from "./change.ts";
export { changesAnything, type Plan } from "./phases.ts";

/** Findings of the preflight that change the plan. */
export interface PlanOptions {
  readonly notes?: readonly string[];
  /** Modules that our own modules.conf must load. */
  readonly loads?: readonly string[];
  /** logger.conf gets our line, so that what became of transfers is logged. Where it has the line, it keeps it. */
  readonly logs?: boolean;
  /** The settings come from another file, and replace the existing ones. */
  readonly isReplaced?: boolean;
}

/** Plans an install: the changes from the PBX's files to those that a smart_transfer.conf requires. */
export function planInstall(
  snapshot: Snapshot,
  settingsText: string,
  settings: Settings,
  shipped: Shipped,
  languages: readonly string[],
  { notes = [], loads = [], logs = false, isReplaced = false }: PlanOptions = {},
): Plan {
  requireWholeBlocks(snapshot);
  const { paths, directories } = snapshot;
  const wanted = new Map<string, Buffer>();
  wanted.set(paths.settings, bytes(settingsText));
  const own = generatedFiles(settings, shipped, snapshot, loads);
  for (const [name, text] of own) wanted.set(join(paths.own, name), bytes(text));
  for (const language of languages) {
    for (const [file, sound] of Object.entries(shipped.sounds[language] ?? {}))
      wanted.set(soundPath(directories.data, language, file), sound);
  }
  const block = loaderBlock(join(paths.own, dialplanFileName), settings.nodes.length > 0);
  const previous = previousManifest(snapshot, shipped.sounds);
  const { logger } = whereNeeded;
  const files = markedFiles(snapshot, [...own.keys()], logs || isMarked(snapshot, logger) ? [logger] : []);
  const marked = new Map(
    files
      .map((file) => [file.path, file.marked(block)] as const)
      // We created this file only for our line. Without the line it goes too.
      .filter(([path, text]) => text !== "" || !(path in previous.made))
      .map(([path, text]) => [path, bytes(text)]),
  );
  const stale = Object.keys(previous.made).filter(
    (path) => !wanted.has(path) && !marked.has(path) && snapshot.files.has(path),
  );
  // Not the manifest's folder: apply creates and removes it, because the journal is there too.
  const folders = foldersToMake(snapshot, [...wanted.keys()]);
  // Our settings start from the existing ones, including edits. So no backup, unless another file replaces them.
  const replaced = [...wanted].filter(([path]) => isReplaced || path !== paths.settings);
  const gone = stale.map((path) => [path, undefined] as const);
  const kept = keptBeside(snapshot, previous, new Map([...replaced, ...gone]));
  const isOurs = (path: string) => path in previous.made || kept.replaced.has(path) || !snapshot.files.has(path);
  const manifest = nextManifest(
    previous,
    shipped.version,
    new Map([...wanted, ...marked].filter(([path]) => isOurs(path))),
    files.filter((file) => file.marked(block) !== file.unmarked).map(({ path }) => path),
    folders,
    kept.displaced,
  );
  wanted.set(paths.manifest, bytes(writeManifest(manifest)));
  const changes = [
    ...folders.map((path) => newFolder(snapshot, path)),
    ...kept.copies,
    // The admin's files last: until then Asterisk uses nothing of what was written.
    ...[...wanted, ...marked].flatMap(([path, after]) => writeUnlessSame(snapshot, path, after)),
    ...stale.map((path) => deletion(snapshot, path)),
    ...withoutFormer(snapshot),
  ];
  return {
    changes,
    reloads: reloadsFor(changes, snapshot, "install"),
    notes: [...notes, ...kept.notes, ...formerNotes(snapshot)],
  };
}

/**
 * Plans an uninstall: removes everything of ours that nobody edited. First goes what lets people begin a transfer; the
 * rest stays until the running transfers have ended.
 */
export function planUninstall(snapshot: Snapshot, sounds: Shipped["sounds"] = {}): Plan {
  requireWholeBlocks(snapshot);
  const manifest = previousManifest(snapshot, sounds);
  const notes: string[] = [];
  const changes: Change[] = [];
  const admins = markedFiles(snapshot).filter(({ path }) => snapshot.files.has(path));
  for (const { path, unmarked } of admins) {
    if (unmarked === "" && path in manifest.made) changes.push(deletion(snapshot, path));
    else changes.push(...writeUnlessSame(snapshot, path, bytes(unmarked)));
  }
  const returned = returning(snapshot, manifest);
  for (const { path, beside, file } of returned)
    changes.push(...writeUnlessSame(snapshot, path, file.content, file), deletion(snapshot, beside));
  const isSettled = (path: string) => [...admins, ...returned].some((one) => one.path === path);
  for (const [path, sha256] of Object.entries(manifest.made)) {
    const file = snapshot.files.get(path);
    if (file === undefined || isSettled(path)) continue;
    if (digest(file.content) === sha256) changes.push(deletion(snapshot, path));
    else notes.push(`${path} stays, because somebody has edited it since the install.`);
  }
  const isKept = (path: string) =>
    path.includes(editedEnding) && !(path in manifest.made) && !returned.some(({ beside }) => beside === path);
  const kept = [...snapshot.files.keys()].filter(isKept);
  notes.push(...kept.map((path) => `${path} stays, because we did not make it.`));
  const { settings, manifest: manifestPath } = snapshot.paths;
  changes.push(...withoutFormer(snapshot));
  notes.push(...formerNotes(snapshot));
  if (snapshot.files.has(manifestPath)) changes.push(deletion(snapshot, manifestPath));
  else if (!(settings in manifest.made) && manifest.marked.length > 0 && snapshot.files.has(settings))
    notes.push(`${settings} stays: without ${manifestPath} nobody knows whether it was edited.`);

  const deleted = new Set(changes.filter(({ kind }) => kind === "delete").map(({ path }) => path));
  const staying = [...snapshot.files.keys(), ...returned.map(({ path }) => path)].filter((path) => !deleted.has(path));
  for (const path of manifest.folders) {
    const owner = snapshot.folders.get(path);
    const isEmpty = !staying.some((one) => one.startsWith(`${path}/`));
    if (owner && isEmpty) changes.push({ kind: "remove folder", path, owner });
  }
  const reloads = reloadsFor(changes, snapshot, "uninstall");
  const isFirst = (change: Change) => letsBegin(change, snapshot);
  const first = changes.filter(isFirst);
  return {
    changes: [...first, ...changes.filter((change) => !isFirst(change))],
    reloads,
    pause: { changes: first.length, reloads: reloadsFor(first, snapshot, "uninstall").length },
    notes,
  };
}

/** Whether anything of ours is on this PBX. */
export function isInstalled(snapshot: Snapshot): boolean {
  return (
    snapshot.files.has(snapshot.paths.manifest) ||
    hasFormer(snapshot) ||
    markedFiles(snapshot).some(({ text, unmarked }) => text !== unmarked)
  );
}

function previousManifest(snapshot: Snapshot, sounds: Shipped["sounds"]): Manifest {
  const file = snapshot.files.get(snapshot.paths.manifest);
  if (file) return readManifest(file.content.toString(), snapshot.paths.manifest);
  return withFormer(snapshot, recoveredManifest(snapshot, sounds));
}

function nextManifest(
  previous: Manifest,
  version: string,
  ours: ReadonlyMap<string, Buffer>,
  marked: readonly string[],
  newFolders: readonly string[],
  displaced: Manifest["displaced"],
): Manifest {
  const made = [...ours].map(([path, content]) => [path, digest(content)] as const);
  // A folder sorts before its contents.
  const folders = [...new Set([...previous.folders, ...newFolders])].sort().reverse();
  return {
    version,
    made: Object.fromEntries(made),
    marked,
    folders,
    displaced: { ...previous.displaced, ...displaced },
  };
}

/** Texts of the admin's files are read and written as latin1: each byte stays as it is, in any encoding. */
function bytes(text: string): Buffer {
  return Buffer.from(text, "latin1");
}
