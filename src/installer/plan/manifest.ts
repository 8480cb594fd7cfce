import { createHash } from "node:crypto";
import { Problem } from "../../terminal/problem.ts";

/** What is installed: enough to take out exactly that. Paths are Asterisk's own. */
export interface Manifest {
  readonly version: string;
  /** Files that were not there before us, with the sha256 of what we wrote. */
  readonly made: Readonly<Record<string, string>>;
  /** The admin's files that carry our mark. */
  readonly marked: readonly string[];
  /** Folders that were not there before us, innermost first. */
  readonly folders: readonly string[];
  /** What stood in the place of a file of ours before us: where it is kept, with its sha256. */
  readonly displaced: Readonly<Record<string, string>>;
}

export const emptyManifest: Manifest = { version: "", made: {}, marked: [], folders: [], displaced: {} };

export function readManifest(text: string | undefined, path: string): Manifest {
  if (text === undefined) return emptyManifest;
  try {
    // An older version displaced nothing that it meant to put back.
    const { version, made, marked, folders, displaced = {} } = JSON.parse(text) as Manifest;
    if (typeof version === "string" && made && Array.isArray(marked) && Array.isArray(folders))
      return { version, made, marked, folders, displaced };
  } catch {
    // Falls through to the Problem below, which says all that is to be said.
  }
  throw new Problem(
    `${path} is not readable as our manifest.`,
    "Put it back from a backup, or delete it: `install` makes a new one.",
  );
}

export function writeManifest(manifest: Manifest): string {
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

export function digest(content: Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}
