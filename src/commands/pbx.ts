import { basename, dirname, join } from "node:path";
import type { Target } from "../apply/apply.ts";
import { leftHalfDone } from "../apply/recover.ts";
import { inTurn, tidy } from "../apply/turn.ts";
import { asteriskCli } from "../asterisk/cli.ts";
import { directoriesIn, directoriesOf } from "../asterisk/directories.ts";
import { fileSystem } from "../asterisk/files.ts";
import { endingsIn, hiddenFrom, soundFault, usualEndings } from "../asterisk/sounds.ts";
import { type Identity, identify, requireVersion, type Survey, survey } from "../asterisk/survey.ts";
import { configTree } from "../asterisk/tree.ts";
import { type Evidence, settingsAsFound } from "../check/evidence.ts";
import { type Proof, prove } from "../check/proof.ts";
import { type ExitCode, Problem } from "../errors.ts";
import { lookAround, type Sight } from "../looking/sight.ts";
import type { Shipped } from "../plan/generated.ts";
import { luaModule } from "../plan/reloads.ts";
import { lookAt, type Scene } from "../plan/scene.ts";
import type { Context } from "./command.ts";

/** The PBX that the command is about. Without a running Asterisk (`--offline`), `cli` and `asterisk` are missing. */
export interface Pbx extends Target {
  readonly asterisk: Identity | undefined;
}

/** And whom it knows, which only an install asks: a list of thousands takes a second. */
export interface SurveyedPbx extends Pbx {
  readonly survey: Survey | undefined;
}

/** Has work done that changes the PBX: nobody else changes it meanwhile, and what a killed run left is taken back first. */
export async function changingPbx(context: Context, work: (pbx: Pbx) => Promise<ExitCode>): Promise<ExitCode> {
  const target = await reach(context);
  if (context.options["dry-run"]) {
    const leftover = await leftHalfDone(target);
    if (leftover) context.terminal.tell(`${leftover} The next run takes it back first; this one shows what it finds.`);
    return work(await identified(target));
  }
  return inTurn(target, context.terminal.tell, async () => work(await identified(target)));
}

/** Has work done that only looks. It too finds a whole PBX: what a killed run left half done, it takes back first. */
export async function lookingAtPbx(context: Context, work: (pbx: Pbx) => Promise<ExitCode>): Promise<ExitCode> {
  const target = await reach(context);
  await tidy(target, context.terminal.tell);
  return work(await identified(target));
}

async function reach({ options, terminal }: Context): Promise<Target> {
  const system = fileSystem(options.root);
  const conf = options["asterisk-conf"];
  const inFile = () => directoriesIn(conf, options.root ?? "/");
  if (options.offline) return { system, directories: await inFile(), cli: undefined };
  const cli = asteriskCli(options.asterisk, conf);
  try {
    return { system, directories: await directoriesOf(cli), cli };
  } catch (error) {
    // It may have stopped while a run was under way. Its files at least must be whole when it starts again.
    const directories = await inFile().catch(() => undefined);
    if (directories) await tidy({ system, directories, cli }, terminal.tell);
    throw error;
  }
}

/** With what the running Asterisk is by now. */
export async function identified(target: Target): Promise<Pbx> {
  return { ...target, asterisk: target.cli && (await identify(target.cli)) };
}

export async function surveyed(pbx: Pbx): Promise<SurveyedPbx> {
  const { cli, asterisk } = pbx;
  return { ...pbx, survey: cli && asterisk && (await survey(cli, asterisk)) };
}

/** Throws where nothing could be installed: too old, or without the Lua dialplan. */
export async function requireAble({ system, directories, asterisk: found }: Pbx): Promise<void> {
  if (found === undefined) return;
  requireVersion(found.version);
  if (found.modules.has(luaModule) || (await system.ownership(join(directories.modules, luaModule)))) return;
  throw new Problem(
    `This Asterisk ${found.version} has no Lua dialplan: ${join(directories.modules, luaModule)} is missing.`,
    "Install it (Debian: the package asterisk-modules; a build of your own: liblua5.1-dev, then pbx_lua in `make menuselect`).",
  );
}

export function look({ system, directories, asterisk: found }: Pbx, shipped: Shipped): Promise<Scene> {
  return lookAt(system, directories, Object.keys(shipped.sounds), found?.modules);
}

/** All that is looked at before an install. */
export async function seePbx(pbx: Pbx, shipped: Shipped): Promise<Sight> {
  return lookAround(pbx.system, look(pbx, shipped), pbx.cli);
}

/** Looks at the files as they are now, checks every fact and rehearses, unless told not to. */
export async function provePbx(
  pbx: Pbx,
  { options, shipped }: Pick<Context, "options" | "shipped">,
  signal?: AbortSignal,
): Promise<Proof> {
  const sight = await seePbx(pbx, shipped);
  const { scene } = sight;
  const evidence: Evidence = {
    scene,
    sight,
    shipped,
    ...settingsAsFound(scene),
    asterisk: pbx.asterisk,
    cli: pbx.cli,
    // While an install is being proven there is its own.
    leftover: signal === undefined ? await leftHalfDone(pbx) : undefined,
    soundFault: soundJudge(pbx, scene),
    hidden: (path) => hiddenFrom(userOf(pbx, scene), path, pbx.system),
    tree: (name) => configTree(pbx.system, pbx.directories.etc, name, scene.paths.own),
  };
  return prove(evidence, options["no-rehearsal"] ? "no" : options.rehearsal ? "despite events" : "yes", signal);
}

/** Why Asterisk could not play a sound, if it could not: asked of what the PBX has now. */
export function soundJudge(
  { system, directories, cli }: Pbx,
  scene: Scene,
): (name: string) => Promise<Problem | undefined> {
  const installed = [...scene.folders.keys()].flatMap((path) =>
    dirname(path) === scene.paths.sounds ? [basename(path)] : [],
  );
  const languages = [...new Set(["en", ...installed])];
  let endings: Promise<ReadonlySet<string>> | undefined;
  return async (name) => {
    endings ??= cli ? cli.run("core show file formats").then(endingsIn) : Promise.resolve(usualEndings);
    const user = userOf({ directories }, scene);
    return soundFault(name, { system, folder: scene.paths.sounds, languages, endings: await endings, user });
  };
}

/** Asterisk's own folder belongs to the user that it runs as. */
function userOf({ directories }: Pick<Pbx, "directories">, scene: Scene) {
  return scene.folders.get(directories.varLib);
}
