import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { Problem } from "../terminal/problem.ts";

/** An unpacked Asterisk with all its libraries, down to libc. Nothing ever writes to it. */
export interface Release {
  root: string;
  suite: string;
  /** Such as "22.10.1". */
  version: string;
  moduleDir: string;
  /** The command that runs this Asterisk with its own loader and libraries. */
  command: readonly [string, ...string[]];
}

/** Inspects an unpacked release, and runs it once to verify that it works here. */
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

/** The command for a program of an unpacked root, with the loader and libraries from there, whatever the host has. */
export async function commandIn(root: string, program: string): Promise<[string, ...string[]]> {
  const folders = await libraryFolders(root);
  // Up to bullseye the links in /lib64 are absolute. They lead to the host's loader, which does not fit this libc. So
  // take the loader next to libc.
  const [loader] = await existing(folders, /^ld-linux.*\.so\.\d+$/);
  if (loader === undefined) throw incomplete(root);
  return [loader, "--library-path", folders.join(":"), join(root, program)];
}

function incomplete(root: string): Problem {
  return new Problem(`${root} is not complete.`, "Delete that folder and try again.");
}

/**
 * The library folders. Up to bullseye they are split between /lib and /usr/lib, and Asterisk's own pjproject is in none
 * of those named after the architecture.
 */
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
