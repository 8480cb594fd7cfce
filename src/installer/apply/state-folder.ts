import { accessSync, chmodSync, constants, mkdirSync, rmdirSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Directories } from "../../asterisk/directories.ts";
import { type Disk, stateHome } from "../../asterisk/files.ts";
import { Problem } from "../../terminal/problem.ts";
import { syncFolder } from "./atomic.ts";

/** The name in Asterisk's own data folder, used if only the current user (and root) may write there. */
export const besideAsterisk = "smart-transfer";

const mode = 0o700;

const isRoot = () => process.geteuid?.() === 0;

/**
 * The folder of everything that a run trusts: the lock, the journal of the current run, and the manifest. We carry out what a
 * journal and a manifest say. So only the current user and root may write to this folder and to those above it.
 */
export async function stateFolder(disk: Disk, { etc, varLib }: Directories): Promise<string> {
  const beside = join(varLib, besideAsterisk);
  if (!isRoot() || (await disk.isGuarded(beside))) return beside;
  const root = await disk.rootOf(`${stateHome}/`);
  return join(stateHome, nameOf(root === disk.root ? etc : join(disk.root, etc)));
}

/** Each Asterisk has a folder of its own: `/etc/asterisk` is `etc-asterisk`. */
function nameOf(etc: string): string {
  const escaped = encodeURIComponent(etc.replace(/^\/+/, "")).replaceAll("-", "%2D");
  return escaped.replaceAll("%2F", "-");
}

/** Users who run `check` may not be allowed to read this folder. */
export async function mayLookInto(disk: Disk, state: string): Promise<boolean> {
  try {
    accessSync(await disk.resolve(state), constants.R_OK | constants.X_OK);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "EACCES";
  }
}

export async function requireGuarded(disk: Disk, state: string): Promise<void> {
  if (await disk.isGuarded(state)) return;
  const path = await disk.resolve(state);
  throw new Problem(
    `We trust what is in ${path}, so nobody else may write there. But somebody else may, there or in a folder above it.`,
    isRoot()
      ? `Give each of these folders to root, and let nobody else write there: \`namei -l ${path}\` lists them.`
      : `Run this as root or as the owner of ${dirname(path)}.`,
  );
}

/** Creates the folder if it is missing. It must survive a power cut, because it holds the journal. */
export async function makeState(state: string): Promise<void> {
  mkdirSync(dirname(state), { recursive: true });
  try {
    mkdirSync(state, { mode });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return closeState(state);
  }
  await syncFolder(dirname(state));
}

/** Older versions let everybody read it. But whoever may read it can hold the lock. */
function closeState(state: string): void {
  const { uid, mode: now } = statSync(state);
  if (uid === process.geteuid?.() && (now & 0o7777) !== mode) chmodSync(state, mode);
}

/** Removes the folder if it is empty. */
export function removeState(state: string): void {
  try {
    rmdirSync(state);
    if (basename(dirname(state)) === basename(stateHome)) rmdirSync(dirname(state));
  } catch {
    // It is not empty, or its parent holds another Asterisk's.
  }
}
