import { execa } from "execa";
import { isRoot } from "./as-root.ts";
import type { Ran } from "./drill.ts";

/**
 * Whether file systems can be mounted that only one's own processes see. Not by an ordinary user: in a user namespace of theirs
 * the folders above belong to nobody, and a run that believes itself root's trusts none of them (src/installer/apply/state-folder.ts).
 */
export const canMount = execa("unshare", ["-Urm", "true"], { reject: false }).then(({ failed }) => !failed && isRoot);

/** The message of a test that needs a mount and may not make one. */
export function noMounts(): void {
  console.log("\nSKIPPED: only root may mount a file system and run the command on it");
}

/** Runs a shell script with file systems of its own, which end with it. */
export async function withMounts(script: string, ...args: string[]): Promise<Ran> {
  const { exitCode, signal, all } = await execa("unshare", ["-Urm", "sh", "-euc", script, "sh", ...args], {
    reject: false,
    all: true,
    stdin: "ignore",
  });
  return { code: exitCode, signal, said: all };
}
