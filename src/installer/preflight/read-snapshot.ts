import { join } from "node:path";
import { configTree, type TreeLine } from "../../asterisk/config-tree.ts";
import { type Directories, requireAsterisks } from "../../asterisk/directories.ts";
import { type OwnEndpoints, ownEndpoints } from "../../asterisk/endpoints.ts";
import { type FileSystem, UnreadableProblem } from "../../asterisk/files.ts";
import { globalVariable } from "../../asterisk/globals.ts";
import { languagesWith } from "../../asterisk/sounds.ts";
import { features, numberSound, settingsFile, soundFolder } from "../../contract/names.ts";
import { Problem } from "../../terminal/problem.ts";
import { customFilesOf } from "../plan/custom-files.ts";
import {
  adminFiles,
  editedEnding,
  formerFiles,
  formerState,
  pathsIn,
  type Snapshot,
  whereNeeded,
} from "../plan/snapshot.ts";

/** Asterisk's answer need not be there yet while its files are read. */
export type Modules = Snapshot["modules"] | Promise<Snapshot["modules"]>;

/** Called for each of our files and folders that the current user may not read. */
export type OnUnreadable = (path: string, problem: UnreadableProblem) => void;

/**
 * Reads everything that an install or uninstall may touch.
 *
 * @param onUnreadable without it, an unreadable file of ours is thrown, because no plan can be made without it
 */
export async function readSnapshot(
  system: FileSystem,
  directories: Directories,
  languages: readonly string[],
  modules: Modules,
  onUnreadable: OnUnreadable = raise,
  state?: string,
): Promise<Snapshot> {
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
    languagesWith(numberSound, system, paths.sounds),
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
    runBy: { uid: process.geteuid?.() ?? 0, gid: process.getegid?.() ?? 0, mode: 0o700 },
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

/** Treats a manifest that we may not read or cannot trust as absent: the files themselves must do. */
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
