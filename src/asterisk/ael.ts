import { join } from "node:path";
import type { FileSystem } from "./files.ts";
import { matchingPaths } from "./glob.ts";

export interface AelFile {
  readonly path: string;
  readonly text: string;
}

const include = /^\s*#include[ \t]+"([^"]+)"/gm;

/**
 * Reads extensions.ael and its includes, each file once, the includer first. As in res/ael/ael.flex, an include is a
 * quoted pattern, and one that matches no file is ignored.
 */
export async function aelFiles(system: FileSystem, etc: string): Promise<AelFile[]> {
  const found = new Map<string, string>();
  const load = async (name: string): Promise<void> => {
    for (const path of await matchingPaths(system, name.startsWith("/") ? name : join(etc, name))) {
      if (found.has(path) || (await system.list(path)) !== undefined) continue;
      const text = (await system.read(path))?.content.toString("latin1");
      if (text === undefined) continue;
      found.set(path, text);
      for (const [, included = ""] of text.matchAll(include)) await load(included);
    }
  };
  await load("extensions.ael");
  return [...found].map(([path, text]) => ({ path, text }));
}
