import type { Disk, Place } from "../../asterisk/files.ts";
import { Problem } from "../../terminal/problem.ts";
import type { Change } from "../plan/change.ts";
import { digest } from "../plan/manifest.ts";
import { deleteFile, ignoring, makeFolder, removeFolder, removeTemporary, writeWhole } from "./atomic.ts";
import { type Entry, type Journal, savedCopy } from "./journal.ts";

/** Makes one change. */
export function makeChange(change: Change, disk: Disk): Promise<unknown> {
  return disk.at<unknown>(change.path, (place) => {
    switch (change.kind) {
      case "make folder":
        return makeFolder(place, change.owner);
      case "write":
        return writeWhole(place, change.after, change.owner);
      case "delete":
        return deleteFile(place);
      case "remove folder":
        return removeFolder(place);
    }
  });
}

/** Fails if a change would be refused: a link of somebody else's leads there. Its folder may not exist yet. */
export async function expectReachable({ path }: Change, disk: Disk): Promise<void> {
  await disk.at(path, async () => {}).catch(ignoring("ENOENT"));
}

/** Fails if the file or folder has changed since we read it, so that nobody's edit is overwritten. */
export async function expectUnchanged(change: Change, disk: Disk): Promise<void> {
  if (change.kind === "remove folder") return;
  const same =
    change.kind === "make folder"
      ? (await disk.ownership(change.path)) === undefined
      : isSame(change.before, (await disk.read(change.path))?.content);
  if (!same) throw new Problem(`Somebody else has just changed ${change.path}.`, "Run this again.");
}

function isSame(one: Buffer | undefined, other: Buffer | undefined): boolean {
  return one === undefined || other === undefined ? one === other : one.equals(other);
}

/**
 * Reverses one change, whether it was complete, partial or never begun. May run repeatedly. Keeps what somebody else
 * did to the file meanwhile, and returns a note about it.
 */
export async function undoChange(journal: Journal, number: number, disk: Disk): Promise<string | undefined> {
  const entry = journal.entries[number] as Entry;
  try {
    return await disk.at(entry.path, (place) => undoChangeAt(place, journal, number, disk));
  } catch (error) {
    // If its folder was not made or is gone again, nothing of ours is left to remove.
    if (entry.before !== undefined || entry.kind === "remove folder") throw error;
    return ignoring("ENOENT")(error as NodeJS.ErrnoException);
  }
}

async function undoChangeAt(place: Place, journal: Journal, number: number, disk: Disk): Promise<string | undefined> {
  const entry = journal.entries[number] as Entry;
  switch (entry.kind) {
    case "make folder":
      return (await removeFolder(place))
        ? undefined
        : `${entry.path} stays, because somebody else has put something into it.`;
    case "remove folder":
      await makeFolder(place, entry).catch(ignoring("EEXIST"));
      return undefined;
    case "write":
    case "delete": {
      await removeTemporary(place);
      const now = digestOf((await disk.read(entry.path))?.content);
      if (now === entry.before) return undefined;
      if (now !== undefined && now !== entry.after)
        return `${entry.path} stays as it is, because somebody has edited it meanwhile.`;
      if (entry.before === undefined) await deleteFile(place);
      else await writeWhole(place, await savedCopy(journal, number, entry), entry);
    }
  }
  return undefined;
}

function digestOf(content: Buffer | undefined): string | undefined {
  return content && digest(content);
}
