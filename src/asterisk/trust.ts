import { lstatSync, readlinkSync, type Stats } from "node:fs";
import { basename } from "node:path";
import { Problem } from "../terminal/problem.ts";

/*
 * Asterisk's folders often belong to Asterisk's user, and root works in them. Whoever may write in a folder can lay a link in it,
 * or put one thing in the place of another between two looks. Here is who is believed.
 */

/** Root and whoever runs this. */
export const isTrusted = (uid: number) => uid === 0 || uid === process.geteuid?.();

/** Nobody else can take this entry of a folder away or put another in its place. */
export function guards(folder: Stats, entry: Stats): boolean {
  if (!isTrusted(folder.uid)) return false;
  return (folder.mode & 0o022) === 0 || ((folder.mode & 0o1000) !== 0 && isTrusted(entry.uid));
}

/** Nobody else can write in it. */
export function isPrivate({ uid, mode }: Stats): boolean {
  return isTrusted(uid) && (mode & 0o022) === 0;
}

/** A user that nothing belongs to. */
const nobody = -1;

/** How long a link must have been what it is, in ms. The kernel counts the time of a change in steps of up to 10 ms. */
const settled = 50;

/**
 * Where a link leads that lies where others may lay links, and who of those others may have laid it.
 *
 * @param isMidway more of the path follows: what is behind the link is a folder in which only names of ours are written
 */
export function strangersLink(
  place: string,
  path: string,
  folder: Stats,
  isMidway: boolean,
): { target: string; leaders: number[] } {
  const { link, target } = settledLink(place, path);
  // Somebody else has given a link of root's a second name (a hard link), or may have renamed it to one of ours: what the admin
  // let it lead to would be overwritten.
  const name = basename(path);
  const isAsLaid = basename(target) === name || (isMidway && !/^smart[-_]transfer/.test(name));
  if (isTrusted(link.uid) && link.nlink === 1 && isAsLaid) return { target, leaders: [] };
  const strangers = [link.uid, folder.uid].filter((uid) => !isTrusted(uid));
  return { target, leaders: strangers.length > 0 ? strangers : [nobody] };
}

/**
 * A link and its target. Node cannot read the target of a link that it holds. But whoever puts another link in its place between
 * two looks gives the one that they put back a new time of change.
 */
function settledLink(place: string, path: string): { link: Stats; target: string } {
  for (let tries = 0; tries < 3; tries++) {
    const link = unlessMissing(() => lstatSync(place));
    if (!link?.isSymbolicLink()) break;
    const age = Date.now() - link.ctimeMs;
    if (age < settled) {
      pause(settled - Math.max(age, 0));
      continue;
    }
    const target = unlessMissing(() => readlinkSync(place));
    const now = unlessMissing(() => lstatSync(place));
    if (target === undefined || now === undefined) break;
    if (now.ino === link.ino && now.dev === link.dev && now.ctimeMs === link.ctimeMs) return { link, target };
  }
  throw changing(path);
}

export function changing(path: string): Problem {
  return new Problem(`Somebody else has just changed ${path}.`, "Run this again.");
}

/** Something that was taken away between two looks is missing too; so is a link when its name is something else by now (EINVAL). */
export function unlessMissing<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (["ENOENT", "ENOTDIR", "EINVAL"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw error;
  }
}

function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
