import { join } from "node:path";
import { Problem } from "../terminal/problem.ts";
import { parseConf } from "./conf.ts";
import { type FileSystem, fileSystem } from "./files.ts";

/** Asterisk's folders that we need, as Asterisk names them (without `--root`). */
export interface Directories {
  readonly etc: string;
  readonly varLib: string;
  readonly data: string;
  readonly modules: string;
  readonly log: string;
}

/**
 * For each folder: its title in `core show settings` (main/asterisk.c), its key in asterisk.conf, and Debian's
 * compiled-in default.
 */
const places = {
  etc: { title: "Configuration directory", key: "astetcdir", fallback: "/etc/asterisk" },
  varLib: { title: "VarLib directory", key: "astvarlibdir", fallback: "/var/lib/asterisk" },
  data: { title: "Data directory", key: "astdatadir", fallback: "/usr/share/asterisk" },
  modules: { title: "Module directory", key: "astmoddir", fallback: "/usr/lib/asterisk/modules" },
  log: { title: "Log directory", key: "astlogdir", fallback: "/var/log/asterisk" },
} as const satisfies Record<keyof Directories, { title: string; key: string; fallback: string }>;

/** What a folder of Asterisk's has in it. */
const marks = { etc: ["asterisk.conf"], data: ["sounds", "moh", "documentation", "static-http", "phoneprov"] } as const;

/**
 * Asterisk itself says where its folders are, and asterisk.conf may belong to Asterisk's user. Neither may make root write
 * just anywhere. So each folder must be in its usual place, or look like a folder of Asterisk.
 */
export async function requireAsterisks(system: FileSystem, { etc, varLib, data }: Directories): Promise<void> {
  const usual: readonly string[] = Object.values(places).map(({ fallback }) => fallback);
  for (const folder of [etc, varLib, data]) {
    if ((await system.ownership(folder)) !== undefined) continue;
    throw new Problem(
      `There is no folder ${folder}.`,
      "Name its asterisk.conf with --asterisk-conf FILE. If its file system is mounted elsewhere, add --root DIR.",
    );
  }
  for (const [folder, names] of [
    [etc, marks.etc],
    [data, marks.data],
  ] as const) {
    if (usual.includes(folder)) continue;
    const looks = await Promise.allSettled(names.map((name) => system.ownership(`${folder}/${name}`)));
    if (looks.some((one) => one.status === "fulfilled" && one.value !== undefined)) continue;
    // One that may not be looked at says so itself.
    for (const one of looks) if (one.status === "rejected") throw one.reason;
    throw new Problem(
      `${folder} does not look like a folder of Asterisk: ${names[0]} is not in it.`,
      `If it is one, make a link in it: ln -s FILE ${folder}/${names[0]}. If not, correct asterisk.conf.`,
    );
  }
}

type Place = (typeof places)[keyof Directories];

/** Reads the folders from the output of `core show settings`. */
export function directoriesOf(settings: string): Directories {
  return collect((place) => {
    const folder = new RegExp(`^\\s*${place.title}:\\s*(/.*?)\\s*$`, "m").exec(settings)?.[1];
    if (folder !== undefined) return folder;
    throw new Problem(
      `Asterisk's "core show settings" does not show its ${place.title.toLowerCase()}.`,
      "Check that --asterisk reaches an Asterisk of version 16 or later.",
    );
  });
}

/** Reads the folders from asterisk.conf, for an Asterisk that is not running. */
export async function directoriesIn(conf: string | undefined, root: string): Promise<Directories> {
  const path = conf ?? "/etc/asterisk/asterisk.conf";
  const file = await fileSystem(root).read(path);
  if (file === undefined) {
    throw new Problem(
      `${join(root, path)} cannot be read (ENOENT).`,
      "Name its asterisk.conf with --asterisk-conf FILE. If its file system is mounted elsewhere, add --root DIR.",
    );
  }
  // Asterisk ignores a section that is a template, such as Debian's `[directories](!)`. So do we.
  const section = parseConf(file.content.toString("latin1")).find((one) => one.name === "directories" && !one.template);
  return collect((place) => section?.entries.findLast((entry) => entry.name === place.key)?.value ?? place.fallback);
}

function collect(look: (place: Place) => string): Directories {
  const { etc, varLib, data, modules, log } = places;
  return { etc: look(etc), varLib: look(varLib), data: look(data), modules: look(modules), log: look(log) };
}
