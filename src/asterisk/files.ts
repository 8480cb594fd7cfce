import { closeSync, openSync, readdirSync, readSync, type Stats } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Problem } from "../terminal/problem.ts";
import { guards, isTrusted } from "./trust.ts";
import { type Found, type Held, inFolder, walk } from "./walk.ts";

/** Owner and permission bits of a file or folder. */
export interface Ownership {
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
}

/** A file with its content. */
export interface FileState extends Ownership {
  readonly content: Buffer;
}

/** A file that is open for reading. It stays this file, even if another one gets its name. */
export interface OpenFile {
  /** On this machine, links followed. */
  readonly path: string;
  readonly handle: FileHandle;
  readonly stats: Stats;
}

/** A file or folder that the current user may not read, or should not. */
export class UnreadableProblem extends Problem {}

/** The PBX's file system. Paths are Asterisk's own; `root` is where they are mounted on this machine. */
export interface FileSystem {
  /** Asterisk's path as a path on this machine, links followed. */
  resolve(path: string): Promise<string>;
  /** `undefined` if the file does not exist. */
  read(path: string): Promise<FileState | undefined>;
  /** For files too large to be read at once. `undefined` if it does not exist or is no regular file. */
  open(path: string): Promise<OpenFile | undefined>;
  /** The names in a folder; `undefined` if it does not exist. */
  list(folder: string): Promise<string[] | undefined>;
  /** `undefined` if nothing exists there. */
  ownership(path: string): Promise<Ownership | undefined>;
}

/** The place of a file or folder to change. Its folder is held open meanwhile, so that other names on the way do not matter. */
export interface Place {
  readonly folder: Held;
  readonly name: string;
}

/** A file system that can also be changed. */
export interface Disk extends FileSystem {
  readonly root: string;
  /** The folder in which a path is looked up: the root, except for paths that must not be on somebody else's disk. */
  rootOf(path: string): Promise<string>;
  /** Whether only root and the current user can change where a path leads, and write in its last folder. */
  isGuarded(path: string): Promise<boolean>;
  /** Runs work at a path. A link that somebody else has made leads only where they may write themselves. */
  at<T>(path: string, work: (place: Place) => Promise<T>): Promise<T>;
}

/** Root's own folder for what a run trusts. Each Asterisk whose folders others may write has a folder in it. */
export const stateHome = "/var/lib/asterisk-smart-transfer";

/** Of a file that is read, in bytes: the configuration of 100,000 endpoints is less. */
const largest = 64 * 1024 * 1024;

export function fileSystem(root = "/"): Disk {
  let isForeign: Promise<boolean> | undefined;
  const rootOf = async (path: string) => {
    if (root === "/" || !path.startsWith(`${stateHome}/`)) return root;
    isForeign ??= walk(root, dirname(stateHome), ({ isGuarded }) => !isGuarded);
    return (await isForeign) ? "/" : root;
  };
  const found = async <T>(path: string, look: (found: Found) => T): Promise<Awaited<T>> =>
    walk(await rootOf(path), path, look);
  const seen = <T>(path: string, look: (entry: Held) => T): Promise<Awaited<T> | undefined> =>
    told(found(path, (one) => one.entry && look(readable(one.entry, one))));
  return {
    root,
    rootOf,
    read: (path) => seen(path, contentOf),
    open: (path) => seen(path, opened),
    list: (folder) =>
      seen(folder, (entry) => (entry.stats.isDirectory() ? readdirSync(inFolder(entry, "")).sort() : undefined)),
    ownership: (path) => seen(path, ({ stats }) => ownershipOf(stats)),
    resolve: (path) => told(found(path, ({ folder, rest }) => join(folder.path, ...rest))),
    isGuarded: (path) => told(found(path, ({ isGuarded }) => isGuarded)),
    at: (path, work) => found(path, (one) => work(writable(one))),
  };
}

/** Held, it is opened as what it was seen to be: a pipe in its place would be waited for. */
function contentOf(entry: Held): FileState {
  const { path, stats } = entry;
  if (!stats.isFile()) throw new Problem(`${path} is not a regular file.`, "Move it away, then run this again.");
  if (stats.size > largest) throw new Problem(`${path} is larger than 64 MB.`, "Move it away, then run this again.");
  const content = Buffer.alloc(stats.size);
  const fd = reopened(entry);
  try {
    let length = 0;
    for (let more = -1; more !== 0 && length < content.length; length += more)
      more = readSync(fd, content, length, content.length - length, null);
    return {
      content: content.subarray(0, length),
      ...ownershipOf(stats),
    };
  } finally {
    closeSync(fd);
  }
}

async function opened({ fd, path, stats }: Held): Promise<OpenFile | undefined> {
  if (!stats.isFile()) return undefined;
  try {
    const handle = await open(`/proc/self/fd/${fd}`, "r");
    return { path, handle, stats: await handle.stat() };
  } catch (error) {
    throw Object.assign(error as NodeJS.ErrnoException, { path });
  }
}

function reopened({ fd, path }: Held): number {
  try {
    return openSync(`/proc/self/fd/${fd}`, "r");
  } catch (error) {
    throw Object.assign(error as NodeJS.ErrnoException, { path });
  }
}

/** What a link of somebody else's leads to is read only if they may read it: it may be shown, and copied. */
function readable(entry: Held, { leaders, isOpenToLeaders, folder }: Found): Held {
  if (leaders.size > 0 && !isOpenToLeaders) throw misled(entry.path, leaders, "read");
  const { nlink, uid, mode } = entry.stats;
  const isSecret = (mode & 0o004) === 0 && (isTrusted(uid) || uid !== folder.stats.uid);
  // Whoever may write in the folder may have given a file of root's a second name there (fs.protected_hardlinks = 0).
  if (entry.stats.isFile() && nlink > 1 && isSecret && !guards(folder.stats, entry.stats)) {
    throw new UnreadableProblem(
      `${entry.path} is a second name (a hard link) of a file that does not belong to the owner of its folder.`,
      "Replace it with a copy, then run this again.",
    );
  }
  return entry;
}

function writable({ folder, rest, entry, leaders }: Found): Place {
  const [name = "", ...more] = rest;
  const path = join(folder.path, ...rest);
  if (more.length > 0)
    throw Object.assign(new Error(`ENOENT: no such file or directory, '${path}'`), { code: "ENOENT", path });
  for (const leader of leaders) {
    const theirs = [folder, entry].every((one) => one === undefined || one.stats.uid === leader);
    if (!theirs) throw misled(path, leaders, "write");
  }
  return { folder, name };
}

function misled(path: string, leaders: ReadonlySet<number>, what: "read" | "write"): Problem {
  const whose = [...leaders].map((uid) => (uid < 0 ? "somebody" : `user ${uid}`)).join(" and ");
  return new UnreadableProblem(
    `A symbolic link that ${whose} may have made or renamed leads to ${path}, which they may not ${what}.`,
    "If the link is right, give it to root (`chown -h root LINK`) and name it as what it leads to. If not, remove it. Then run this again.",
  );
}

function ownershipOf(stats: Stats): Ownership {
  return { uid: stats.uid, gid: stats.gid, mode: stats.mode & 0o7777 };
}

async function told<T>(looked: Promise<T>): Promise<T> {
  try {
    return await looked;
  } catch (error) {
    const { code, path } = error as NodeJS.ErrnoException;
    if (code !== "EACCES" && code !== "EPERM") throw error;
    throw new UnreadableProblem(
      `This user may not read ${path} (${code}).`,
      "Run this as root or as Asterisk's own user.",
    );
  }
}
