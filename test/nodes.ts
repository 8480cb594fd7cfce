import { access, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { cacheFolder } from "../src/sandbox/packages.ts";

/**
 * The program of another Node, as the npm package `node` has it, kept in the sandbox's cache. Throws where npm cannot
 * bring it.
 *
 * @param wanted a version, or "latest"
 */
export async function unpackNode(wanted: string): Promise<string> {
  const isExact = /^\d+\.\d+\.\d+$/.test(wanted);
  const version = isExact ? wanted : await npm(["view", `node@${wanted}`, "version"]);
  const file = join(cacheFolder(), `node-${version}-${process.arch}`);
  if (!(await isThere(file))) await download(version, file);
  return file;
}

async function download(version: string, file: string): Promise<void> {
  await mkdir(cacheFolder(), { recursive: true });
  // If a run is killed, the sandbox removes what it left under this name.
  const workshop = await mkdtemp(join(cacheFolder(), `building-${process.pid}-`));
  try {
    await npm(["install", "--no-save", "--no-package-lock", "--no-audit", "--no-fund", `node@${version}`], workshop);
    await rename(join(workshop, "node_modules/node/bin/node"), file);
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
}

async function npm(args: readonly string[], folder?: string): Promise<string> {
  const prefix = folder === undefined ? [] : ["--prefix", folder];
  const { stdout } = await execa("npm", [...args, ...prefix], { timeout: 120_000, stdin: "ignore" });
  return stdout.trim();
}

function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
