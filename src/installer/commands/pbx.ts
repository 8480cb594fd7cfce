import { basename, dirname, join } from "node:path";
import { asteriskCli } from "../../asterisk/cli.ts";
import { configTree } from "../../asterisk/config-tree.ts";
import { directoriesIn, directoriesOf } from "../../asterisk/directories.ts";
import { fileSystem } from "../../asterisk/files.ts";
import { type Identity, requireVersion, runningModules, versionIn } from "../../asterisk/listings.ts";
import { endingsIn, hiddenFrom, soundFault, usualEndings } from "../../asterisk/sounds.ts";
import { type ExitCode, Problem } from "../../terminal/problem.ts";
import type { Target } from "../apply/apply.ts";
import { unfinishedRun } from "../apply/recover.ts";
import { stateFolder } from "../apply/state-folder.ts";
import { underLock } from "../apply/under-lock.ts";
import { type Evidence, settingsAsFound } from "../check/evidence.ts";
import { type Proof, prove } from "../check/proof.ts";
import { findLogSources } from "../log/sources.ts";
import { generatorOf } from "../plan/custom-files.ts";
import type { Shipped } from "../plan/generated.ts";
import { luaModule } from "../plan/reloads.ts";
import { adminFiles, type Snapshot } from "../plan/snapshot.ts";
import { type Inspection, inspect } from "../preflight/inspection.ts";
import { luaRemedy } from "../preflight/lua-remedy.ts";
import { type Modules, type OnUnreadable, readSnapshot } from "../preflight/read-snapshot.ts";
import { type Survey, survey } from "../preflight/survey.ts";
import { withTrunkFiles } from "../preflight/trunk-files.ts";
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
  const { options, terminal } = context;
  if (options["dry-run"]) {
    const target = await reach(context);
    const leftover = await unfinishedRun(target);
    if (leftover) terminal.tell(`${leftover.seen} ${leftover.remedy} This dry run shows the files as they are now.`);
    return work(target);
  }
  const target = await reach(context).catch(async (error: unknown) => {
    // Asterisk may have stopped during a run. Its files at least must be complete when it starts again.
    await recoverUnreached(context);
    throw error;
  });
  return underLock(target, terminal.tell, () => work(target));
}

/** Runs work that only reads the PBX. What a killed run left unfinished is reported, and not changed. */
export async function readingPbx(context: Context, work: (pbx: Pbx) => Promise<ExitCode>): Promise<ExitCode> {
  return work(await identified(await reach(context)));
}

async function reach({ options }: Context): Promise<Reached> {
  const system = fileSystem(options.root);
  const conf = options["asterisk-conf"];
  if (options.offline)
    return { system, directories: await directoriesIn(conf, options.root ?? "/"), cli: undefined, version: undefined };
  const cli = asteriskCli(options.asterisk, conf);
  const settings = await cli.run("core show settings");
  return { system, directories: directoriesOf(settings), cli, version: versionIn(settings) };
}

async function recoverUnreached({ options, terminal }: Context): Promise<void> {
  const directories = await directoriesIn(options["asterisk-conf"], options.root ?? "/").catch(() => undefined);
  if (directories === undefined) return;
  const cli = asteriskCli(options.asterisk, options["asterisk-conf"]);
  const target = { system: fileSystem(options.root), directories, cli };
  if (await unfinishedRun(target)) await underLock(target, terminal.tell, async () => {});
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
export async function surveyAndInspect(
  reached: Reached,
  shipped: Shipped,
): Promise<{ pbx: SurveyedPbx; inspection: Inspection }> {
  if (reached.version !== undefined) requireVersion(reached.version);
  const { cli } = reached;
  const identifying = identified(reached);
  const modules = identifying.then(({ asterisk }) => asterisk?.modules);
  const [pbx, found, inspection] = await Promise.all([
    identifying.then(requireLua),
    cli && survey(cli, modules),
    inspectPbx(reached, modules, shipped),
    // Listed here only so that its rejection is handled when another promise rejects first.
    modules,
  ]);
  return { pbx: { ...pbx, survey: found }, inspection: { ...inspection, devices: found?.devices } };
}

async function requireLua(pbx: Pbx): Promise<Pbx> {
  const { system, directories, asterisk: found } = pbx;
  if (found === undefined) return pbx;
  const path = join(directories.modules, luaModule);
  if (found.modules.has(luaModule) || (await system.ownership(path))) return pbx;
  const dialplan = await system.read(join(directories.etc, adminFiles.extensions)).catch(() => undefined);
  throw new Problem(
    `This Asterisk ${found.version} has no Lua dialplan: ${path} is missing.`,
    luaRemedy(generatorOf(dialplan?.content.toString("latin1") ?? ""), found.version, path),
  );
}

/** @param modules the running modules */
export async function snapshotOf(
  { system, directories }: Target,
  modules: Modules,
  shipped: Shipped,
  onUnreadable?: OnUnreadable,
): Promise<Snapshot> {
  const state = await stateFolder(system, directories);
  return readSnapshot(system, directories, Object.keys(shipped.sounds), modules, onUnreadable, state);
}

function inspectPbx(
  target: Target,
  modules: Modules,
  shipped: Shipped,
  onUnreadable?: OnUnreadable,
): Promise<Inspection> {
  return inspect(target, snapshotOf(target, modules, shipped, onUnreadable));
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
  const inspected = await inspectPbx(pbx, pbx.asterisk?.modules, shipped, note);
  const found = settingsAsFound(inspected.snapshot);
  const inspection = await withTrunkFiles(inspected, found.settings, pbx);
  const { snapshot } = inspection;
  const evidence: Evidence = {
    snapshot,
    inspection,
    shipped,
    ...found,
    asterisk: pbx.asterisk,
    cli: pbx.cli,
    // During an install the unfinished run is our own.
    leftover: signal === undefined ? await unfinishedRun(pbx) : undefined,
    soundFault: soundFaultFinder(pbx, snapshot),
    unreadable,
    hidden: (path) => hiddenFrom(userOf(pbx, snapshot), path, pbx.system),
    logs: () => findLogSources(pbx),
    tree: (name) => configTree(pbx.system, pbx.directories.etc, name, snapshot.paths.own),
  };
  return prove(evidence, options["no-rehearsal"] ? "no" : options.rehearsal ? "despite events" : "yes", {
    signal,
    onPlay: (scenes) => tell?.(`Rehearsing: ${scenes.join(", ")}`),
  });
}

/** Creates a function that tells why Asterisk cannot play a sound, based on what the PBX has now. */
export function soundFaultFinder(
  { system, directories, cli }: Pbx,
  snapshot: Snapshot,
): (name: string) => Promise<Problem | undefined> {
  const installed = [...snapshot.folders.keys()].flatMap((path) =>
    dirname(path) === snapshot.paths.sounds ? [basename(path)] : [],
  );
  const languages = [...new Set(["en", ...installed])];
  let endings: Promise<ReadonlySet<string>> | undefined;
  return async (name) => {
    endings ??= cli ? cli.run("core show file formats").then(endingsIn) : Promise.resolve(usualEndings);
    const user = userOf({ directories }, snapshot);
    return soundFault(name, { system, folder: snapshot.paths.sounds, languages, endings: await endings, user });
  };
}

/** The user that Asterisk runs as: the owner of its own folder. */
function userOf({ directories }: Pick<Pbx, "directories">, snapshot: Snapshot) {
  return snapshot.folders.get(directories.varLib);
}
