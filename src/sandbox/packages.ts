import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { Problem } from "../terminal/problem.ts";
import { download, type OnStep } from "./apt.ts";
import { diskFull, requireSpace } from "./disk.ts";
import { findMirror, usualSuite } from "./mirror.ts";
import { openRelease, type Release } from "./release.ts";

const packages = [
  "asterisk",
  "asterisk-modules",
  "asterisk-config",
  "asterisk-core-sounds-en-gsm",
  "asterisk-core-sounds-ru-gsm",
];

/** Why Debian's packages cannot be used on this machine, checked before anything is tried; `undefined` if they can. */
export async function whyNoPackages(): Promise<Problem | undefined> {
  try {
    requireLinux();
    if (await isUnpacked()) return undefined;
    await findMirror(await usualSuite());
    return undefined;
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}

/** Whether the default release is in the cache. */
export async function isUnpacked(): Promise<boolean> {
  return isFolder(await rootOf(await usualSuite()));
}

function requireLinux(): void {
  if (process.platform === "linux") return;
  throw new Problem("The sandbox runs Debian's build of Asterisk, which needs Linux.", "Run this on a Linux machine.");
}

/**
 * Unpacks an Asterisk, from the cache or from Debian's packages: a download of about 80 MB, 270 MB unpacked, 10-20 s.
 */
export async function unpackAsterisk(options: UnpackOptions = {}): Promise<Release> {
  requireLinux();
  const { more = [], onStep } = options;
  const suite = options.suite ?? (await usualSuite());
  return openRelease(await unpackPackages([suite, ...more].join("+"), suite, [...packages, ...more], onStep), suite);
}

export interface UnpackOptions {
  readonly suite?: string;
  /** Packages besides the usual ones. Such a release has a folder of its own. */
  readonly more?: readonly string[];
  readonly onStep?: OnStep;
}

/**
 * Unpacks packages with all their dependencies into the cache folder of this name. Needs no root and installs nothing:
 * apt gets folders in which the system seems empty, so it downloads everything down to libc, and verifies signatures as
 * usual.
 */
export async function unpackPackages(
  name: string,
  suite: string,
  wanted: readonly string[],
  onStep: OnStep = () => {},
): Promise<string> {
  const home = cacheFolder();
  const root = await rootOf(name);
  if (await isFolder(root)) return root;
  await mkdir(home, { recursive: true });
  await sweep(home);
  // Built in another folder and renamed when complete, so that a killed run leaves nothing that looks complete.
  const workshop = await mkdtemp(join(home, `building-${process.pid}-`));
  try {
    await requireSpace(workshop);
    await download(wanted, await findMirror(suite), workshop, onStep);
    await unpack(workshop, onStep);
    await rename(join(workshop, "root"), root).catch(async (error) => {
      // Another process was faster. Its copy is as good as ours.
      if (!(await isFolder(root))) throw error;
    });
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
  return root;
}

/** The folder that keeps releases between runs. It may be deleted whenever nothing runs from it. */
export function cacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "asterisk-smart-transfer");
}

async function rootOf(name: string): Promise<string> {
  return join(cacheFolder(), `${name}-${await architecture()}`);
}

/** Two at a time: unpacking alternates between the disk and decompression. */
async function unpack(workshop: string, onStep: OnStep): Promise<void> {
  const archives = join(workshop, "archives");
  const root = join(workshop, "root");
  const queue = (await readdir(archives)).filter((name) => name.endsWith(".deb"));
  const count = queue.length;
  const progress = () => onStep(`Unpacking ${count} packages`, 1 - queue.length / count);
  await mkdir(root);
  const worker = async () => {
    for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
      progress();
      const run = await execa("dpkg-deb", ["-x", join(archives, name), root], {
        reject: false,
        env: { LC_ALL: "C" },
        timeout: 120_000,
      });
      if (!run.failed) continue;
      if (/No space left/.test(run.stderr)) throw diskFull(workshop);
      throw new Problem(`${name} could not be unpacked: ${run.stderr || run.shortMessage}`, "Try again.");
    }
  };
  await Promise.all([worker(), worker()]);
}

/** Removes unfinished folders of killed runs. */
async function sweep(home: string): Promise<void> {
  for (const name of await readdir(home).catch(() => [])) {
    const pid = /^building-(\d+)-/.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) await rm(join(home, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM means that the process is alive but belongs to another user.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

async function isFolder(path: string): Promise<boolean> {
  return readdir(path).then(
    () => true,
    () => false,
  );
}

async function architecture(): Promise<string> {
  const { stdout, failed } = await execa("dpkg", ["--print-architecture"], { reject: false, timeout: 20_000 });
  if (failed) throw new Problem("dpkg does not run here.", "Run this on a Debian or Ubuntu machine.");
  return stdout.trim();
}
