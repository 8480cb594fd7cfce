import { dirname, join } from "node:path";
import { configTree, type TreeLine } from "../src/asterisk/config-tree.ts";
import type { Directories } from "../src/asterisk/directories.ts";
import type { OwnEndpoints } from "../src/asterisk/endpoints.ts";
import type { FileState, FileSystem, Ownership } from "../src/asterisk/files.ts";
import { neededModules } from "../src/asterisk/modules.ts";
import type { Shipped } from "../src/installer/plan/generated.ts";
import type { Plan } from "../src/installer/plan/plan.ts";
import { pathsIn, type Snapshot } from "../src/installer/plan/snapshot.ts";

export const directories: Directories = {
  etc: "/etc/asterisk",
  varLib: "/var/lib/asterisk",
  data: "/usr/share/asterisk",
  modules: "/usr/lib/asterisk/modules",
  log: "/var/log/asterisk",
};
export const paths = pathsIn(directories);

export const shipped: Shipped = {
  version: "1.2.3",
  dialplan: "return {}\n",
  vocabulary: { dialplan: { applications: ["Dial"], functions: [] }, rehearsal: { applications: [], functions: [] } },
  sounds: { en: { "dial.gsm": Buffer.from([0xd0, 0xff, 0x0a]) }, ru: { "dial.gsm": Buffer.from([0xd1, 0x0d]) } },
};

export const asterisks: Ownership = { uid: 105, gid: 107, mode: 0o640 };
const roots: Ownership = { uid: 0, gid: 0, mode: 0o755 };

const usual = new Set<string>([...neededModules(undefined), "res_pjsip.so"]);

/** The running modules, with or without pbx_lua. */
export const withLua: ReadonlySet<string> = usual;
export const withoutLua: ReadonlySet<string> = new Set([...usual].filter((name) => name !== "pbx_lua.so"));

/** What is on a PBX as Debian makes it, and these files, by path. */
export function snapshotOf(
  files: Record<string, string>,
  modules: ReadonlySet<string> | undefined = withLua,
  endpoints: OwnEndpoints = new Map(),
): Snapshot {
  const folders = new Map<string, Ownership>([
    [directories.etc, { ...asterisks, mode: 0o755 }],
    [directories.varLib, { ...asterisks, mode: 0o750 }],
    ...[directories.data, paths.sounds, join(paths.sounds, "en")].map((path) => [path, roots] as const),
  ]);
  for (const path of Object.keys(files)) if (!folders.has(dirname(path))) folders.set(dirname(path), roots);
  const states = Object.entries(files).map(
    ([path, text]) => [path, { ...asterisks, content: Buffer.from(text, "latin1") }] as const,
  );
  return {
    directories,
    paths,
    folders,
    endpoints,
    modules,
    spoken: ["en"],
    runBy: { uid: 0, gid: 0, mode: 0o700 },
    files: new Map<string, FileState>(states),
  };
}

/** A file system in memory, of these files. */
export function memory(files: Record<string, string>): FileSystem {
  const paths = Object.keys(files);
  return {
    resolve: async (path) => path,
    read: async (path) =>
      files[path] === undefined ? undefined : { ...asterisks, content: Buffer.from(files[path], "latin1") },
    open: async () => undefined,
    list: async (folder) => {
      const inside = paths.filter((path) => path.startsWith(`${folder}/`));
      const names = inside.map((path) => path.slice(folder.length + 1).split("/")[0] as string);
      return inside.length === 0 ? undefined : [...new Set(names)].sort();
    },
    ownership: async (path) => (paths.some((one) => `${one}/`.startsWith(`${path}/`)) ? asterisks : undefined),
  };
}

/** A configuration file of these and all that it includes, as it is looked at. */
export function treeOf(files: Record<string, string>, name: string): Promise<TreeLine[]> {
  return configTree(memory(files), directories.etc, name, paths.own);
}

/** The snapshot that a plan leaves, by the rules that the disk has. */
export function perform(snapshot: Snapshot, plan: Plan): Snapshot {
  const files = new Map(snapshot.files);
  const folders = new Map(snapshot.folders);
  for (const change of plan.changes) {
    const { kind, path, owner } = change;
    if (kind !== "remove folder" && !folders.has(dirname(path)) && path !== paths.manifest)
      throw new Error(`no folder for ${path}`);
    if (kind === "make folder") folders.set(path, owner);
    else if (kind === "write") files.set(path, { ...owner, content: change.after });
    else if (kind === "delete" && !files.delete(path)) throw new Error(`${path} is not there`);
    const inside = [...files.keys(), ...folders.keys()].some((one) => dirname(one) === path);
    if (kind === "remove folder" && !inside) folders.delete(path);
  }
  return { ...snapshot, files, folders };
}

/** Every byte, owner and mode, to be compared. */
export function contents({ files, folders }: Snapshot): Record<string, string> {
  const rights = ({ uid, gid, mode }: Ownership) => `${uid}:${gid} ${mode.toString(8)}`;
  return Object.fromEntries([
    ...[...folders].sort().map(([path, owner]) => [`${path}/`, rights(owner)] as const),
    ...[...files.keys()].sort().map((path) => {
      const file = files.get(path) as FileState;
      return [path, `${rights(file)} ${file.content.toString("latin1")}`] as const;
    }),
  ]);
}
