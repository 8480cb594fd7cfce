import { join } from "node:path";
import { type AsteriskCli, asteriskCli } from "../asterisk/cli.ts";
import { type Directories, directoriesIn, directoriesOf } from "../asterisk/directories.ts";
import { type FileSystem, fileSystem } from "../asterisk/files.ts";
import { requireVersion, type Survey, survey } from "../asterisk/survey.ts";
import { type CheckResult, check } from "../check/check.ts";
import { settingsAsFound } from "../check/facts.ts";
import type { Options } from "../cli/options.ts";
import { Problem } from "../errors.ts";
import type { Shipped } from "../plan/generated.ts";
import { lookAt, type Scene } from "../plan/scene.ts";

/** The PBX that the command is about. Without a running Asterisk (`--offline`), `cli` and `survey` are missing. */
export interface Pbx {
  readonly system: FileSystem;
  readonly directories: Directories;
  readonly cli: AsteriskCli | undefined;
  readonly survey: Survey | undefined;
}

const luaModule = "pbx_lua.so";

export async function reachPbx(options: Options): Promise<Pbx> {
  const system = fileSystem(options.root);
  const conf = options["asterisk-conf"];
  if (options.offline) {
    return { system, directories: await directoriesIn(conf, options.root ?? "/"), cli: undefined, survey: undefined };
  }
  const cli = asteriskCli(options.asterisk, conf);
  const found = await survey(cli);
  return { system, directories: await directoriesOf(cli), cli, survey: found };
}

/** Throws where nothing could be installed: too old, or without the Lua dialplan. */
export async function requireAble({ system, directories, survey: found }: Pbx): Promise<void> {
  if (found === undefined) return;
  requireVersion(found.version);
  if (found.modules.has(luaModule) || (await system.ownership(join(directories.modules, luaModule)))) return;
  throw new Problem(
    `This Asterisk ${found.version} has no Lua dialplan: ${join(directories.modules, luaModule)} is missing.`,
    "Install it (Debian: the package asterisk-modules; a build of your own: liblua5.1-dev, then pbx_lua in `make menuselect`).",
  );
}

export function look({ system, directories, survey: found }: Pbx, shipped: Shipped): Promise<Scene> {
  return lookAt(system, directories, Object.keys(shipped.sounds), found?.modules);
}

/** Looks again, at files and Asterisk as they are now, and checks every fact. */
export async function checkPbx(pbx: Pbx, shipped: Shipped): Promise<CheckResult[]> {
  const now: Pbx = { ...pbx, survey: pbx.cli && (await survey(pbx.cli)) };
  const scene = await look(now, shipped);
  return check({
    scene,
    shipped,
    ...settingsAsFound(scene),
    survey: now.survey,
    cli: now.cli,
    hasSound: soundFinder(now, scene),
  });
}

/** Asterisk looks for NAME.FORMAT below the language's folder, English where there is no other, or at an absolute path. */
function soundFinder({ system }: Pbx, { paths }: Scene): (name: string) => Promise<boolean> {
  const listings = new Map<string, Promise<string[] | undefined>>();
  return async (name) => {
    const path = name.startsWith("/") ? name : join(paths.sounds, "en", name);
    const folder = path.slice(0, path.lastIndexOf("/"));
    const listing = listings.get(folder) ?? system.list(folder);
    listings.set(folder, listing);
    return ((await listing) ?? []).some((file) => join(folder, file).startsWith(`${path}.`));
  };
}
