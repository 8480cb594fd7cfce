import { chmod, chown, mkdir, rmdir, stat, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import type { AsteriskCli } from "../asterisk/cli.ts";
import type { Directories } from "../asterisk/directories.ts";
import type { FileSystem } from "../asterisk/files.ts";
import { Problem } from "../errors.ts";
import type { Change, Plan } from "../plan/plan.ts";
import { reverseOf } from "../plan/reloads.ts";
import { syncFolder, writeWhole } from "./atomic.ts";

/** What was done, or taken back, told as it happens. */
export type Progress = (done: string) => void;

/** Where a plan is carried out. Without a running Asterisk (`--offline`), `cli` is missing. */
export interface Target {
  readonly system: FileSystem;
  readonly directories: Directories;
  readonly cli: AsteriskCli | undefined;
}

/**
 * Carries a plan out: files, then reloads, then the proof that it works. When anything fails, everything done is taken back
 * in reverse, Asterisk reads its files again, and the Problem says so. Without a CLI (`--offline`) nothing is reloaded.
 *
 * @param verify throws a Problem where what was applied does not work: that too takes everything back
 */
export async function apply(
  plan: Plan,
  { system, cli }: Target,
  progress: Progress,
  verify: () => Promise<void> = async () => {},
): Promise<void> {
  const done: Change[] = [];
  const reloaded: string[] = [];
  try {
    for (const change of plan.changes) {
      await expectUnchanged(change, system);
      // Registered before the act: an act that fails half way is taken back too.
      done.push(change);
      await carryOut(change, await system.resolve(change.path));
      progress(`${change.kind} ${change.path}`);
    }
    if (cli) {
      for (const command of plan.reloads) {
        reloaded.push(command);
        await reload(command, cli);
        progress(command);
      }
    }
    await verify();
  } catch (error) {
    await takeBack(done, system, error);
    // Each by itself: the one that failed may fail again, the others must not suffer from it.
    for (const command of reloaded) await cli?.run(reverseOf(command)).catch(() => {});
    throw failure(error);
  }
}

async function carryOut(change: Change, path: string): Promise<void> {
  switch (change.kind) {
    case "make folder":
      return makeFolder(path, change.owner);
    case "write":
      return writeWhole(path, change.after, change.owner);
    case "delete":
      await unlink(path);
      return syncFolder(dirname(path));
    case "remove folder":
      // Something of somebody else's in it is a reason to leave it.
      await rmdir(path).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== "ENOTEMPTY" && error.code !== "ENOENT") throw error;
      });
  }
}

/** Who edits a file between our look and our act must not lose his edit, nor a folder that he made. */
async function expectUnchanged(change: Change, system: FileSystem): Promise<void> {
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

async function makeFolder(path: string, { uid, gid, mode }: { uid: number; gid: number; mode: number }): Promise<void> {
  await mkdir(path);
  const now = await stat(path);
  if (now.uid !== uid || now.gid !== gid) await chown(path, uid, gid);
  await chmod(path, mode);
}

async function takeBack(done: readonly Change[], system: FileSystem, cause: unknown): Promise<void> {
  for (const change of done.toReversed()) {
    try {
      await undo(change, await system.resolve(change.path));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const first = cause instanceof Error ? cause.message : String(cause);
      throw new Problem(
        `${first} Then ${change.path} could not be put back: ${why}`,
        "Put that file back by hand, then run this again.",
      );
    }
  }
}

async function undo(change: Change, path: string): Promise<void> {
  const tolerateMissing = (error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  };
  switch (change.kind) {
    case "make folder":
      return rmdir(path).catch(tolerateMissing);
    case "write":
      if (change.before === undefined) return unlink(path).catch(tolerateMissing);
      return writeWhole(path, change.before, change.owner);
    case "delete":
      return writeWhole(path, change.before, change.owner);
    case "remove folder":
      return makeFolder(path, change.owner).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== "EEXIST") throw error;
      });
  }
}

/** `module reload` exits 0 whatever happens: only its text tells (main/cli.c, handle_reload). */
async function reload(command: string, cli: AsteriskCli): Promise<void> {
  const said = (await cli.run(command)).trim();
  if (/\bsuccess|^Loaded |^Unloaded /im.test(said)) return;
  throw new Problem(
    `"${command}" failed: ${said || "Asterisk said nothing"}`,
    "See Asterisk's log for the reason, mend it, then run this again.",
  );
}

function failure(error: unknown): Problem {
  const undone = "Everything is as it was before.";
  if (error instanceof Problem) return new Problem(`${error.message} ${undone}`, error.remedy);
  const { code, path, message } = error as NodeJS.ErrnoException;
  if (code === "EACCES" || code === "EPERM") {
    return new Problem(
      `${path ?? "A file"} may not be written by this user (${code}). ${undone}`,
      "Run this as root or as Asterisk's own user.",
    );
  }
  if (code === "ENOSPC")
    return new Problem(
      `The disk is full (${path ?? "while writing"}). ${undone}`,
      "Free some room, then run this again.",
    );
  if (code === "EROFS")
    return new Problem(
      `${path ?? "A file"} is on a read-only file system. ${undone}`,
      "Mount it writable, then run this again.",
    );
  if (code === undefined) throw error;
  return new Problem(`${message}. ${undone}`, "Mend that, then run this again.");
}
