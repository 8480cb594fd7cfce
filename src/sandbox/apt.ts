import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { Problem } from "../terminal/problem.ts";
import { diskFull } from "./disk.ts";
import type { Mirror } from "./mirror.ts";

/** The timeout of each of apt's two steps, in ms. */
const aptTimeout = 600_000;

/** Called at each step, with the part that is done, from 0 to 1, if known. */
export type OnStep = (step: string, part?: number) => void;

/** Lets apt resolve, download and verify packages with their dependencies, into `workshop`/archives. */
export async function download(
  packages: readonly string[],
  mirror: Mirror,
  workshop: string,
  onStep: OnStep,
): Promise<void> {
  const config = join(workshop, "apt.conf");
  await Promise.all(
    ["lists/partial", "archives/partial"].map((name) => mkdir(join(workshop, name), { recursive: true })),
  );
  await writeFile(join(workshop, "status"), "");
  await writeFile(join(workshop, "sources.list"), sourceLine(mirror));
  await writeFile(config, aptConfig(workshop));
  // apt reads the file given with -c after the machine's own settings. So the machine's proxies stay, and our settings
  // win.
  const apt = async (step: string, ...args: string[]) => {
    onStep(step);
    const child = execa("apt-get", ["-q", "-c", config, "-o", `APT::Status-Fd=${statusFd}`, ...args], {
      reject: false,
      env: { LC_ALL: "C" },
      timeout: aptTimeout,
      stdio: ["ignore", "pipe", "pipe", "pipe"],
    });
    child.stdio[statusFd]?.on("data", (text: Buffer) => {
      const part = doneIn(text.toString());
      if (part !== undefined) onStep(step, part);
    });
    const run = await child;
    if (run.failed) throw downloadProblem(run.stderr || String(run.shortMessage), mirror, workshop);
  };
  await apt(`Reading the list of packages of ${mirror.suite} at ${mirror.uri}`, "update", "--error-on=any");
  await apt("Downloading Asterisk and its libraries (80 MB)", "install", "--yes", "--download-only", ...packages);
}

/** The descriptor to which apt reports progress, in lines `dlstatus:NUMBER:PERCENT:WHAT`. */
const statusFd = 3;

function doneIn(status: string): number | undefined {
  const percent = [...status.matchAll(/^dlstatus:\d+:([\d.]+):/gm)].at(-1)?.[1];
  return percent === undefined ? undefined : Number(percent) / 100;
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
// forky is not released yet, and bullseye is no longer maintained: the Release files of both may be out of date.
Acquire::Check-Valid-Until "false";
Acquire::Languages "none";
Acquire::Retries "3";
// What the machine does after its own updates is not for these.
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
`;
}

function downloadProblem(said: string, { uri, suite }: Mirror, workshop: string): Problem {
  const reasons = said.split("\n").filter((line) => /^[EW]: /.test(line));
  const reason = (reasons.length > 0 ? reasons : [said]).slice(0, 3).join("\n");
  if (/Unable to locate package|no installation candidate/.test(said)) {
    return new Problem(
      `The suite ${suite} at ${uri} has not all of Asterisk's packages: ${reason}`,
      "Try another suite.",
    );
  }
  if (/No space left|enough free space/.test(said)) return diskFull(workshop);
  return new Problem(
    `Asterisk's packages could not be downloaded from ${uri} (suite ${suite}): ${reason}`,
    "See that this machine reaches the mirror (apt-get update does), then try again.",
  );
}
