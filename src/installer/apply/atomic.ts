import { constants } from "node:fs";
import { chmod, chown, type FileHandle, lstat, mkdir, open, rename, rmdir, stat, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { execa } from "execa";
import type { Ownership } from "../../asterisk/files.ts";

/**
 * The name of a file while it is being written. Nothing includes it, and leftovers of a killed run can be recognized.
 */
export function temporaryOf(file: string): string {
  return join(dirname(file), `.${basename(file)}.smart-transfer`);
}

/**
 * Writes a file atomically: readers see the old content or the new, never a part, and it survives a power failure.
 * Owner, group, mode and the other attributes of the replaced file are set before the rename.
 */
export async function writeWhole(file: string, content: Buffer, owner: Ownership): Promise<void> {
  const temporary = temporaryOf(file);
  await removeFile(temporary);
  try {
    await writeSynced(temporary, content, owner, await likeness(file, temporary));
    await rename(temporary, file);
  } catch (error) {
    await unlink(temporary).catch(() => {});
    throw error;
  }
  await syncFolder(dirname(file));
}

/**
 * Creates an empty file with the access list, SELinux label and extended attributes of another file. Node cannot read
 * those, GNU cp can. Without GNU cp, owner and mode must suffice.
 */
async function likeness(file: string, copy: string): Promise<boolean> {
  if (!(await exists(file))) return false;
  const made = await execa("cp", ["--archive", "--attributes-only", "--", file, copy], {
    reject: false,
    stdio: "ignore",
  });
  if (made.failed) await removeFile(copy);
  return !made.failed;
}

async function writeSynced(file: string, content: Buffer, owner: Ownership, exists: boolean): Promise<void> {
  // Do not follow a link that somebody created there.
  const { O_WRONLY, O_NOFOLLOW, O_CREAT, O_EXCL } = constants;
  const handle = await open(file, O_WRONLY | O_NOFOLLOW | (exists ? 0 : O_CREAT | O_EXCL), 0o600);
  try {
    await handle.writeFile(content);
    await own(handle, owner);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Sets only what differs: an ordinary user may not even set the same owner again. The mode comes last, because chown
 * clears the set-id bits.
 */
async function own(handle: FileHandle, { uid, gid, mode }: Ownership): Promise<void> {
  const before = await handle.stat();
  if (before.uid !== uid || before.gid !== gid) await handle.chown(uid, gid);
  const now = await handle.stat();
  if ((now.mode & 0o7777) !== mode) await handle.chmod(mode);
}

export async function deleteFile(file: string): Promise<void> {
  await unlink(file);
  await syncFolder(dirname(file));
}

export async function makeFolder(path: string, { uid, gid, mode }: Ownership): Promise<void> {
  await mkdir(path);
  const now = await stat(path);
  if (now.uid !== uid || now.gid !== gid) await chown(path, uid, gid);
  await chmod(path, mode);
  await syncFolder(dirname(path));
}

/** Removes an empty folder. Returns whether it is gone; it stays if somebody else put something in it. */
export async function removeFolder(path: string): Promise<boolean> {
  if (!(await exists(path))) return true;
  try {
    await rmdir(path);
    return true;
  } catch (error) {
    ignoring("ENOTEMPTY")(error as NodeJS.ErrnoException);
    return false;
  }
}

export async function removeFile(file: string): Promise<void> {
  if (await exists(file)) await unlink(file);
}

/** Checked first, because a read-only file system even refuses to remove what does not exist. */
async function exists(path: string): Promise<boolean> {
  return (await lstat(path).catch(ignoring("ENOENT", "ENOTDIR"))) !== undefined;
}

/** Makes a rename in this folder permanent. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** For `catch`: treats these error codes as success. */
export function ignoring(...codes: readonly string[]): (error: NodeJS.ErrnoException) => undefined {
  return (error) => {
    if (!codes.includes(error.code ?? "")) throw error;
    return undefined;
  };
}
