// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Asterisk's own variables
import { access, cp, lstat, mkdtemp, readdir, readFile, readlink, rm, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { startAsterisk } from "../src/sandbox/asterisk.ts";
import type { Home } from "../src/sandbox/home.ts";
import { musicOnHold } from "../src/sandbox/music.ts";
import { unpackAsterisk } from "../src/sandbox/packages.ts";
import { rtpConf } from "../src/sandbox/pbx.ts";
import { startPhones } from "../src/sandbox/phones.ts";
import { freeRtpRange, freeUdpPorts, loopback } from "../src/sandbox/ports.ts";
import { noload, unneeded } from "../src/sandbox/unneeded.ts";
import { customers, residents, type TreeKind } from "./tree-kind.ts";
import { pjsipTree } from "./tree-pjsip.ts";
import { sipTree } from "./tree-sip.ts";

/**
 * A whole /etc/asterisk as FreePBX 15 or Issabel 4 generated it, made to run here: on loopback, with an endpoint for each of
 * its extensions and for two customers, and with its AstDB. Its links lead into the web interface's modules, whose files must be given too.
 * What must be imitated: the phones, AstDB, and the AGI of ring groups, which asks the web interface.
 */
export interface WholeTree {
  readonly folder: string;
  /** Where the files lie to which its links lead: those of `etc` of each module, all in one folder. */
  readonly linked: string;
}

export async function startWholeTree({ folder, linked }: WholeTree) {
  const kind = await access(join(folder, pjsipTree.endpointsFile)).then(
    () => pjsipTree,
    () => sipTree,
  );
  const { driver } = kind;
  const home = await mkdtemp(join(tmpdir(), "tree-"));
  const phonesRelease = await unpackAsterisk();
  // Both need app_macro, which newer Asterisks no longer have.
  const release = await unpackAsterisk({ suite: "bullseye" });
  const others = (await readdir(release.moduleDir)).filter((name) => kind.unloaded.test(name));
  const [port] = (await freeUdpPorts(1)) as [number];
  const rtp = rtpConf(await freeRtpRange());
  const pbx = startAsterisk({
    release,
    folder: join(home, "pbx"),
    etc: {},
    stock: false,
    async prepare(at) {
      await lay(at, { folder, linked });
      await settle(at, kind, { port, rtp, others });
    },
  }).then((asterisk) => Object.assign(asterisk, { host: loopback, port, driver }));
  const numbers = [...residents, ...customers];
  const filled = pbx.then(async (one) => {
    for (const number of residents)
      for (const [key, value] of database(number, driver)) await one.cli(`database put ${key} ${value}`);
    return one;
  });
  const starting = startPhones({
    release: phonesRelease,
    folder: join(home, "phones"),
    pbx: filled,
    pbxPort: port,
    numbers,
  });
  const running = await pbx;
  const rig = await starting.catch(async (error: unknown) => {
    await running.stop();
    throw error;
  });
  const written = (name: string) => readFile(join(running.etcDir, name), "utf8");
  const dialplan = await written("extensions_additional.conf");
  return {
    kind,
    /** What the tree has: the number of a queue and of a ring group, and whether its hints tell who is not to be disturbed. */
    queue: /^\[(\d+)\]/m.exec(await written("queues_additional.conf"))?.[1],
    ringGroup: /^\[ext-group\]\n(?:include.*\n)*exten => (\d+),/m.exec(dialplan)?.[1],
    tellsDnd: /hint,.*&Custom:DND/.test(dialplan),
    pbx: running,
    phones: rig.phones,
    phone: (number: string) => rig.phones[numbers.indexOf(number)] as (typeof rig.phones)[number],
    async stop() {
      await rig.stop();
      await running.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** The web interface's record of a user and their device. */
function database(number: string, driver: string): [string, string][] {
  return [
    [`AMPUSER ${number}/cidname`, `Person${number}`],
    [`AMPUSER ${number}/cidnum`, number],
    [`AMPUSER ${number}/device`, number],
    [`DEVICE ${number}/dial`, `${driver}/${number}`],
    [`DEVICE ${number}/user`, number],
    [`DEVICE ${number}/type`, "fixed"],
    [`CW ${number}`, "ENABLED"],
  ];
}

/** Copies the tree, with the files to which its links lead. A file may include another by its whole path. */
async function lay({ etcDir }: Home, { folder, linked }: WholeTree): Promise<void> {
  const own = new Set(["asterisk.conf", "logger.conf"]);
  for (const name of await readdir(folder)) {
    if (own.has(name)) continue;
    await cp(join(folder, name), join(etcDir, name), { recursive: true, verbatimSymlinks: true });
    const path = join(etcDir, name);
    if ((await lstat(path)).isSymbolicLink()) await follow(path, linked);
    if (!(await lstat(path)).isFile()) continue;
    const text = await readFile(path, "latin1");
    await writeFile(path, text.replace(/^(#include\s+"?)\/etc\/asterisk\//gm, `$1${etcDir}/`), "latin1");
  }
}

/** Puts the file in the place of a link, as a module of the web interface has it; an empty one where it is not given. */
async function follow(link: string, linked: string): Promise<void> {
  const text = await readFile(join(linked, basename(await readlink(link))), "utf8").catch(() => "");
  await unlink(link);
  await writeFile(link, text);
}

interface Place {
  readonly port: number;
  readonly rtp: string;
  readonly others: readonly string[];
}

async function settle({ etcDir, dataDir }: Home, kind: TreeKind, { port, rtp, others }: Place): Promise<void> {
  const edit = async (name: string, change: (text: string) => string) => {
    const text = await readFile(join(etcDir, name), "latin1").catch(() => "");
    await writeFile(join(etcDir, name), change(text), "latin1");
  };
  const off = "[general]\nenabled = no\n";
  const isMissed = (name: string) => !/^app_macro/.test(name);
  await edit("modules.conf", (text) =>
    text.replace("[modules]", `[modules]\n${noload([...unneeded.filter(isMissed), ...others])}`),
  );
  await edit("rtp.conf", () => rtp);
  for (const name of ["manager.conf", "ari.conf", "http.conf"]) await edit(name, () => off);
  await edit("cel.conf", () => "[general]\nenable = yes\napps = all\nevents = ALL\n");
  for (const [name, change] of Object.entries(kind.edits(port))) await edit(name, change);
  await edit("extensions_additional.conf", (text) =>
    text
      .replaceAll(":custom/music_on_hold)})", ":)})")
      .replaceAll("System(${AMPBIN}/stoprecording.php", "NoOp(stoprecording.php"),
  );
  // A trunk's call as the web interface writes an inbound route: 555 before the extension, or before the queue or ring group.
  await edit("extensions_custom.conf", (text) => `${text}\n[from-pstn-custom]\n${inbound}`);
  await writeFile(join(dataDir, "moh", "chord.wav"), musicOnHold());
}

const inbound = `exten => _555X!,1,Set(__DIRECTION=INBOUND)
 same => n,Set(__FROM_DID=\${EXTEN})
 same => n,GosubIf($[\${DIALPLAN_EXISTS(sub-record-check,in,1)}]?sub-record-check,s,1(in,\${EXTEN},dontcare))
 same => n,Set(CDR(did)=\${FROM_DID})
 same => n,GotoIf($[\${DIALPLAN_EXISTS(ext-queues,\${EXTEN:3},1)}]?ext-queues,\${EXTEN:3},1)
 same => n,GotoIf($[\${DIALPLAN_EXISTS(ext-group,\${EXTEN:3},1)}]?ext-group,\${EXTEN:3},1)
 same => n,Goto(from-did-direct,\${EXTEN:3},1)
`;
