import { type FileHandle, open, rename, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Ownership } from "../asterisk/files.ts";

/**
 * Puts a file in place whole: readers see the old content or the new, never half of it, and it survives a power cut.
 * Owner, group and mode are set before the file gets its name.
 */
export async function writeWhole(file: string, content: Buffer, owner: Ownership): Promise<void> {
  const temporary = join(dirname(file), `.smart-transfer-${process.pid}.tmp`);
  const handle = await open(temporary, "w", 0o600);
  try {
    await handle.writeFile(content);
    await own(handle, owner);
    await handle.sync();
    await handle.close();
    await rename(temporary, file);
  } catch (error) {
    await handle.close().catch(() => {});
    await unlink(temporary).catch(() => {});
    throw error;
  }
  await syncFolder(dirname(file));
}

/** Only what differs is set: an ordinary user may not even repeat an owner. Mode last, since chown clears set-id bits. */
async function own(handle: FileHandle, { uid, gid, mode }: Ownership): Promise<void> {
  const now = await handle.stat();
  if (now.uid !== uid || now.gid !== gid) await handle.chown(uid, gid);
  await handle.chmod(mode);
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
