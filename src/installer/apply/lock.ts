import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Ownership } from "../../asterisk/files.ts";
import { Problem } from "../../terminal/problem.ts";
import { ignoring } from "./atomic.ts";

/** The lock is a folder with one file, which is named after its holder: `PID-START-BOOT-NAMESPACE`. */
const name = "lock";

/** The pause between two tries, in ms. */
const interval = 200;

export interface Lock {
  /**
   * Waits for the lock, at most `patience` ms. Then throws a Problem that says who has it.
   *
   * @param owner the owner of our existing folder, who must be able to remove a dead holder too
   */
  take(owner: Ownership, patience: number, tell: (sentence: string) => void): Promise<void>;
  /**
   * Releases the lock synchronously, at any point, because a signal may have come. Removes our folder too if it is
   * empty.
   */
  release(): void;
}

/**
 * rename() replaces a folder only if it is empty. So there is one holder, and removing a dead one can never remove a
 * live one.
 */
export function lockIn(state: string): Lock {
  const lock = join(state, name);
  const me = identity();
  const mine = `${lock}-${me}`;

  const wait = async (patience: number, tell: (sentence: string) => void) => {
    const until = Date.now() + patience;
    for (let told = false; !renamed(mine, lock); ) {
      const [holder] = list(lock);
      if (holder === undefined) continue;
      if (isDead(holder)) {
        rmSync(join(lock, holder), { force: true });
        continue;
      }
      if (Date.now() >= until) {
        throw new Problem(
          `Another run of asterisk-smart-transfer is at work here: ${describe(lock, holder)}.`,
          `Wait for its end, then run this again. If it is not there any more, remove ${lock}.`,
        );
      }
      if (!told) tell(`Waiting for another run to end: ${describe(lock, holder)}.`);
      told = true;
      await sleep(interval);
    }
  };

  return {
    async take(owner, patience, tell) {
      makeAtOnce(mine, owner);
      writeFileSync(join(mine, me), "", { flag: "wx" });
      await wait(patience, tell);
      const dead = list(state).filter((one) => one.startsWith(`${name}-`) && isDead(one.slice(name.length + 1)));
      for (const one of dead) rmSync(join(state, one), { recursive: true, force: true });
    },
    release() {
      const steps = [
        () => rmSync(mine, { recursive: true, force: true }),
        () => rmSync(join(lock, me), { force: true }),
        () => rmdirSync(lock),
        () => rmdirSync(state),
      ];
      for (const step of steps) {
        try {
          step();
        } catch {
          // Somebody else has the lock, or the folder is not empty. The name of a dead holder blocks nobody.
        }
      }
    },
  };
}

/**
 * Creates a folder synchronously, so that no signal comes in between. Otherwise release() could miss the folder and
 * leave it behind.
 */
export function makeAtOnce(folder: string, { uid, gid, mode }: Ownership): void {
  mkdirSync(folder);
  const now = statSync(folder);
  if (now.uid !== uid || now.gid !== gid) chownSync(folder, uid, gid);
  chmodSync(folder, mode);
}

function renamed(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    ignoring("ENOTEMPTY", "EEXIST")(error as NodeJS.ErrnoException);
    return false;
  }
}

/** Identifies a process uniquely: its start time in ticks since boot, the boot, and the PID namespace. */
function identity(pid: number | "self" = "self"): string {
  const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").slice(0, 8);
  const namespace = /\d+/.exec(readlinkSync("/proc/self/ns/pid"))?.[0];
  return [pid === "self" ? process.pid : pid, startOf(pid), boot, namespace].join("-");
}

/** Field 22 of /proc/PID/stat. Field 2, the name, may contain anything and ends at the last bracket (proc(5)). */
function startOf(pid: number | "self"): string {
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
}

function isDead(holder: string): boolean {
  const [pid = "", , boot, namespace] = holder.split("-");
  const [, , myBoot, myNamespace] = identity().split("-");
  if (boot !== myBoot) return true;
  // It runs in another container, whose processes are not visible here.
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
