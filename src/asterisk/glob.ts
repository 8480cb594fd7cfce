import { join } from "node:path";
import type { FileSystem } from "./files.ts";

const magic = /[*?[{]/;

/** The paths that match an #include pattern, in the order of glob() with GLOB_BRACE (main/config.c). */
export async function matchingPaths(system: FileSystem, pattern: string): Promise<string[]> {
  let found = ["/"];
  for (const part of pattern.split("/").filter(Boolean)) {
    const next = found.map(async (folder) => {
      if (!magic.test(part)) return [join(folder, part)];
      const names = ((await system.list(folder)) ?? []).filter((name) => matches(name, part));
      return names.map((name) => join(folder, name));
    });
    found = (await Promise.all(next)).flat();
  }
  return found;
}

function matches(name: string, pattern: string): boolean {
  if (name.startsWith(".") && !pattern.startsWith(".")) return false;
  const source = pattern
    .replace(/\[!|[*?.+^$()|\\]/g, (sign) => signs[sign] ?? `\\${sign}`)
    .replace(/\{([^{}]*)\}/g, (_, choices: string) => `(?:${choices.replaceAll(",", "|")})`);
  return new RegExp(`^${source}$`).test(name);
}

const signs: Readonly<Record<string, string>> = { "*": ".*", "?": ".", "[!": "[^" };
