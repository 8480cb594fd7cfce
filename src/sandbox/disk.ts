import { statfs } from "node:fs/promises";
import { Problem } from "../errors.ts";

/** Lists, packages and the unpacked files, all at once on the disk for a moment. */
const megabytesNeeded = 600;

/** Sees that a folder's disk has room for a release in the making. */
export async function requireSpace(folder: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize < megabytesNeeded * 1e6) throw diskFull(folder);
}

/** What to say when it turns out that it has not. */
export function diskFull(folder: string): Problem {
  return new Problem(
    `There is not enough room in ${folder}: Asterisk's packages need ${megabytesNeeded} MB while they are unpacked.`,
    "Make room, or set XDG_CACHE_HOME to a folder on a larger disk.",
  );
}
