import { constants } from "node:fs";
import { type FileHandle, lstat, mkdir, open, readdir, rename, rmdir, unlink } from "node:fs/promises";
import type { Ownership, Place } from "../../asterisk/files.ts";
import { runProgram } from "../../asterisk/program.ts";
import { changing } from "../../asterisk/trust.ts";
import { inFolder } from "../../asterisk/walk.ts";

const { O_RDONLY, O_WRONLY, O_NOFOLLOW, O_NONBLOCK, O_CREAT, O_EXCL, O_DIRECTORY } = constants;

/** The name of a file while it is being written. No include matches it, and a later run recognizes what a killed run left. */
const temporaryOf = (name: string) => `.${name}.smart-transfer`;

/** The mode bits without set-id and sticky bits, which could lend one user the rights of another. */
const permissions = 0o777;

/** How long cp may take to copy the attributes of one file, in ms. */
const patience = 10_000;

/**
 * Replaces a file as a whole: readers see the old content or the new, never a part, and it survives a power cut. It gets its owner,
 * group, mode and the other attributes of the replaced file before its name. All of this is done through the open file, because
 * another user could put a link at its name.
 */
export function writeWhole(place: Place, content: Buffer, owner: Ownership): Promise<void> {
  const temporary = temporaryOf(place.name);
  return named(place, async (file) => {
    const handle = await create(place, temporary);
    try {
      await give(handle, owner);
      await likeness(place, handle, owner);
      await handle.writeFile(content);
      await permit(handle, owner);
      await handle.sync();
      await rename(inFolder(place.folder, temporary), file);
    } catch (error) {
      await unlink(inFolder(place.folder, temporary)).catch(() => {});
      throw error;
    } finally {
      await handle.close();
    }
    await syncFolder(inFolder(place.folder, ""));
  });
}

/** Creates a new file, and removes whatever is at that name, however often somebody puts it there again. */
async function create(place: Place, name: string): Promise<FileHandle> {
  for (let tries = 0; ; tries++) {
    await remove(place, name);
    try {
      return await open(inFolder(place.folder, name), O_WRONLY | O_NOFOLLOW | O_CREAT | O_EXCL, 0o600);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST" || tries === 100) throw error;
    }
  }
}

/**
 * Copies the access list, the SELinux label and the extended attributes of the file to replace, which GNU cp can read and Node
 * cannot. Without such a cp, owner and mode must do. The kernel drops a capability when the file is written. cp copies set-id bits
 * too, until the mode is set. So the copy already belongs to the owner: if it were root's, others could run it as root meanwhile.
 */
async function likeness(place: Place, copy: FileHandle, { uid, gid }: Ownership): Promise<void> {
  const file = await open(inFolder(place.folder, place.name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK).catch(
    ignoring("ENOENT"),
  );
  if (file === undefined) return;
  try {
    const now = await file.stat();
    if (!now.isFile()) throw changing(`${place.folder.path}/${place.name}`);
    // The file belongs to somebody else by now: their access rules must not apply to ours.
    if (now.uid !== uid || now.gid !== gid) return;
    const args = ["--attributes-only", "--preserve=mode,xattr", "--", "/proc/self/fd/3", "/proc/self/fd/4"];
    await runProgram("cp", args, patience, [file.fd, copy.fd]);
  } finally {
    await file.close();
  }
}

/** Sets only what differs, because an ordinary user may not even set the same owner again. */
async function give(handle: FileHandle, { uid, gid }: Ownership): Promise<void> {
  const now = await handle.stat();
  if (now.uid !== uid || now.gid !== gid) await handle.chown(uid, gid);
}

async function permit(handle: FileHandle, { mode }: Ownership): Promise<void> {
  const now = await handle.stat();
  if ((now.mode & 0o7777) !== (mode & permissions)) await handle.chmod(mode & permissions);
}

export function deleteFile(place: Place): Promise<void> {
  return named(place, async (file) => {
    await unlink(file);
    await syncFolder(inFolder(place.folder, ""));
  });
}

/** Never gives away a folder that somebody else put in the place of ours: ours is still empty and belongs to us. */
export function makeFolder(place: Place, owner: Ownership): Promise<void> {
  return named(place, async (folder) => {
    await mkdir(folder, 0o700);
    const handle = await open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    try {
      const isOurs = (await handle.stat()).uid === process.geteuid?.();
      if (!isOurs || (await readdir(`/proc/self/fd/${handle.fd}`)).length > 0)
        throw changing(`${place.folder.path}/${place.name}`);
      await give(handle, owner);
      await permit(handle, owner);
    } finally {
      await handle.close();
    }
    await syncFolder(inFolder(place.folder, ""));
  });
}

/** Removes a folder unless it contains something of somebody else's. Returns whether it is gone. */
export function removeFolder(place: Place): Promise<boolean> {
  return named(place, async (folder) => {
    if (!(await exists(folder))) return true;
    try {
      await rmdir(folder);
      return true;
    } catch (error) {
      ignoring("ENOTEMPTY")(error as NodeJS.ErrnoException);
      return false;
    }
  });
}

/** Removes what a killed run may have left beside a file. */
export function removeTemporary(place: Place): Promise<void> {
  return named(place, () => remove(place, temporaryOf(place.name)));
}

async function remove({ folder }: Place, name: string): Promise<void> {
  const file = inFolder(folder, name);
  if (await exists(file)) await unlink(file).catch(ignoring("ENOENT"));
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

/** Makes errors name the file as the admin knows it, instead of the descriptor of its folder. */
async function named<T>(place: Place, work: (path: string) => Promise<T>): Promise<T> {
  const here = inFolder(place.folder, "");
  const known = (text: string) => text.replaceAll(here, place.folder.path.replace(/\/?$/, "/"));
  try {
    return await work(inFolder(place.folder, place.name));
  } catch (error) {
    const { message, path, dest } = error as NodeJS.ErrnoException & { dest?: string };
    if (path === undefined) throw error;
    throw Object.assign(error as Error, {
      message: known(message),
      path: known(path),
      ...(dest && { dest: known(dest) }),
    });
  }
}

/** A handler for `catch` that ignores these error codes. */
export function ignoring(...codes: readonly string[]): (error: NodeJS.ErrnoException) => undefined {
  return (error) => {
    if (!codes.includes(error.code ?? "")) throw error;
    return undefined;
  };
}
