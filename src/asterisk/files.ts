import type { Stats } from "node:fs";
import { readdir, readFile, readlink, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { Problem } from "../terminal/problem.ts";

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

/** The current user may not read a file or folder. */
export class UnreadableProblem extends Problem {
  constructor(path: string, code: string) {
    super(`${path} may not be read by this user (${code}).`, "Run this as root or as Asterisk's own user.");
  }
}

/** The PBX's file system. Paths are Asterisk's own; `root` is where they are mounted on this machine. */
export interface FileSystem {
  /** Converts Asterisk's path to a path on this machine, and follows symlinks. */
  resolve(path: string): Promise<string>;
  /** `undefined` if the file does not exist. */
  read(path: string): Promise<FileState | undefined>;
  /** The names in a folder; `undefined` if it does not exist. */
  list(folder: string): Promise<string[] | undefined>;
  /** `undefined` if nothing exists there. */
  ownership(path: string): Promise<Ownership | undefined>;
}

export function fileSystem(root = "/"): FileSystem {
  const onFoot = async (path: string) => join(root, await followed(root, path));
  // Fast path: without --root, realpath() is one system call. Half of the files we look for do not exist.
  const find = (path: string) =>
    root === "/"
      ? realpath(path).catch((error) => (isMissing(error) ? Promise.reject(error) : onFoot(path)))
      : onFoot(path);
  return {
    resolve: (path) => find(path).catch(() => onFoot(path)),
    read: (path) =>
      unlessMissing(find(path), async (file) => {
        const stats = await stat(file);
        if (!stats.isFile()) throw new Problem(`${file} is not a regular file.`, "Move it away, then run this again.");
        return { content: await readFile(file), ...ownershipOf(stats) };
      }),
    list: (folder) => unlessMissing(find(folder), async (path) => (await readdir(path)).sort()),
    ownership: (path) => unlessMissing(find(path), async (file) => ownershipOf(await stat(file))),
  };
}

/** Like realpath, but absolute links lead into the root, not out of it, and a missing file is no error. */
async function followed(root: string, path: string, linksLeft = 40): Promise<string> {
  let current = "/";
  const parts = path.split("/").filter(Boolean);
  for (const [at, part] of parts.entries()) {
    const next = join(current, part);
    const target = await readlink(join(root, next)).catch(() => undefined);
    if (target === undefined) {
      current = next;
    } else {
      if (linksLeft === 0)
        throw new Problem(`${path} is a circle of symbolic links.`, "Mend the links, then run this again.");
      const rest = parts.slice(at + 1).join("/");
      return followed(root, join(target.startsWith("/") ? target : join(current, target), rest), linksLeft - 1);
    }
  }
  return current;
}

function ownershipOf(stats: Stats): Ownership {
  return { uid: stats.uid, gid: stats.gid, mode: stats.mode & 0o7777 };
}

function isMissing(error: NodeJS.ErrnoException): boolean {
  return error.code === "ENOENT" || error.code === "ENOTDIR";
}

async function unlessMissing<T>(found: Promise<string>, look: (path: string) => Promise<T>): Promise<T | undefined> {
  let path = "";
  try {
    path = await found;
    return await look(path);
  } catch (caught) {
    const error = caught as NodeJS.ErrnoException;
    if (isMissing(error)) return undefined;
    const { code } = error;
    throw code === "EACCES" || code === "EPERM" ? new UnreadableProblem(path, code) : error;
  }
}
