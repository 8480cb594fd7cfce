import { statfs } from "node:fs/promises";
import { Problem } from "../terminal/problem.ts";

/** The peak size of package lists, packages and unpacked files together. */
const megabytesNeeded = 600;

/** Throws a Problem if the folder's disk has no room for another release. */
export async function requireSpace(folder: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize < megabytesNeeded * 1e6) throw diskFull(folder);
}

/** The Problem if the disk gets full meanwhile. */
export function diskFull(folder: string): Problem {
  return new Problem(
    `There is not enough room in ${folder}: Asterisk's packages need ${megabytesNeeded} MB while they are unpacked.`,
    "Make room, or set XDG_CACHE_HOME to a folder on a larger disk.",
  );
}
