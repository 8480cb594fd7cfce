import { dirname } from "node:path";
import type { AsteriskCli } from "../asterisk/cli.ts";
import type { FileSystem } from "../asterisk/files.ts";
import { configTree, type TreeLine } from "../asterisk/tree.ts";
import { type KnownOptions, optionsIn } from "./voiding.ts";

/** What is looked at before an install: the admin's configuration with all that it includes, and what Asterisk says. */
export interface Sight {
  readonly features: readonly TreeLine[];
  /** Without a running Asterisk (`--offline`) there is nothing to ask. */
  readonly running: Running | undefined;
}

/** What the running Asterisk prints. */
export interface Running {
  /** `features show` */
  readonly features: string;
  /** `config show help features ...` */
  readonly options: KnownOptions;
}

/** @param own the folder of our own files, which are passed over */
export async function lookAround(system: FileSystem, own: string, cli: AsteriskCli | undefined): Promise<Sight> {
  const tree = (name: string) => configTree(system, dirname(own), name, own);
  return { features: await tree("features.conf"), running: cli && (await asked(cli)) };
}

async function asked(cli: AsteriskCli): Promise<Running> {
  const optionsOf = async (type: string) => optionsIn(await cli.run(`config show help features ${type}`));
  return {
    features: await cli.run("features show"),
    options: { general: await optionsOf("globals"), featuremap: await optionsOf("featuremap") },
  };
}
