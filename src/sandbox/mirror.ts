import { access, readFile } from "node:fs/promises";
import { execa } from "execa";
import { Problem } from "../errors.ts";

/** One apt source from which Asterisk is downloaded. */
export interface Mirror {
  uri: string;
  suite: string;
  components: string;
  /** File of the keys which that archive is signed with. */
  keyring: string;
}

interface Archive {
  name: string;
  /** The last part of the path of its mirrors, as most of the world's mirrors lay it out. */
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

/** Ubuntu's own asterisk is built with pbx_lua, and is kept in universe. */
const ubuntu: Archive = {
  name: "Ubuntu",
  path: /\/ubuntu(-ports)?\/?$/,
  components: "main universe",
  keyrings: ["ubuntu-archive-keyring.gpg", "ubuntu-archive-keyring.pgp"],
};

/** Of Debian's suites the stable one (12, 13) has no asterisk; this is the one that has Asterisk 22. */
const debianSuite = "forky";

/** The suite that serves here unless another is wanted: Ubuntu's own, else Debian's forky. */
export async function usualSuite(): Promise<string> {
  return (await ubuntuCodename()) ?? debianSuite;
}

/** The mirror that this machine's own apt uses, turned to a suite: Ubuntu's own, or any of Debian's ("bullseye" has Asterisk 16). */
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

/** Asked of apt itself, which reads every format of its sources, so that nothing is parsed here but its own answer. */
async function mirrorsOfThisMachine(): Promise<string[]> {
  // --print-uris downloads nothing, but takes the lock unless told not to, and only root may.
  const list = ["update", "--print-uris", "-o", "Debug::NoLocking=1"];
  const { stdout, failed } = await execa("apt-get", list, { reject: false, env: { LC_ALL: "C" }, timeout: 20_000 });
  if (failed) {
    throw new Problem(
      "apt-get does not run here, and the sandbox's Asterisk comes from Debian's packages.",
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
