import { createHash } from "node:crypto";
import { Problem } from "../../terminal/problem.ts";

/** What is installed: enough to remove exactly that. Paths are Asterisk's own. */
export interface Manifest {
  readonly version: string;
  /** Files that we created, with the sha256 of what we wrote. */
  readonly made: Readonly<Record<string, string>>;
  /** The admin's files that have our mark. */
  readonly marked: readonly string[];
  /** Folders that we created, innermost first. */
  readonly folders: readonly string[];
  /** Files that ours replaced: the path of the backup, with its sha256. */
  readonly displaced: Readonly<Record<string, string>>;
}

export const emptyManifest: Manifest = { version: "", made: {}, marked: [], folders: [], displaced: {} };

export function readManifest(text: string | undefined, path: string): Manifest {
  if (text === undefined) return emptyManifest;
  try {
    // Manifests of older versions do not have `displaced`.
    const { version, made, marked, folders, displaced = {} } = JSON.parse(text) as Record<string, unknown>;
    if (isText(version) && isTexts(made) && isList(marked) && isList(folders) && isTexts(displaced))
      return { version, made, marked, folders, displaced };
  } catch {
    // Not JSON: the Problem below says so.
  }
  throw new Problem(
    `${path} cannot be read as our manifest.`,
    "Restore it from a backup, or delete it: `install` writes a new one.",
  );
}

const isText = (value: unknown) => typeof value === "string";
const isList = (value: unknown): value is string[] => Array.isArray(value) && value.every(isText);
const isTexts = (value: unknown): value is Record<string, string> =>
  typeof value === "object" && value !== null && !Array.isArray(value) && isList(Object.values(value));

export function writeManifest(manifest: Manifest): string {
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

export function digest(content: string | Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}
