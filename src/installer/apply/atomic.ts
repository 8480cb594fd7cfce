import { constants } from "node:fs";
import { chmod, chown, type FileHandle, lstat, mkdir, open, rename, rmdir, stat, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { execa } from "execa";
import type { Ownership } from "../../asterisk/files.ts";

/** What a file is called while it is written: nobody includes it, and what a killed run leaves is known again. */
export function temporaryOf(file: string): string {
  return join(dirname(file), `.${basename(file)}.smart-transfer`);
}

/**
 * Puts a file in place whole: readers see the old content or the new, never half of it, and it survives a power cut.
 * Owner, group and mode, and what else was said about the file that it replaces, are there before it gets its name.
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
 * Makes an empty file that has the access list, the SELinux label and the extended attributes of another, which Node cannot
 * read and GNU cp can. Where there is no such cp, owner and mode must do.
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
  // Never through a link that somebody laid there.
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

/** Only what differs is set: an ordinary user may not even repeat an owner. Mode last, since chown clears set-id bits. */
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

/** Whether it is gone: something of somebody else's in it is a reason to leave it. */
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

/** A read-only file system refuses to remove even what is not there. */
async function exists(path: string): Promise<boolean> {
  return (await lstat(path).catch(ignoring("ENOENT", "ENOTDIR"))) !== undefined;
}

/** A rename lasts once its folder is on disk. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** For `catch`: these are as good as success. */
export function ignoring(...codes: readonly string[]): (error: NodeJS.ErrnoException) => undefined {
  return (error) => {
    if (!codes.includes(error.code ?? "")) throw error;
    return undefined;
  };
}
