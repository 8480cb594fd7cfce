import { dirname } from "node:path";
import { soundFolder } from "../../contract/names.ts";
import { markedFiles } from "./admin-files.ts";
import { type Change, deletion } from "./change.ts";
import { type Manifest, readManifest } from "./manifest.ts";
import { editedEnding, formerState, type Snapshot } from "./snapshot.ts";

/*
 * Older versions kept the manifest and the journal beside Asterisk's data, where Asterisk's user may write. The manifest moves once
 * to the new place, and only entries that we could have made are believed. The journal is never rolled back.
 */

/** Whether there is an old manifest to move. Once there is a new one, the old one is ignored. */
export function hasFormer({ files, paths }: Snapshot): boolean {
  return paths.former !== undefined && !files.has(paths.manifest) && files.has(formerState(paths.former).manifest);
}

/** Adds the former manifest's entries to what the files themselves tell. */
export function withFormer(snapshot: Snapshot, recovered: Manifest): Manifest {
  const former = hasFormer(snapshot) ? readable(snapshot) : undefined;
  if (former === undefined) return recovered;
  const { folders, paths } = snapshot;
  const made = Object.entries(former.made).filter(([path]) => isOurs(path, snapshot));
  const displaced = Object.entries(former.displaced).filter(([path]) => isBesideOurs(path, snapshot));
  const isOurFolder = (path: string) => path === paths.own || isSoundFolder(path, snapshot);
  return {
    ...recovered,
    made: { ...recovered.made, ...Object.fromEntries(made) },
    folders: [...new Set([...recovered.folders, ...former.folders.filter(isOurFolder)])]
      .filter((path) => folders.has(path))
      .sort()
      .reverse(),
    displaced: Object.fromEntries(displaced),
  };
}

function readable({ files, paths }: Snapshot): Manifest | undefined {
  const { manifest } = formerState(paths.former as string);
  try {
    return readManifest(files.get(manifest)?.content.toString(), manifest);
  } catch {
    return undefined;
  }
}

/** Whether we may have made this file: the settings, files in our folders, and admin's files that contain only our line. */
function isOurs(path: string, snapshot: Snapshot): boolean {
  const { paths } = snapshot;
  if (path === paths.settings || dirname(path) === paths.own) return true;
  if (path.endsWith(".gsm") && path.endsWith(`/${soundFolder}/${path.replace(/.*\//, "")}`))
    return isSoundFolder(dirname(path), snapshot);
  return markedFiles(snapshot).some((file) => file.path === path && file.text !== "" && file.unmarked === "");
}

function isBesideOurs(path: string, { paths }: Snapshot): boolean {
  return dirname(path) === paths.own && new RegExp(`\\${editedEnding}(-\\d+)?$`).test(path);
}

/** Whether this is one of the sound folders in the snapshot. */
function isSoundFolder(path: string, { paths, folders }: Snapshot): boolean {
  return folders.has(path) && `${path}/`.startsWith(`${paths.sounds}/`);
}

export function withoutFormer(snapshot: Snapshot): Change[] {
  const { former } = snapshot.paths;
  if (former === undefined || !hasFormer(snapshot)) return [];
  const owner = snapshot.folders.get(former);
  const folder: Change[] = owner ? [{ kind: "remove folder", path: former, owner }] : [];
  return [deletion(snapshot, formerState(former).manifest), ...folder];
}

/** Tells the admin about an old journal, and what to do. */
export function formerJournal({ paths, folders }: Snapshot): { seen: string; remedy: string } | undefined {
  const journal = paths.former && formerState(paths.former).journal;
  if (journal === undefined || !folders.has(journal)) return undefined;
  return {
    seen:
      `${journal} is ignored, because others than root may write there. ` +
      "Either a run of an older version was killed, or somebody else has put it there.",
    remedy: "Compare the copies in it with your files, then remove it.",
  };
}

export function formerNotes(snapshot: Snapshot): string[] {
  const journal = formerJournal(snapshot);
  const manifest = hasFormer(snapshot) && readable(snapshot) === undefined;
  return [
    ...(journal ? [`${journal.seen} ${journal.remedy}`] : []),
    ...(manifest
      ? [
          `${formerState(snapshot.paths.former as string).manifest} cannot be read as our manifest and is ignored: ` +
            "the files themselves tell what is installed.",
        ]
      : []),
  ];
}
