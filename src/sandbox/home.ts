import { cp, mkdir, readdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Problem } from "../errors.ts";
import type { Release } from "./release.ts";

/** Everything one Asterisk of ours reads and writes, apart from its release, which is shared. */
export interface Home {
  folder: string;
  etcDir: string;
  /** Its asterisk.conf, which Asterisk takes with -C. */
  confFile: string;
  dataDir: string;
  logFile: string;
}

/** All that the package makes and Asterisk expects: the last three it logs errors about at the end of each call. */
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

/** The longest name that a unix socket can have: sockaddr_un's sun_path with its closing zero. */
const longestSocket = 107;

/**
 * Makes the folder. `etc` is a record of file name to text; with `stock` it goes over a copy of all the sample files that
 * the package would put in /etc/asterisk, alone without.
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
 * The data folder is links into the release: the XML documentation among them, without which modules that check their
 * options against it refuse to load. Prompts come later.
 */
async function makeData(release: Release, dataDir: string): Promise<void> {
  const from = join(release.root, "usr/share/asterisk");
  await mkdir(join(dataDir, "moh"), { recursive: true });
  for (const name of await readdir(from)) {
    if (name !== "sounds") await symlink(join(from, name), join(dataDir, name));
  }
}
