import { cp, mkdir, readdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Problem } from "../terminal/problem.ts";
import type { Release } from "./release.ts";

/** The folders of one sandbox Asterisk: everything except its release, which is shared. */
export interface Home {
  folder: string;
  etcDir: string;
  /** Its asterisk.conf, for Asterisk's option -C. */
  confFile: string;
  dataDir: string;
  logFile: string;
}

/** The folders that the package creates. Without the last three, Asterisk logs errors at the end of every call. */
const folders = [
  "etc/asterisk",
  "lib/keys",
  "run",
  "spool",
  "db",
  "cache",
  "log/cdr-csv",
  "log/cdr-custom",
  "log/cel-custom",
];

/** The longest path of a unix socket: sun_path of sockaddr_un, minus its terminating zero. */
const longestSocket = 107;

/**
 * Creates the folders. `etc` maps file names to texts; with `stock` they overwrite a copy of the package's sample
 * files, without it they are the only ones.
 */
export async function makeHome(
  release: Release,
  folder: string,
  etc: Record<string, string>,
  stock: boolean,
): Promise<Home> {
  const socket = join(folder, "run", "asterisk.ctl");
  if (Buffer.byteLength(socket) > longestSocket) {
    throw new Problem(
      `Asterisk cannot open a control socket with so long a name: ${socket}`,
      "Set TMPDIR to a shorter path.",
    );
  }
  const at = (name: string) => join(folder, name);
  const home = {
    folder,
    etcDir: at("etc/asterisk"),
    confFile: at("etc/asterisk/asterisk.conf"),
    dataDir: at("data"),
    logFile: at("log/full"),
  };
  for (const name of folders) await mkdir(at(name), { recursive: true });
  if (stock) await cp(join(release.root, "etc/asterisk"), home.etcDir, { recursive: true });
  const files = { ...etc, "asterisk.conf": asteriskConf(release, home), "logger.conf": loggerConf };
  for (const [name, text] of Object.entries(files)) await writeFile(join(home.etcDir, name), text, { mode: 0o640 });
  await makeData(release, home.dataDir);
  return home;
}

function asteriskConf(release: Release, { folder, etcDir, dataDir }: Home): string {
  return `[directories]
astetcdir => ${etcDir}
astmoddir => ${release.moduleDir}
astvarlibdir => ${folder}/lib
astdbdir => ${folder}/db
astkeydir => ${folder}/lib
astdatadir => ${dataDir}
astagidir => ${dataDir}/agi-bin
astspooldir => ${folder}/spool
astrundir => ${folder}/run
astlogdir => ${folder}/log
astcachedir => ${folder}/cache

[options]
documentation_language = en_US
`;
}

const loggerConf = `[general]
dateformat = %F %T.%3q

[logfiles]
full => notice,warning,error,verbose(5),dtmf
`;

/**
 * Fills the data folder with links into the release, including the XML documentation: without that, modules which
 * validate their options with it do not load. Prompts follow later.
 */
async function makeData(release: Release, dataDir: string): Promise<void> {
  const from = join(release.root, "usr/share/asterisk");
  await mkdir(join(dataDir, "moh"), { recursive: true });
  for (const name of await readdir(from)) {
    if (name !== "sounds") await symlink(join(from, name), join(dataDir, name));
  }
}
