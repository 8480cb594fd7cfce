import { execa } from "execa";
import type { Ran } from "./drill.ts";

/** May this user mount file systems that only his own processes see? */
export const canMount = execa("unshare", ["-Urm", "true"], { reject: false }).then(({ failed }) => !failed);

/** What a test says that needs it where it may not be. */
export function noMounts(): void {
  console.log("\nSKIPPED: this user may not mount a file system of his own");
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
