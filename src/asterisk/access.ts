import type { AsteriskCli } from "./cli.ts";
import type { Directories } from "./directories.ts";
import type { FileSystem } from "./files.ts";

/** An Asterisk: its files, and its command line, which is undefined if it does not run and with `--offline`. */
export interface Access {
  readonly system: FileSystem;
  readonly directories: Directories;
  readonly cli: AsteriskCli | undefined;
}
