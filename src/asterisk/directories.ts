import { join } from "node:path";
import { Problem } from "../terminal/problem.ts";
import { parseConf } from "./conf.ts";
import { fileSystem } from "./files.ts";

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

type Place = (typeof places)[keyof Directories];

/** Reads the folders from the output of `core show settings`. */
export function directoriesOf(settings: string): Directories {
  return collect((place) => {
    const folder = new RegExp(`^\\s*${place.title}:\\s*(/.*?)\\s*$`, "m").exec(settings)?.[1];
    if (folder !== undefined) return folder;
    throw new Problem(
      `Asterisk's "core show settings" does not tell its ${place.title.toLowerCase()}.`,
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
      "Name the Asterisk with --asterisk-conf FILE and, where its file system is mounted elsewhere, --root DIR.",
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
