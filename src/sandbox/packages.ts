import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { Problem } from "../errors.ts";
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

/** What is at hand that needs Debian's packages, or why not: told at once, before anything is tried. */
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

/** Is the usual Asterisk in the cache? */
export async function isUnpacked(): Promise<boolean> {
  return isFolder(await rootOf(await usualSuite()));
}

function requireLinux(): void {
  if (process.platform === "linux") return;
  throw new Problem("The sandbox runs Debian's build of Asterisk, which needs Linux.", "Run this on a Linux machine.");
}

/** An Asterisk to run, from the cache or else from Debian's packages: about 80 MB to download, 270 MB unpacked, 10-20 s. */
export async function unpackAsterisk(options: { suite?: string; onStep?: OnStep } = {}): Promise<Release> {
  requireLinux();
  const suite = options.suite ?? (await usualSuite());
  return openRelease(await unpackPackages(suite, suite, packages, options.onStep), suite);
}

/**
 * Packages with all that they need, in a folder of the cache that bears this name. No root is needed, and nothing is
 * installed: apt gets folders of its own in which it believes the system to be empty, and so brings everything, down to
 * libc, with signatures verified as usual.
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
  // Built beside its place and renamed into it when complete: a run that is killed leaves nothing that looks whole.
  const workshop = await mkdtemp(join(home, `building-${process.pid}-`));
  try {
    await requireSpace(workshop);
    await download(wanted, await findMirror(suite), workshop, onStep);
    await unpack(workshop, onStep);
    await rename(join(workshop, "root"), root).catch(async (error) => {
      // Another process was first, and its copy is as good as this one.
      if (!(await isFolder(root))) throw error;
    });
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
  return root;
}

/** Where releases are kept between runs. It may be deleted at any time when nothing runs from it. */
export function cacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "asterisk-smart-transfer");
}

async function rootOf(name: string): Promise<string> {
  return join(cacheFolder(), `${name}-${await architecture()}`);
}

/** Two at a time: unpacking is half waiting for the disk, half decompressing. */
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

/** Removes what runs that were killed had begun to build. */
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
    // Somebody else's process, as EPERM says, is alive all the same.
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
