import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";

const folder = join(import.meta.dirname, "../../shared/corpus");

export interface RealFile {
  readonly name: string;
  /** As Latin-1, in which every byte is a character. */
  readonly text: string;
}

/** Real configuration files of others of a kind: `features`, `lua`, `extensions` ... They are no part of the project. */
export function realFiles(kind: string): RealFile[] {
  const files = readdirSync(join(folder, kind)).map((name) => ({
    name: `${kind}/${name}`,
    text: readFileSync(join(folder, kind, name), "latin1"),
  }));
  assert.ok(files.length > 0, kind);
  return files;
}

/** Says so if they are missing. */
export function hasRealFiles(): boolean {
  if (existsSync(folder)) return true;
  console.log(`\nSKIPPED: there is no folder ${folder}`);
  assert.not.ok(existsSync(folder));
  return false;
}
