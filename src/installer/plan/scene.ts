import { join } from "node:path";
import { type Directories, requireAsterisks } from "../../asterisk/directories.ts";
import { type OwnEndpoints, ownEndpoints } from "../../asterisk/endpoints.ts";
import { type FileState, type FileSystem, type Ownership, UnreadableProblem } from "../../asterisk/files.ts";
import { globalVariable } from "../../asterisk/globals.ts";
import { languagesWith } from "../../asterisk/sounds.ts";
import { configTree, type TreeLine } from "../../asterisk/tree.ts";
import { features, ownFolder, positionSounds, settingsFile, soundFolder } from "../../contract/names.ts";
import { Problem } from "../../terminal/problem.ts";
import { customFilesOf } from "./custom-files.ts";

/** The admin's files that we add to. */
export const adminFiles = {
  extensions: "extensions.conf",
  features: "features.conf",
  lua: "extensions.lua",
} as const;

/** Files that older versions edited; our line is removed from them. */
export const formerFiles = { queues: "queues.conf" } as const;

/** Files that we edit only if needed. */
export const whereNeeded = {
  pjsip: "pjsip.conf",
  sip: "sip.conf",
  wizard: "pjsip_wizard.conf",
  modules: "modules.conf",
} as const;

/** The state of the PBX's files: everything that a plan is made from. Paths are Asterisk's own. */
export interface Scene {
  readonly directories: Directories;
  readonly files: ReadonlyMap<string, FileState>;
  readonly folders: ReadonlyMap<string, Ownership>;
  readonly paths: Paths;
  /** The endpoints as the admin's pjsip.conf and sip.conf define them. */
  readonly endpoints: OwnEndpoints;
  /** The running modules; `undefined` if no Asterisk is asked. */
  readonly modules: ReadonlySet<string> | undefined;
  /** The languages in which Asterisk can announce a position. */
  readonly spoken: readonly string[];
}

/** Ends the name of the copy of a file of ours that somebody edited. No include and no format of Asterisk reads such a name. */
export const editedEnding = ".edited";

export interface Paths {
  readonly settings: string;
  readonly own: string;
  readonly manifest: string;
  /** Where versions before had the manifest and the journal, and anybody may write who may write Asterisk's data. */
  readonly former?: string;
  readonly sounds: string;
}

const besideAsterisk = ({ varLib }: Directories) => join(varLib, "smart-transfer");
const manifestFile = "manifest.json";

/** @param state the folder of what a run trusts (apply/state.ts) */
export function pathsIn(directories: Directories, state = besideAsterisk(directories)): Paths {
  const { etc, data } = directories;
  const beside = besideAsterisk(directories);
  return {
    settings: join(etc, settingsFile),
    own: join(etc, ownFolder),
    manifest: join(state, manifestFile),
    ...(state === beside ? {} : { former: beside }),
    sounds: join(data, "sounds"),
  };
}

/** What versions before left beside Asterisk's data. */
export function formerState(former: string) {
  return { folder: former, manifest: join(former, manifestFile), journal: join(former, "journal") };
}

/** Asterisk's answer need not be there yet while its files are read. */
export type Modules = Scene["modules"] | Promise<Scene["modules"]>;

/** Called for each of our files and folders that the current user may not read. */
export type OnUnreadable = (path: string, problem: UnreadableProblem) => void;

/**
 * Reads everything that an install or uninstall may touch.
 *
 * @param onUnreadable without it, an unreadable file of ours is thrown, because no plan can be made without it
 */
export async function lookAt(
  system: FileSystem,
  directories: Directories,
  languages: readonly string[],
  modules: Modules,
  onUnreadable: OnUnreadable = raise,
  state?: string,
): Promise<Scene> {
  const paths = pathsIn(directories, state);
  await requireAsterisks(system, directories);
  const soundFolders = languages.map((language) => join(paths.sounds, language, soundFolder));
  const ownFolders = [paths.own, ...soundFolders];
  const mains = [...Object.values(adminFiles), ...Object.values(whereNeeded), ...Object.values(formerFiles)];
  const admins = mains.flatMap((name) => [name, ...customFilesOf(name)]).map((name) => join(directories.etc, name));
  const parents = [
    directories.etc,
    directories.varLib,
    directories.data,
    paths.sounds,
    ...languages.map((language) => join(paths.sounds, language)),
  ];
  const unlessUnreadable =
    <T>(read: (path: string) => Promise<T | undefined>) =>
    (path: string) =>
      read(path).catch((error: unknown) => {
        if (!(error instanceof UnreadableProblem)) throw error;
        onUnreadable(path, error);
        return undefined;
      });
  const read = (path: string) => system.read(path);
  const besideSettings = async () =>
    (await system.list(directories.etc))
      ?.filter((name) => name.startsWith(`${settingsFile}${editedEnding}`))
      .map((name) => join(directories.etc, name)) ?? [];
  const readOurs = unlessUnreadable(read);
  const list = unlessUnreadable((folder) => system.list(folder));
  const filesIn = async (folder: string) => ((await list(folder)) ?? []).map((name) => join(folder, name));
  const former = paths.former === undefined ? undefined : formerState(paths.former);
  const manifests = former === undefined ? [paths.manifest] : [paths.manifest, former.manifest];
  const formerFolders = former === undefined ? [] : [former.folder, former.journal];
  const [theirs, noted, ours, folders, left, dialplan, own, spoken] = await Promise.all([
    present(admins, read),
    present(manifests, (path) => read(path).catch(asAbsent)),
    Promise.all(
      [[paths.settings], besideSettings(), ...ownFolders.map(filesIn)].map(async (some) =>
        present(await some, readOurs),
      ),
    ),
    present([...parents, ...ownFolders], (path) => system.ownership(path)),
    present(formerFolders, (path) => system.ownership(path).catch(asAbsent)),
    configTree(system, directories.etc, adminFiles.extensions, paths.own),
    ownEndpoints(system, directories.etc, paths.own),
    languagesWith(Object.values(positionSounds), system, paths.sounds),
  ]);
  const files = new Map([theirs, noted, ...ours].flatMap((some) => [...some]));
  const endpoints = withGlobals(own, dialplan);
  return {
    directories,
    files,
    folders: new Map([...folders, ...left]),
    paths,
    endpoints,
    spoken,
    modules: await modules,
  };
}

function raise(_: string, problem: UnreadableProblem): never {
  throw problem;
}

/**
 * Adds the variables of [globals] to endpoints that do not set them. Asterisk would use the global value for those
 * (main/pbx_variables.c), but our lines in an endpoint hide it, so they must repeat it. Endpoints that had only the
 * global value keep it, minus our own key: a key in [globals] belongs to every channel, not to this endpoint.
 */
function withGlobals(endpoints: OwnEndpoints, dialplan: readonly TreeLine[]): OwnEndpoints {
  const common = Object.fromEntries(
    ["DYNAMIC_FEATURES", "TRANSFER_CONTEXT"].flatMap((name) => {
      const value = globalVariable(dialplan, name)
        ?.value.split("#")
        .filter((one) => one !== features.transfer);
      return value === undefined || value.length === 0 ? [] : [[name, value.join("#")]];
    }),
  );
  return new Map(
    [...endpoints].map(([name, endpoint]) => [name, { ...endpoint, variables: { ...common, ...endpoint.variables } }]),
  );
}

/** Who may not look at it, or is misled by it, goes by the files themselves. */
function asAbsent(error: unknown): undefined {
  if (!(error instanceof Problem)) throw error;
}

async function present<T>(
  paths: readonly string[],
  look: (path: string) => Promise<T | undefined>,
): Promise<Map<string, T>> {
  const found = await Promise.all(paths.map(async (path) => [path, await look(path)] as const));
  return new Map(found.flatMap(([path, what]) => (what === undefined ? [] : [[path, what] as const])));
}
