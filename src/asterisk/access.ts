import type { AsteriskCli } from "./cli.ts";
import type { Directories } from "./directories.ts";
import type { FileSystem } from "./files.ts";

/** How an Asterisk is reached: its files, and its command line, which is undefined where it does not run or with `--offline`. */
export interface Access {
  readonly system: FileSystem;
  readonly directories: Directories;
  readonly cli: AsteriskCli | undefined;
}
