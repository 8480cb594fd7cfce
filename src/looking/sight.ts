import { join } from "node:path";
import { aelFiles } from "../asterisk/ael.ts";
import type { AsteriskCli } from "../asterisk/cli.ts";
import type { FileSystem } from "../asterisk/files.ts";
import { type LuaVersion, luaVersionOf } from "../asterisk/lua.ts";
import { configTree, entriesOf, placeOf, type TreeLine } from "../asterisk/tree.ts";
import { markedFiles } from "../plan/admin-files.ts";
import { adminFiles, type Scene, whereNeeded } from "../plan/scene.ts";
import { contexts } from "../settings/files.ts";
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
  /** `dialplan show CONTEXT`, by those of our contexts' names that are there. */
  readonly contexts: ReadonlyMap<string, string>;
  /** Endpoints, wherever they come from: PJSIP/101. */
  readonly devices: ReadonlySet<string>;
}

export async function lookAround(
  system: FileSystem,
  scene: Scene,
  cli: AsteriskCli | undefined,
  devices: ReadonlySet<string> = new Set(),
): Promise<Sight> {
  const { etc, modules } = scene.directories;
  const tree = (name: string) => configTree(system, etc, name, scene.paths.own);
  const scripts = markedFiles(scene).filter(({ path }) => path.endsWith(`/${adminFiles.lua}`));
  // Asterisk is asked while its files are read.
  const [running, ael, present, module, features, dialplan, modulesConf, sorcery, extconfig] = await Promise.all([
    cli && asked(cli, devices),
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

async function asked(cli: AsteriskCli, devices: ReadonlySet<string>): Promise<Running> {
  const optionsOf = async (type: string) => optionsIn(await cli.run(`config show help features ${type}`));
  // All at once: each is a process of some 10 ms, and somebody waits for the first question.
  const [features, general, featuremap, dialplan] = await Promise.all([
    cli.run("features show"),
    optionsOf("globals"),
    optionsOf("featuremap"),
    contextsShown(cli),
  ]);
  return { features, options: { general, featuremap }, contexts: dialplan, devices };
}

/** Before the first install there are none, which one question tells. */
async function contextsShown(cli: AsteriskCli): Promise<Map<string, string>> {
  const names = await contextNames(cli);
  const shown = names.map(async (name) => [name, await cli.run(`dialplan show ${name}`)] as const);
  return new Map(await Promise.all(shown));
}

/** Those that Asterisk's console would complete our name to (main/cli.c, handle_commandmatchesarray); all if it would not. */
async function contextNames(cli: AsteriskCli): Promise<string[]> {
  const all = Object.values(contexts);
  const completed = await cli.run(`_command matchesarray "dialplan show ${contexts.key}" ${contexts.key}`);
  const [list, end] = completed.split("_EOF_");
  if (end === undefined) return all;
  const there = new Set(list?.split(/\s+/));
  return all.filter((name) => there.has(name));
}
