import { join } from "node:path";
import type { Access } from "../../asterisk/access.ts";
import { aelFiles } from "../../asterisk/ael.ts";
import type { AsteriskCli } from "../../asterisk/cli.ts";
import { configTree, entriesOf, placeOf, type TreeLine } from "../../asterisk/config-tree.ts";
import { type LuaVersion, luaVersionOf } from "../../asterisk/lua.ts";
import { knownVocabulary, type Vocabulary } from "../../asterisk/vocabulary.ts";
import { contexts, plainContexts } from "../../contract/names.ts";
import { buttonContext } from "../../contract/scenes.ts";
import { isMarked, markedFiles } from "../plan/admin-files.ts";
import { adminFiles, pathsIn, type Snapshot, whereNeeded } from "../plan/snapshot.ts";
import { type KnownOptions, optionsIn } from "./features-conf.ts";
import type { ModuleState } from "./modules.ts";

/** Everything that preflight inspects: the admin's configuration with its includes, and what Asterisk reports. */
export interface Inspection {
  readonly snapshot: Snapshot;
  readonly features: readonly TreeLine[];
  readonly dialplan: readonly TreeLine[];
  readonly modules: ModuleState;
  /** The dialplan in AEL and Lua, without our own block. */
  readonly scripts: readonly Script[];
  /** The lines that make Asterisk read its endpoints from a database. */
  readonly databases: readonly string[];
  /** The Lua version of pbx_lua.so, if it can be determined. */
  readonly lua: LuaVersion | undefined;
  /** `undefined` with `--offline`. */
  readonly running: Running | undefined;
  /** All endpoints that Asterisk knows, from any source, such as PJSIP/101. Only `install` asks for them. */
  readonly devices?: ReadonlySet<string> | undefined;
  /** pjsip.conf and pjsip_wizard.conf. Only read where there are [nodes]: they may be long. */
  readonly sip?: SipTrees;
}

export interface SipTrees {
  readonly pjsip: readonly TreeLine[];
  readonly wizard: readonly TreeLine[];
}

/** extensions.ael, a file it includes, or extensions.lua. */
export interface Script {
  readonly path: string;
  readonly text: string;
}

/** The output of CLI commands. */
export interface Running {
  /** `features show` */
  readonly features: string;
  /** `config show help features ...`, for the sections that have entries. */
  readonly options: KnownOptions;
  /** The applications and functions that it has. */
  readonly vocabulary: Vocabulary;
  /** Those of our context names that exist in its dialplan. */
  readonly contexts: ReadonlySet<string>;
  /** `dialplan show CONTEXT` of each, unless they are known to be ours. */
  readonly shown: ReadonlyMap<string, string>;
}

/** Asks Asterisk and reads its files in parallel, because the admin is waiting for the first question. */
export async function inspect({ system, directories, cli }: Access, looking: Promise<Snapshot>): Promise<Inspection> {
  const { etc, modules } = directories;
  const tree = (name: string) => configTree(system, etc, name, pathsIn(directories).own);
  const isInstalled = looking.then((snapshot) => isMarked(snapshot, adminFiles.lua));
  const features = tree(adminFiles.features);
  const [snapshot, running, ael, present, module, dialplan, modulesConf, sorcery, extconfig] = await Promise.all([
    looking,
    cli && asked(cli, isInstalled, features),
    aelFiles(system, etc),
    system.list(modules).catch(() => undefined),
    system.read(join(modules, "pbx_lua.so")).catch(() => undefined),
    tree(adminFiles.extensions),
    tree(whereNeeded.modules),
    tree("sorcery.conf"),
    tree("extconfig.conf"),
    // Listed here only so that its rejection is handled when another promise rejects first.
    isInstalled,
    features,
  ]);
  const scripts = markedFiles(snapshot).filter(({ path }) => path.endsWith(`/${adminFiles.lua}`));
  return {
    snapshot,
    features: await features,
    dialplan,
    modules: { modulesConf, present: present && new Set(present), running: snapshot.modules },
    scripts: [...ael, ...scripts.map(({ path, unmarked }) => ({ path, text: unmarked }))],
    databases: databaseLines(sorcery, extconfig),
    lua: module && luaVersionOf(module.content),
    running,
  };
}

/**
 * Finds `endpoint = realtime,ps_endpoints` in sorcery.conf, and `ps_endpoints => odbc,asterisk` or `sippeers => ...` in
 * extconfig.conf.
 */
function databaseLines(sorcery: readonly TreeLine[], extconfig: readonly TreeLine[]): string[] {
  const isElsewhere = ({ name, value }: { name: string; value: string }) =>
    /^endpoint(?:\/|$)/.test(name) && !/^(?:config|memory)\b/.test(value);
  const isTable = ({ name }: { name: string }) => /^(?:ps_endpoints|sippeers|sipusers)$/.test(name);
  return [
    ...entriesOf(sorcery, "res_pjsip").filter(isElsewhere),
    ...entriesOf(extconfig, "settings").filter(isTable),
  ].map(placeOf);
}

/** Asks in parallel, and only what the files make necessary: each question is a process of about 10 ms. */
async function asked(
  cli: AsteriskCli,
  isInstalled: Promise<boolean>,
  files: Promise<readonly TreeLine[]>,
): Promise<Running> {
  const optionsOf = async (section: keyof KnownOptions, type: string) =>
    entriesOf(await files, section).length === 0
      ? new Set<string>()
      : optionsIn(await cli.run(`config show help features ${type}`));
  const [features, general, featuremap, vocabulary, dialplan] = await Promise.all([
    cli.run("features show"),
    optionsOf("general", "globals"),
    optionsOf("featuremap", "featuremap"),
    knownVocabulary(cli),
    contextsIn(cli, isInstalled),
  ]);
  return { features, options: { general, featuremap }, vocabulary, ...dialplan };
}

const ours = [...Object.values(contexts), ...Object.values(plainContexts), buttonContext];

/**
 * Finds our context names in the dialplan with one question, by Asterisk's own console completion (main/cli.c,
 * handle_commandmatchesarray). If we are not installed, a second question for each name tells whose it is.
 */
async function contextsIn(
  cli: AsteriskCli,
  isInstalled: Promise<boolean>,
): Promise<Pick<Running, "contexts" | "shown">> {
  const completed = await cli.run(`_command matchesarray "dialplan show ${contexts.key}" ${contexts.key}`);
  const [list, end] = completed.split("_EOF_");
  const listed = new Set(list?.split(/\s+/));
  const names = end === undefined ? ours : ours.filter((name) => listed.has(name));
  if (end !== undefined && (await isInstalled)) return { contexts: new Set(names), shown: new Map() };
  const shown = await Promise.all(names.map(async (name) => [name, await cli.run(`dialplan show ${name}`)] as const));
  const found = shown.filter(([name, text]) => text.includes(`'${name}'`));
  return { contexts: new Set(found.map(([name]) => name)), shown: new Map(found) };
}
