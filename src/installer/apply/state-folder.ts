import { accessSync, chmodSync, constants, mkdirSync, rmdirSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Directories } from "../../asterisk/directories.ts";
import { type Disk, stateHome } from "../../asterisk/files.ts";
import { Problem } from "../../terminal/problem.ts";
import { syncFolder } from "./atomic.ts";

/** In Asterisk's own folder of variable data, where nobody else than who runs this may write there. */
export const besideAsterisk = "smart-transfer";

const mode = 0o700;

const isRoot = () => process.geteuid?.() === 0;

/**
 * The folder of what a run trusts: the lock, the journal of the run under way, the manifest of what is installed. A journal is
 * played back and a manifest is obeyed, so only whoever runs this (and root) may write there and on the way there.
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

/** Whoever may run `check` need not be allowed to look in there. */
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
    `${path} must be such that nobody else can write there: what lies there is trusted. But somebody else may, there or in a folder above it.`,
    isRoot()
      ? `Let each of these folders be root's, with nobody else allowed to write: see \`namei -l ${path}\`.`
      : `Run this as root or as the user whom ${dirname(path)} belongs to.`,
  );
}

/** Makes it where it is missing; it must survive a power cut, since the journal lies in it. */
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

/** Versions before let everybody look in. Whoever may look in may hold the lock. */
function closeState(state: string): void {
  const { uid, mode: now } = statSync(state);
  if (uid === process.geteuid?.() && (now & 0o7777) !== mode) chmodSync(state, mode);
}

/** Removes it where nothing is kept in it. */
export function removeState(state: string): void {
  try {
    rmdirSync(state);
    if (basename(dirname(state)) === basename(stateHome)) rmdirSync(dirname(state));
  } catch {
    // Something is kept in it, or in another Asterisk's.
  }
}
