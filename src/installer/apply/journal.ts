import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Directories } from "../../asterisk/directories.ts";
import type { Disk, Ownership } from "../../asterisk/files.ts";
import { Problem } from "../../terminal/problem.ts";
import type { Change } from "../plan/change.ts";
import { digest } from "../plan/manifest.ts";
import type { Plan } from "../plan/plan.ts";
import { syncFolder } from "./atomic.ts";
import { requireGuarded, stateFolder } from "./state-folder.ts";

/** What is needed to reverse one change, whether it was complete, partial or never begun. */
export interface Entry extends Ownership {
  readonly kind: Change["kind"];
  readonly path: string;
  /** The sha256 of the content before (the journal has a copy) and after. Missing if there is no file. */
  readonly before?: string;
  readonly after?: string;
}

/** A run in progress, or one that was killed. */
export interface Journal {
  /** The journal's folder on this machine. The copy of an entry's old content is named after the entry's number. */
  readonly folder: string;
  readonly begun: string;
  readonly entries: readonly Entry[];
  readonly reloads: readonly string[];
}

/**
 * The journal's folder has three names, and each step to the next is a single rename: being written, before any change;
 * in progress; and done, with nothing left to undo.
 */
const states = { new: "journal.new", inProgress: "journal", done: "journal.done" } as const;
/** A folder that older versions used as their lock. */
const formerLock = "lock";
const index = "journal.json";
const format = 1;

/** Registers the undo of every change of a plan, on disk, before the first of them is made. */
export async function beginJournal(plan: Plan, system: Disk, directories: Directories): Promise<Journal> {
  const state = await realState(system, directories);
  const folder = join(state, states.new);
  try {
    await mkdir(folder, { mode: 0o700 });
    for (const [number, change] of plan.changes.entries()) {
      const before = contentBefore(change);
      if (before) await writeSynced(join(folder, String(number)), before);
    }
    const begun = new Date().toISOString();
    const content = { begun, entries: plan.changes.map(entryOf), reloads: plan.reloads };
    await writeSynced(join(folder, index), Buffer.from(JSON.stringify({ format, ...content })));
    await syncFolder(folder);
    await rename(folder, join(state, states.inProgress));
    await syncFolder(state);
    return { folder: join(state, states.inProgress), ...content };
  } catch (error) {
    await rm(folder, { recursive: true, force: true }).catch(() => {});
    throw error;
  }
}

/** Ends the journal: the plan is complete, or everything is as before. */
export async function endJournal({ folder }: Journal): Promise<void> {
  const done = folder.replace(/[^/]*$/, states.done);
  await rename(folder, done);
  // If this fails, the next run does it.
  await rm(done, { recursive: true, force: true }).catch(() => {});
}

/** Finds the journal of a killed run. Trusts it only if nobody else could write it, because we carry out what it says. */
export async function findJournal(system: Disk, directories: Directories): Promise<Journal | undefined> {
  const state = await stateFolder(system, directories);
  const file = join(state, states.inProgress, index);
  const found = await system.read(file);
  if (found === undefined) return undefined;
  await requireGuarded(system, file);
  const folder = join(await system.resolve(state), states.inProgress);
  const { format: written, begun, entries, reloads } = parsed(found.content, file);
  if (written !== format) throw unreadable(file);
  if ((entries as Entry[]).some(({ path }) => !isOurBusiness(path, directories, state))) throw unreadable(file);
  return { folder, begun, entries, reloads };
}

/** Removes the remains of runs that were killed before their first change or after their last. */
export async function removeLeftovers(system: Disk, directories: Directories): Promise<void> {
  const state = await realState(system, directories);
  for (const name of [states.new, states.done, formerLock])
    await rm(join(state, name), { recursive: true, force: true });
}

/** The content before this change. */
export async function savedCopy({ folder }: Journal, number: number, { before }: Entry): Promise<Buffer> {
  const content = await readFile(join(folder, String(number)));
  if (digest(content) !== before) throw new Error(`its copy ${join(folder, String(number))} is damaged`);
  return content;
}

async function realState(system: Disk, directories: Directories): Promise<string> {
  return system.resolve(await stateFolder(system, directories));
}

function contentBefore(change: Change): Buffer | undefined {
  return change.kind === "write" || change.kind === "delete" ? change.before : undefined;
}

function entryOf(change: Change): Entry {
  const { uid, gid, mode } = change.owner;
  const before = contentBefore(change);
  return {
    kind: change.kind,
    path: change.path,
    ...{ uid, gid, mode },
    ...(before ? { before: digest(before) } : {}),
    ...(change.kind === "write" ? { after: digest(change.after) } : {}),
  };
}

function isOurBusiness(path: string, { etc, varLib, data }: Directories, state: string): boolean {
  return !path.split("/").includes("..") && [etc, varLib, data, state].some((folder) => path.startsWith(`${folder}/`));
}

function parsed(content: Buffer, file: string) {
  try {
    return JSON.parse(content.toString());
  } catch {
    throw unreadable(file);
  }
}

function unreadable(file: string): Problem {
  return new Problem(
    `The journal of a run that was killed cannot be read: ${file}.`,
    "Run that version of asterisk-smart-transfer again. Or compare the copies beside the journal with your files, restore what is missing, and remove that folder.",
  );
}

async function writeSynced(file: string, content: Buffer): Promise<void> {
  const handle = await open(file, "wx", 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
