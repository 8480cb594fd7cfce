import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { Problem } from "../errors.ts";

/** An unpacked Asterisk with every library it needs, down to libc. Nothing in it is ever written to. */
export interface Release {
  root: string;
  suite: string;
  /** Such as "22.10.1". */
  version: string;
  moduleDir: string;
  /** The program and its first arguments that run this Asterisk with its own loader and libraries. */
  command: readonly [string, ...string[]];
}

/** Reads what an unpacked release has, and runs it once to see that it works here. */
export async function openRelease(root: string, suite: string): Promise<Release> {
  const command = await commandIn(root, "usr/sbin/asterisk");
  const [moduleDir] = await existing(
    (await libraryFolders(root)).map((folder) => `${folder}/asterisk`),
    /^modules$/,
  );
  if (moduleDir === undefined) throw incomplete(root);
  const [program, ...args] = command;
  const told = await execa(program, [...args, "-V"], { reject: false, timeout: 20_000 });
  const version = /Asterisk (\d+[.\d]*)/.exec(told.stdout)?.[1];
  if (version === undefined) {
    throw new Problem(
      `The unpacked Asterisk does not run from ${root}: ${told.stderr || told.shortMessage}`,
      "If that file system forbids programs (noexec), set XDG_CACHE_HOME to a folder on one that allows them.",
    );
  }
  return { root, suite, version, moduleDir, command };
}

/** How a program of an unpacked root is run: by the loader and with the libraries that lie there, whatever the host has. */
export async function commandIn(root: string, program: string): Promise<[string, ...string[]]> {
  const folders = await libraryFolders(root);
  // The links in /lib64 are absolute up to bullseye and would lead to the host's own loader, which does not fit this
  // libc: the one beside libc is taken instead.
  const [loader] = await existing(folders, /^ld-linux.*\.so\.\d+$/);
  if (loader === undefined) throw incomplete(root);
  return [loader, "--library-path", folders.join(":"), join(root, program)];
}

function incomplete(root: string): Problem {
  return new Problem(`${root} is not complete.`, "Delete that folder and try again.");
}

/** Up to bullseye the libraries are split between /lib and /usr/lib, and Asterisk's own pjproject is in none named after the machine. */
async function libraryFolders(root: string): Promise<string[]> {
  return [...(await existing([`${root}/usr/lib`, `${root}/lib`], /-linux-gnu/)), `${root}/usr/lib`];
}

async function existing(folders: string[], name: RegExp): Promise<string[]> {
  const found = folders.map(async (folder) => {
    const names = await readdir(folder).catch(() => []);
    return names.filter((entry) => name.test(entry)).map((entry) => join(folder, entry));
  });
  return (await Promise.all(found)).flat();
}
