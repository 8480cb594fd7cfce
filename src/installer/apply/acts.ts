import type { FileSystem } from "../../asterisk/files.ts";
import { Problem } from "../../terminal/problem.ts";
import type { Change } from "../plan/change.ts";
import { digest } from "../plan/manifest.ts";
import { deleteFile, ignoring, makeFolder, removeFile, removeFolder, temporaryOf, writeWhole } from "./atomic.ts";
import { type Entry, type Journal, savedCopy } from "./journal.ts";

/** Carries out one change. */
export async function act(change: Change, system: FileSystem): Promise<void> {
  const path = await system.resolve(change.path);
  switch (change.kind) {
    case "make folder":
      return makeFolder(path, change.owner);
    case "write":
      return writeWhole(path, change.after, change.owner);
    case "delete":
      return deleteFile(path);
    case "remove folder":
      await removeFolder(path);
  }
}

/** Throws if the file or folder has changed since we read it, so that nobody's edit is overwritten. */
export async function expectUnchanged(change: Change, system: FileSystem): Promise<void> {
  if (change.kind === "remove folder") return;
  const same =
    change.kind === "make folder"
      ? (await system.ownership(change.path)) === undefined
      : isSame(change.before, (await system.read(change.path))?.content);
  if (!same) throw new Problem(`${change.path} was changed by somebody else in this very moment.`, "Run this again.");
}

function isSame(one: Buffer | undefined, other: Buffer | undefined): boolean {
  return one === undefined || other === undefined ? one === other : one.equals(other);
}

/**
 * Reverses one change, whether it was complete, partial or never begun. May run repeatedly. Keeps what somebody else
 * did to the file meanwhile, and returns a note about it.
 */
export async function undo(journal: Journal, number: number, system: FileSystem): Promise<string | undefined> {
  const entry = journal.entries[number] as Entry;
  const path = await system.resolve(entry.path);
  switch (entry.kind) {
    case "make folder":
      return (await removeFolder(path)) ? undefined : `${entry.path} has something of somebody else's in it and stays.`;
    case "remove folder":
      await makeFolder(path, entry).catch(ignoring("EEXIST"));
      return undefined;
    case "write":
    case "delete": {
      await removeFile(temporaryOf(path));
      const now = digestOf((await system.read(entry.path))?.content);
      if (now === entry.before) return undefined;
      if (now !== undefined && now !== entry.after) return `${entry.path} was edited meanwhile and is left as it is.`;
      if (entry.before === undefined) await deleteFile(path);
      else await writeWhole(path, await savedCopy(journal, number, entry), entry);
    }
  }
  return undefined;
}

function digestOf(content: Buffer | undefined): string | undefined {
  return content && digest(content);
}
