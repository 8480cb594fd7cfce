import { join } from "node:path";
import { aelFiles } from "../asterisk/ael.ts";
import type { AsteriskCli } from "../asterisk/cli.ts";
import type { Directories } from "../asterisk/directories.ts";
import type { FileSystem } from "../asterisk/files.ts";
import { type LuaVersion, luaVersionOf } from "../asterisk/lua.ts";
import { configTree, entriesOf, placeOf, type TreeLine } from "../asterisk/tree.ts";
import { knownVocabulary, type Vocabulary } from "../asterisk/vocabulary.ts";
import { isMarked, markedFiles } from "../plan/admin-files.ts";
import { adminFiles, pathsIn, type Scene, whereNeeded } from "../plan/scene.ts";
import { buttonContext } from "../rehearsal/scenes.ts";
import { contexts, plainContexts } from "../settings/files.ts";
import type { ModuleSight } from "./modules.ts";
import { type KnownOptions, optionsIn } from "./voiding.ts";

/** What is looked at before an install: the admin's configuration with all that it includes, and what Asterisk says. */
export interface Sight {
  readonly scene: Scene;
  readonly features: readonly TreeLine[];
  readonly dialplan: readonly TreeLine[];
  readonly modules: ModuleSight;
  /** The dialplan in other languages, without our own block. */
  readonly scripts: readonly Script[];
  /** The lines that send Asterisk to a database for its endpoints. */
  readonly databases: readonly string[];
  /** Of pbx_lua.so, where it can be told. */
  readonly lua: LuaVersion | undefined;
  /** Without a running Asterisk (`--offline`) there is nothing to ask. */
  readonly running: Running | undefined;
  /** Endpoints that Asterisk knows, wherever they come from: PJSIP/101. Not always asked. */
  readonly devices?: ReadonlySet<string> | undefined;
}

/** extensions.ael, what it includes, or extensions.lua */
export interface Script {
  readonly path: string;
  readonly text: string;
}

/** What the running Asterisk prints. */
export interface Running {
  /** `features show` */
  readonly features: string;
  /** `config show help features ...`, of the sections that have entries. */
  readonly options: KnownOptions;
  /** The applications and functions that it knows. */
  readonly vocabulary: Vocabulary;
  /** Our contexts' names, as far as they are in its dialplan. */
  readonly contexts: ReadonlySet<string>;
  /** `dialplan show CONTEXT` of those, where they cannot be known to be ours. */
  readonly shown: ReadonlyMap<string, string>;
}

/** Whose configuration is looked at; without a running Asterisk (`--offline`) there is no `cli`. */
export interface Looked {
  readonly system: FileSystem;
  readonly directories: Directories;
  readonly cli: AsteriskCli | undefined;
}

/** Everything at once, Asterisk's answers and its files: somebody waits for the first question. */
export async function lookAround({ system, directories, cli }: Looked, looking: Promise<Scene>): Promise<Sight> {
  const { etc, modules } = directories;
  const tree = (name: string) => configTree(system, etc, name, pathsIn(directories).own);
  const isInstalled = looking.then((scene) => isMarked(scene, adminFiles.lua));
  const features = tree(adminFiles.features);
  const [scene, running, ael, present, module, dialplan, modulesConf, sorcery, extconfig] = await Promise.all([
    looking,
    cli && asked(cli, isInstalled, features),
    aelFiles(system, etc),
    system.list(modules).catch(() => undefined),
    system.read(join(modules, "pbx_lua.so")).catch(() => undefined),
    tree(adminFiles.extensions),
    tree(whereNeeded.modules),
    tree("sorcery.conf"),
    tree("extconfig.conf"),
    // One that fails when another has must find somebody who listens.
    isInstalled,
    features,
  ]);
  const scripts = markedFiles(scene).filter(({ path }) => path.endsWith(`/${adminFiles.lua}`));
  return {
    scene,
    features: await features,
    dialplan,
    modules: { modulesConf, present: present && new Set(present), running: scene.modules },
    scripts: [...ael, ...scripts.map(({ path, unmarked }) => ({ path, text: unmarked }))],
    databases: databaseLines(sorcery, extconfig),
    lua: module && luaVersionOf(module.content),
    running,
  };
}

/** `endpoint = realtime,ps_endpoints` of sorcery.conf; `ps_endpoints => odbc,asterisk`, `sippeers => ...` of extconfig.conf. */
function databaseLines(sorcery: readonly TreeLine[], extconfig: readonly TreeLine[]): string[] {
  const isElsewhere = ({ name, value }: { name: string; value: string }) =>
    /^endpoint(?:\/|$)/.test(name) && !/^(?:config|memory)\b/.test(value);
  const isTable = ({ name }: { name: string }) => /^(?:ps_endpoints|sippeers|sipusers)$/.test(name);
  return [
    ...entriesOf(sorcery, "res_pjsip").filter(isElsewhere),
    ...entriesOf(extconfig, "settings").filter(isTable),
  ].map(placeOf);
}

/** All at once, and only what the files give a reason to ask: each is a process of some 10 ms. */
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
 * One question tells which names there are: those that Asterisk's console would complete ours to (main/cli.c,
 * handle_commandmatchesarray). Whose they are has to be asked of each.
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
