import type { FileState } from "../../asterisk/files.ts";
import { type Change, writeUnlessSame } from "./change.ts";
import { digest, type Manifest } from "./manifest.ts";
import { editedEnding, type Snapshot } from "./snapshot.ts";

export interface KeptBeside {
  readonly copies: readonly Change[];
  readonly notes: readonly string[];
  /** The files that are backed up. */
  readonly replaced: ReadonlySet<string>;
  /** For the manifest: the backups of files that were never ours. */
  readonly displaced: Manifest["displaced"];
}

/**
 * Backs up files that we would overwrite but did not write, as NAME.edited. If it was ours and somebody edited it, the
 * copy stays; if it was there before us, uninstall restores it.
 *
 * @param paths our files that are rewritten or removed
 */
export function keptBeside(
  snapshot: Snapshot,
  previous: Manifest,
  paths: ReadonlyMap<string, Buffer | undefined>,
): KeptBeside {
  const kept = [...paths].flatMap(([path, after]) => {
    const file = snapshot.files.get(path);
    if (file === undefined || after?.equals(file.content)) return [];
    if (previous.made[path] === digest(file.content)) return [];
    const isDisplaced = !(path in previous.made);
    const beside = freeName(snapshot, `${path}${editedEnding}`, isDisplaced ? undefined : file.content);
    return [{ path, beside, isDisplaced, file, copies: writeUnlessSame(snapshot, beside, file.content, file) }];
  });
  const notes = kept.flatMap(({ beside, isDisplaced, path, copies }) => {
    if (copies.length === 0) return [];
    if (isDisplaced)
      return [`${beside} keeps the file that was in the place of ours: uninstall gives it back as ${path}.`];
    return [`${beside} keeps what somebody wrote into our file.`];
  });
  const displaced = kept.filter(({ isDisplaced }) => isDisplaced);
  return {
    copies: kept.flatMap(({ copies }) => copies),
    notes,
    replaced: new Set(kept.map(({ path }) => path)),
    displaced: Object.fromEntries(displaced.map(({ beside, file }) => [beside, digest(file.content)])),
  };
}

/** A file that was there before ours, and the path of its backup. */
export interface Returning {
  readonly path: string;
  readonly beside: string;
  readonly file: FileState;
}

/** The backups to restore: neither the backup nor the file in its place was edited. */
export function returning(snapshot: Snapshot, { made, displaced }: Manifest): Returning[] {
  const all = Object.entries(displaced).flatMap(([beside, sha256]) => {
    const file = snapshot.files.get(beside);
    const path = beside.slice(0, beside.lastIndexOf(editedEnding));
    const now = snapshot.files.get(path);
    if (file === undefined || digest(file.content) !== sha256) return [];
    return now === undefined || digest(now.content) === made[path] ? [[path, { path, beside, file }] as const] : [];
  });
  return [...new Map(all).values()];
}

/** A name that is free or, if a content is given, belongs to a file with that content. */
function freeName(snapshot: Snapshot, name: string, content?: Buffer): string {
  const isFree = (one: string) => {
    const file = snapshot.files.get(one);
    return file === undefined || content?.equals(file.content) === true;
  };
  let free = name;
  for (let more = 2; !isFree(free); more++) free = `${name}-${more}`;
  return free;
}
