import { join } from "node:path";
import { aelFiles } from "../asterisk/ael.ts";
import type { AsteriskCli } from "../asterisk/cli.ts";
import type { FileSystem } from "../asterisk/files.ts";
import { type LuaVersion, luaVersionOf } from "../asterisk/lua.ts";
import { configTree, entriesOf, placeOf, type TreeLine } from "../asterisk/tree.ts";
import { isMarked, markedFiles } from "../plan/admin-files.ts";
import { adminFiles, type Scene, whereNeeded } from "../plan/scene.ts";
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
  /** `config show help features ...` */
  readonly options: KnownOptions;
  /** Our contexts' names, as far as they are in its dialplan. */
  readonly contexts: ReadonlySet<string>;
  /** `dialplan show CONTEXT` of those, where they cannot be known to be ours. */
  readonly shown: ReadonlyMap<string, string>;
}

/** Asterisk is asked while its files are read: somebody waits for the first question. */
export async function lookAround(
  system: FileSystem,
  scene: Scene | Promise<Scene>,
  cli: AsteriskCli | undefined,
): Promise<Sight> {
  const looking = Promise.resolve(scene);
  const isInstalled = looking.then((found) => isMarked(found, adminFiles.lua));
  const [seen, running] = await Promise.all([
    looking.then((found) => filesSeen(system, found)),
    cli && asked(cli, isInstalled),
    isInstalled,
  ]);
  return { ...seen, running };
}

async function filesSeen(system: FileSystem, scene: Scene): Promise<Omit<Sight, "running">> {
  const { etc, modules } = scene.directories;
  const tree = (name: string) => configTree(system, etc, name, scene.paths.own);
  const scripts = markedFiles(scene).filter(({ path }) => path.endsWith(`/${adminFiles.lua}`));
  const [ael, present, module, features, dialplan, modulesConf, sorcery, extconfig] = await Promise.all([
    aelFiles(system, etc),
    system.list(modules).catch(() => undefined),
    system.read(join(modules, "pbx_lua.so")).catch(() => undefined),
    tree(adminFiles.features),
    tree(adminFiles.extensions),
    tree(whereNeeded.modules),
    tree("sorcery.conf"),
    tree("extconfig.conf"),
  ]);
  return {
    scene,
    features,
    dialplan,
    modules: { modulesConf, present: present && new Set(present), running: scene.modules },
    scripts: [...ael, ...scripts.map(({ path, unmarked }) => ({ path, text: unmarked }))],
    databases: databaseLines(sorcery, extconfig),
    lua: module && luaVersionOf(module.content),
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

async function asked(cli: AsteriskCli, isInstalled: Promise<boolean>): Promise<Running> {
  const optionsOf = async (type: string) => optionsIn(await cli.run(`config show help features ${type}`));
  // All at once: each is a process of some 10 ms.
  const [features, general, featuremap, dialplan] = await Promise.all([
    cli.run("features show"),
    optionsOf("globals"),
    optionsOf("featuremap"),
    contextsIn(cli, isInstalled),
  ]);
  return { features, options: { general, featuremap }, ...dialplan };
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
