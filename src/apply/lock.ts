import { readdirSync, readFileSync, readlinkSync, rmdirSync, rmSync, statSync, unlinkSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Ownership } from "../asterisk/files.ts";
import { Problem } from "../errors.ts";
import { ignoring, makeFolder } from "./atomic.ts";

/** The lock is a folder that holds one file, named for its holder: `PID-START-BOOT-NAMESPACE`. */
const name = "lock";

/** How long one waits for one's turn, in ms, and how often one looks. */
const patience = 30_000;
const interval = 200;

/**
 * Waits for the turn of this run; returns what ends it. A rename onto a folder succeeds only when that is empty: so there is
 * one holder, and only who names him exactly can take a dead one out.
 *
 * @param state our folder on this machine, which is there
 * @param owner who owns that: he too must be able to take a dead holder out
 */
export async function takeLock(state: string, owner: Ownership, tell: (sentence: string) => void): Promise<() => void> {
  const lock = join(state, name);
  const me = identity();
  const mine = `${lock}-${me}`;
  const until = Date.now() + patience;
  await rm(mine, { recursive: true, force: true });
  await makeFolder(mine, owner);
  await (await open(join(mine, me), "wx")).close();
  for (let told = false; ; ) {
    try {
      await rename(mine, lock);
      break;
    } catch (error) {
      ignoring("ENOTEMPTY", "EEXIST")(error as NodeJS.ErrnoException);
    }
    const [holder] = list(lock);
    if (holder === undefined) continue;
    if (isDead(holder)) {
      rmSync(join(lock, holder), { force: true });
      continue;
    }
    if (Date.now() > until) {
      rmSync(mine, { recursive: true, force: true });
      throw new Problem(
        `Another run of asterisk-smart-transfer is at work here: ${describe(lock, holder)}.`,
        `Wait for its end, then run this again. If it is not there any more, remove ${lock}.`,
      );
    }
    if (!told) tell(`Waiting for another run to end: ${describe(lock, holder)}.`);
    told = true;
    await sleep(interval);
  }
  for (const rest of list(state)) {
    if (rest.startsWith(`${name}-`) && isDead(rest.slice(name.length + 1))) {
      rmSync(join(state, rest), { recursive: true, force: true });
    }
  }
  return () => {
    try {
      unlinkSync(join(lock, me));
      rmdirSync(lock);
      // Goes when nothing is kept in it.
      rmdirSync(dirname(lock));
    } catch {
      // The next one has it already, or the folder is in use.
    }
  };
}

/** A process that no later one can be taken for: when it started (in ticks since boot), on which boot, in which namespace. */
function identity(pid: number | "self" = "self"): string {
  const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").slice(0, 8);
  const namespace = /\d+/.exec(readlinkSync("/proc/self/ns/pid"))?.[0];
  return [pid === "self" ? process.pid : pid, startOf(pid), boot, namespace].join("-");
}

/** The 22nd field of its stat; the second, its name, may have anything in it but ends with the last bracket (proc(5)). */
function startOf(pid: number | "self"): string {
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
}

function isDead(holder: string): boolean {
  const [pid = "", , boot, namespace] = holder.split("-");
  const [, , myBoot, myNamespace] = identity().split("-");
  if (boot !== myBoot) return true;
  // Of another container: its processes cannot be seen from here.
  if (namespace !== myNamespace) return false;
  try {
    return identity(Number(pid)) !== holder;
  } catch {
    return true;
  }
}

function describe(lock: string, holder: string): string {
  const since = statSync(join(lock, holder), { throwIfNoEntry: false })?.mtime.toISOString();
  return `process ${holder.split("-")[0]}${since ? `, since ${since}` : ""}`;
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
