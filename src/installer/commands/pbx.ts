import { basename, dirname, join } from "node:path";
import { asteriskCli } from "../../asterisk/cli.ts";
import { directoriesIn, directoriesOf } from "../../asterisk/directories.ts";
import { fileSystem } from "../../asterisk/files.ts";
import { type Identity, requireVersion, runningModules, versionIn } from "../../asterisk/listings.ts";
import { endingsIn, hiddenFrom, soundFault, usualEndings } from "../../asterisk/sounds.ts";
import { configTree } from "../../asterisk/tree.ts";
import { type ExitCode, Problem } from "../../terminal/problem.ts";
import type { Target } from "../apply/apply.ts";
import { leftHalfDone } from "../apply/recover.ts";
import { inTurn, tidy } from "../apply/turn.ts";
import { type Evidence, settingsAsFound } from "../check/evidence.ts";
import { type Proof, prove } from "../check/proof.ts";
import { lookAtLogs } from "../log/sources.ts";
import type { Shipped } from "../plan/generated.ts";
import { luaModule } from "../plan/reloads.ts";
import { lookAt, type Modules, type OnUnreadable, type Scene } from "../plan/scene.ts";
import { lookAround, type Sight } from "../preflight/sight.ts";
import { type Survey, survey } from "../preflight/survey.ts";
import type { Context } from "./command.ts";

/** The PBX that the command works on. `cli` and `version` are undefined with `--offline`. */
export interface Reached extends Target {
  readonly version: string | undefined;
}

/** Adds what the running Asterisk has loaded. */
export interface Pbx extends Reached {
  readonly asterisk: Identity | undefined;
}

/** Adds the endpoints. Only `install` asks for them: a list of thousands takes a second. */
export interface SurveyedPbx extends Pbx {
  readonly survey: Survey | undefined;
}

/** Runs work that changes the PBX, under the lock. First rolls back what a killed run left unfinished. */
export async function changingPbx(context: Context, work: (pbx: Reached) => Promise<ExitCode>): Promise<ExitCode> {
  const target = await reach(context);
  if (context.options["dry-run"]) {
    const leftover = await leftHalfDone(target);
    if (leftover) context.terminal.tell(`${leftover} The next run takes it back first; this one shows what it finds.`);
    return work(target);
  }
  return inTurn(target, context.terminal.tell, () => work(target));
}

/**
 * Runs work that only reads the PBX. First rolls back what a killed run left unfinished, so that it reads a consistent
 * PBX.
 */
export async function lookingAtPbx(context: Context, work: (pbx: Pbx) => Promise<ExitCode>): Promise<ExitCode> {
  const target = await reach(context);
  await tidy(target, context.terminal.tell);
  return work(await identified(target));
}

async function reach({ options, terminal }: Context): Promise<Reached> {
  const system = fileSystem(options.root);
  const conf = options["asterisk-conf"];
  const inFile = () => directoriesIn(conf, options.root ?? "/");
  if (options.offline) return { system, directories: await inFile(), cli: undefined, version: undefined };
  const cli = asteriskCli(options.asterisk, conf);
  try {
    const settings = await cli.run("core show settings");
    return { system, directories: directoriesOf(settings), cli, version: versionIn(settings) };
  } catch (error) {
    // Asterisk may have stopped during a run. Its files at least must be complete when it starts again.
    const directories = await inFile().catch(() => undefined);
    if (directories) await tidy({ system, directories, cli }, terminal.tell);
    throw error;
  }
}

/** Adds the modules that are running now. */
export async function identified(reached: Reached): Promise<Pbx> {
  const { cli, version } = reached;
  if (cli === undefined || version === undefined) return { ...reached, asterisk: undefined };
  return { ...reached, asterisk: { version, modules: await runningModules(cli) } };
}

/**
 * Identifies the PBX, lists its endpoints and inspects it for an install, in parallel, because the admin is waiting for
 * the first question. Throws a Problem if we cannot install: Asterisk is too old, or has no Lua dialplan.
 */
export async function ableAndSeen(reached: Reached, shipped: Shipped): Promise<[SurveyedPbx, Sight]> {
  if (reached.version !== undefined) requireVersion(reached.version);
  const { cli } = reached;
  const identifying = identified(reached);
  const modules = identifying.then(({ asterisk }) => asterisk?.modules);
  const [pbx, known, sight] = await Promise.all([
    identifying.then(requireLua),
    cli && survey(cli, modules),
    seePbx(reached, modules, shipped),
    // Listed here only so that its rejection is handled when another promise rejects first.
    modules,
  ]);
  return [
    { ...pbx, survey: known },
    { ...sight, devices: known?.devices },
  ];
}

async function requireLua(pbx: Pbx): Promise<Pbx> {
  const { system, directories, asterisk: found } = pbx;
  if (found === undefined) return pbx;
  if (found.modules.has(luaModule) || (await system.ownership(join(directories.modules, luaModule)))) return pbx;
  throw new Problem(
    `This Asterisk ${found.version} has no Lua dialplan: ${join(directories.modules, luaModule)} is missing.`,
    "Install it (Debian: the package asterisk-modules; a build of your own: liblua5.1-dev, then pbx_lua in `make menuselect`).",
  );
}

/** @param modules the running modules */
export function look(
  { system, directories }: Target,
  modules: Modules,
  shipped: Shipped,
  onUnreadable?: OnUnreadable,
): Promise<Scene> {
  return lookAt(system, directories, Object.keys(shipped.sounds), modules, onUnreadable);
}

function seePbx(target: Target, modules: Modules, shipped: Shipped, onUnreadable?: OnUnreadable): Promise<Sight> {
  return lookAround(target, look(target, modules, shipped, onUnreadable));
}

/** `signal` aborts the proof, and is only set during an install. `tell` is called with the scenes being rehearsed. */
interface Proving {
  readonly signal?: AbortSignal;
  readonly tell?: (what: string) => void;
}

/** Reads the files again, checks every fact, and rehearses unless told not to. */
export async function provePbx(
  pbx: Pbx,
  { options, shipped }: Pick<Context, "options" | "shipped">,
  { signal, tell }: Proving = {},
): Promise<Proof> {
  const unreadable = new Map<string, Problem>();
  const note: OnUnreadable = (path, problem) => unreadable.set(path, problem);
  const sight = await seePbx(pbx, pbx.asterisk?.modules, shipped, note);
  const { scene } = sight;
  const evidence: Evidence = {
    scene,
    sight,
    shipped,
    ...settingsAsFound(scene),
    asterisk: pbx.asterisk,
    cli: pbx.cli,
    // During an install the unfinished run is our own.
    leftover: signal === undefined ? await leftHalfDone(pbx) : undefined,
    soundFault: soundJudge(pbx, scene),
    unreadable,
    hidden: (path) => hiddenFrom(userOf(pbx, scene), path, pbx.system),
    logs: () => lookAtLogs(pbx),
    tree: (name) => configTree(pbx.system, pbx.directories.etc, name, scene.paths.own),
  };
  return prove(evidence, options["no-rehearsal"] ? "no" : options.rehearsal ? "despite events" : "yes", {
    signal,
    onPlay: (scenes) => tell?.(`Rehearsing: ${scenes.join(", ")}`),
  });
}

/** Creates a function that tells why Asterisk cannot play a sound, based on what the PBX has now. */
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

/** The user that Asterisk runs as: the owner of its own folder. */
function userOf({ directories }: Pick<Pbx, "directories">, scene: Scene) {
  return scene.folders.get(directories.varLib);
}
