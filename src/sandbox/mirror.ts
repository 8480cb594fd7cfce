import { access, readFile } from "node:fs/promises";
import { execa } from "execa";
import { Problem } from "../terminal/problem.ts";

/** An apt source to download Asterisk from. */
export interface Mirror {
  uri: string;
  suite: string;
  components: string;
  /** The key file that the archive is signed with. */
  keyring: string;
}

interface Archive {
  name: string;
  /** The end of the path on its mirrors, which most mirrors of the world share. */
  path: RegExp;
  components: string;
  keyrings: string[];
}

const keyringFolder = "/usr/share/keyrings";

const debian: Archive = {
  name: "Debian",
  path: /\/debian\/?$/,
  components: "main",
  keyrings: ["debian-archive-keyring.gpg", "debian-archive-keyring.pgp"],
};

/** Ubuntu's asterisk package is built with pbx_lua. It is in universe. */
const ubuntu: Archive = {
  name: "Ubuntu",
  path: /\/ubuntu(-ports)?\/?$/,
  components: "main universe",
  keyrings: ["ubuntu-archive-keyring.gpg", "ubuntu-archive-keyring.pgp"],
};

/** Debian's stable suites (12, 13) have no asterisk package. This one has Asterisk 22. */
const debianSuite = "forky";

/** The default suite: this machine's own on Ubuntu, otherwise Debian's forky. */
export async function usualSuite(): Promise<string> {
  return (await ubuntuCodename()) ?? debianSuite;
}

/**
 * The mirror that this machine's apt uses, for another suite: Ubuntu's own, or any of Debian's ("bullseye" has Asterisk
 * 16).
 */
export async function findMirror(suite: string): Promise<Mirror> {
  const archive = suite === (await ubuntuCodename()) ? ubuntu : debian;
  const uris = await mirrorsOfThisMachine();
  const uri = uris.find((candidate) => archive.path.test(candidate));
  if (uri === undefined) {
    throw new Problem(
      `No ${archive.name} mirror is among this machine's apt sources (${uris.join(", ") || "there are none"}).`,
      `Add a line for ${archive.name} to /etc/apt/sources.list, or run this on a Debian or Ubuntu machine.`,
    );
  }
  return { uri, suite, components: archive.components, keyring: await findKeyring(archive) };
}

/** Asks apt for its mirrors, because apt reads every format of its own sources. */
async function mirrorsOfThisMachine(): Promise<string[]> {
  // --print-uris downloads nothing. Still it takes the lock by default, which only root may do.
  const list = ["update", "--print-uris", "-o", "Debug::NoLocking=1"];
  const { stdout, failed } = await execa("apt-get", list, { reject: false, env: { LC_ALL: "C" }, timeout: 20_000 });
  if (failed) {
    throw new Problem(
      "apt-get does not run here, and the demo's Asterisk comes from Debian's packages.",
      "Run this on a Debian or Ubuntu machine.",
    );
  }
  return [...stdout.matchAll(/^'(.+)\/dists\/[^']+\/InRelease'/gm)].map((match) => match[1] as string);
}

async function ubuntuCodename(): Promise<string | undefined> {
  const release = await readFile("/etc/os-release", "utf8").catch(() => "");
  return /^UBUNTU_CODENAME="?([a-z]+)"?$/m.exec(release)?.[1];
}

async function findKeyring(archive: Archive): Promise<string> {
  for (const name of archive.keyrings) {
    const file = `${keyringFolder}/${name}`;
    if (
      await access(file).then(
        () => true,
        () => false,
      )
    )
      return file;
  }
  throw new Problem(
    `The keys that ${archive.name}'s packages are signed with are not in ${keyringFolder}.`,
    `Install them: apt-get install ${archive.name.toLowerCase()}-${archive === ubuntu ? "keyring" : "archive-keyring"}`,
  );
}
