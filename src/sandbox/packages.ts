import { mkdir, readdir, rename, rm, statfs, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { Problem } from "../errors.ts";
import { findMirror, type Mirror } from "./mirror.ts";
import { openRelease, type Release } from "./release.ts";

const packages = [
  "asterisk",
  "asterisk-modules",
  "asterisk-config",
  "asterisk-core-sounds-en-gsm",
  "asterisk-core-sounds-ru-gsm",
];

/** Lists, packages and the unpacked files, all at once on the disk for a moment. */
const megabytesNeeded = 600;
const aptTimeout = 600_000;

/**
 * An Asterisk to run, from the cache or else from Debian's packages: about 80 MB to download, 270 MB unpacked, 10-20 s.
 * No root is needed, and nothing is installed: apt gets folders of its own in which it believes the system to be empty,
 * and so brings everything that Asterisk needs, with signatures verified as usual.
 */
export async function unpackAsterisk(
  options: { suite?: string; onStep?: (step: string) => void } = {},
): Promise<Release> {
  const { onStep = () => {} } = options;
  if (process.platform !== "linux") {
    throw new Problem(
      "The sandbox runs Debian's build of Asterisk, which needs Linux.",
      "Run this on a Linux machine.",
    );
  }
  const mirror = await findMirror(options.suite);
  const home = cacheFolder();
  const root = join(home, `${mirror.suite}-${await architecture()}`);
  if (!(await isFolder(root))) {
    await sweep(home);
    // Built beside its place and renamed into it when complete: a run that is killed leaves nothing that looks whole.
    const workshop = join(home, `building-${process.pid}-${mirror.suite}`);
    await mkdir(workshop, { recursive: true });
    try {
      await requireSpace(workshop);
      await download(mirror, workshop, onStep);
      await unpack(workshop, onStep);
      await rename(join(workshop, "root"), root).catch(async (error) => {
        // Another process was first, and its copy is as good as this one.
        if (!(await isFolder(root))) throw error;
      });
    } finally {
      await rm(workshop, { recursive: true, force: true });
    }
  }
  return openRelease(root, mirror.suite);
}

/** Where releases are kept between runs. It may be deleted at any time when nothing runs from it. */
export function cacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "asterisk-smart-transfer");
}

async function download(mirror: Mirror, workshop: string, onStep: (step: string) => void): Promise<void> {
  const config = join(workshop, "apt.conf");
  await Promise.all(
    ["lists/partial", "archives/partial"].map((name) => mkdir(join(workshop, name), { recursive: true })),
  );
  await writeFile(join(workshop, "status"), "");
  await writeFile(join(workshop, "sources.list"), sourceLine(mirror));
  await writeFile(config, aptConfig(workshop));
  // Given with -c, this file is read after the machine's own settings: its proxies stay, and ours win.
  const apt = async (...args: string[]) => {
    const run = await execa("apt-get", ["-q", "-c", config, ...args], {
      reject: false,
      env: { LC_ALL: "C" },
      timeout: aptTimeout,
    });
    if (run.failed) throw downloadProblem(run.stderr || String(run.shortMessage), mirror);
    return run.stdout;
  };
  onStep(`Reading the list of packages of ${mirror.suite} at ${mirror.uri}`);
  await apt("update", "--error-on=any");
  onStep(`Downloading Asterisk and its libraries (about 80 MB)`);
  await apt("install", "--yes", "--download-only", ...packages);
}

function sourceLine({ uri, suite, components, keyring }: Mirror): string {
  return `deb [signed-by=${keyring}] ${uri} ${suite} ${components}\n`;
}

function aptConfig(workshop: string): string {
  return `Dir::State "${workshop}";
Dir::State::status "${workshop}/status";
Dir::State::lists "${workshop}/lists";
Dir::Cache "${workshop}";
Dir::Cache::archives "${workshop}/archives";
Dir::Etc::SourceList "${workshop}/sources.list";
Dir::Etc::SourceParts "/dev/null";
Dir::Etc::Preferences "/dev/null";
Dir::Etc::PreferencesParts "/dev/null";
Debug::NoLocking "true";
APT::Install-Recommends "false";
APT::Get::AllowUnauthenticated "false";
// As root apt would download as the user _apt, who may not enter a private folder.
APT::Sandbox::User "root";
// forky is not released yet, bullseye is no more maintained: both are seen with a Release file past its date.
Acquire::Check-Valid-Until "false";
Acquire::Languages "none";
Acquire::Retries "3";
// What the machine does after its own updates is not for these.
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
`;
}

function downloadProblem(said: string, { uri, suite }: Mirror): Problem {
  const reasons = said.split("\n").filter((line) => /^[EW]: /.test(line));
  const reason = (reasons.length > 0 ? reasons : [said]).slice(0, 3).join("\n");
  if (/Unable to locate package|no installation candidate/.test(said)) {
    return new Problem(
      `The suite ${suite} at ${uri} has not all of Asterisk's packages: ${reason}`,
      "Try another suite.",
    );
  }
  if (/No space left|enough free space/.test(said)) return diskFull(cacheFolder());
  return new Problem(
    `Asterisk's packages could not be downloaded from ${uri} (suite ${suite}): ${reason}`,
    "See that this machine reaches the mirror (apt-get update does), then try again.",
  );
}

/** Two at a time: unpacking is half waiting for the disk, half decompressing. */
async function unpack(workshop: string, onStep: (step: string) => void): Promise<void> {
  const archives = join(workshop, "archives");
  const root = join(workshop, "root");
  const queue = (await readdir(archives)).filter((name) => name.endsWith(".deb"));
  onStep(`Unpacking ${queue.length} packages`);
  await mkdir(root);
  const worker = async () => {
    for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
      const run = await execa("dpkg-deb", ["-x", join(archives, name), root], {
        reject: false,
        env: { LC_ALL: "C" },
        timeout: 120_000,
      });
      if (!run.failed) continue;
      if (/No space left/.test(run.stderr)) throw diskFull(dirname(workshop));
      throw new Problem(`${name} could not be unpacked: ${run.stderr || run.shortMessage}`, "Try again.");
    }
  };
  await Promise.all([worker(), worker()]);
}

async function requireSpace(folder: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize < megabytesNeeded * 1e6) throw diskFull(folder);
}

function diskFull(folder: string): Problem {
  return new Problem(
    `There is not enough room in ${folder}: Asterisk's packages need ${megabytesNeeded} MB while they are unpacked.`,
    "Make room, or set XDG_CACHE_HOME to a folder on a larger disk.",
  );
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
