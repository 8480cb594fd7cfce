// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Asterisk's own variables
import { cp, lstat, mkdtemp, readdir, readFile, readlink, rm, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { startAsterisk } from "../src/sandbox/asterisk.ts";
import type { Home } from "../src/sandbox/home.ts";
import { musicOnHold } from "../src/sandbox/music.ts";
import { unpackAsterisk } from "../src/sandbox/packages.ts";
import { passwordOf, rtpConf } from "../src/sandbox/pbx.ts";
import { startPhones } from "../src/sandbox/phones.ts";
import { freeRtpRange, freeUdpPorts, loopback } from "../src/sandbox/ports.ts";
import { noload, unneeded } from "../src/sandbox/unneeded.ts";

/**
 * A whole /etc/asterisk as FreePBX 15 generated it, made to run here: on loopback, with an endpoint for each of its extensions
 * and for two customers, and with its AstDB. Its links lead into the web interface's modules, whose files must be given too.
 * What must be imitated: the phones, AstDB, and the AGI of ring groups, which asks the web interface.
 */
export interface WholeTree {
  readonly folder: string;
  /** Where the files lie to which its links lead, such as `etc` of FreePBX's module core. */
  readonly linked: string;
}

export const residents = ["101", "102", "103", "108", "110"];
export const customers = ["900", "901"];

export async function startWholeTree({ folder, linked }: WholeTree) {
  const home = await mkdtemp(join(tmpdir(), "tree-"));
  const phonesRelease = await unpackAsterisk();
  // FreePBX 15 needs app_macro, which newer ones have no more.
  const release = await unpackAsterisk({ suite: "bullseye" });
  const [port] = (await freeUdpPorts(1)) as [number];
  const rtp = rtpConf(await freeRtpRange());
  const pbx = startAsterisk({
    release,
    folder: join(home, "pbx"),
    etc: {},
    stock: false,
    prepare: (at) => settle(at, { folder, linked }, port, rtp),
  }).then((asterisk) => Object.assign(asterisk, { host: loopback, port, driver: "PJSIP" as const }));
  const numbers = [...residents, ...customers];
  const filled = pbx.then(async (one) => {
    for (const number of residents)
      for (const [key, value] of database(number)) await one.cli(`database put ${key} ${value}`);
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
  return {
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
function database(number: string): [string, string][] {
  return [
    [`AMPUSER ${number}/cidname`, `Person${number}`],
    [`AMPUSER ${number}/cidnum`, number],
    [`AMPUSER ${number}/device`, number],
    [`DEVICE ${number}/dial`, `PJSIP/${number}`],
    [`DEVICE ${number}/user`, number],
    [`DEVICE ${number}/type`, "fixed"],
    [`CW ${number}`, "ENABLED"],
  ];
}

async function settle(
  { etcDir, dataDir }: Home,
  { folder, linked }: WholeTree,
  port: number,
  rtp: string,
): Promise<void> {
  const own = new Set(["asterisk.conf", "logger.conf"]);
  for (const name of await readdir(folder)) {
    if (own.has(name)) continue;
    await cp(join(folder, name), join(etcDir, name), { recursive: true, verbatimSymlinks: true });
    if ((await lstat(join(etcDir, name))).isSymbolicLink()) await follow(join(etcDir, name), linked);
  }
  const edit = async (name: string, change: (text: string) => string) => {
    const text = await readFile(join(etcDir, name), "utf8").catch(() => "");
    await writeFile(join(etcDir, name), change(text));
  };
  const isMissed = (name: string) => !/^app_macro/.test(name);
  await edit("modules.conf", (text) =>
    text.replace("[modules]", `[modules]\n${noload([...unneeded.filter(isMissed), "chan_sip.so"])}`),
  );
  await edit("rtp.conf", () => rtp);
  await edit("manager.conf", () => "[general]\nenabled = no\n");
  await edit("ari.conf", () => "[general]\nenabled = no\n");
  await edit("http.conf", () => "[general]\nenabled = no\n");
  await edit("cel.conf", () => "[general]\nenable = yes\napps = all\nevents = ALL\n");
  await edit("pjsip.transports.conf", () => transport(port));
  const mark = (text: string) => text.match(/^;.*\n/gm)?.join("") ?? "";
  await edit("pjsip.endpoint.conf", (text) => {
    const model =
      /\[110\]\n(?:.+\n)+\n?(?:.+\n)*?(?=\n\[)/
        .exec(text)?.[0]
        .replace(
          /^(?:\[110\]|aors|auth|callerid|context|direct_media|rewrite_contact|force_rport|rtp_symmetric|.*record).*\n|^\n/gm,
          "",
        ) ?? "";
    const section = (number: string, context: string) =>
      `[${number}]\n${model}context=${context}\naors=${number}\nauth=${number}-auth\ncallerid=${number} <${number}>\ndirect_media=no\nmedia_address=127.0.0.1\n\n`;
    const all = [
      ...residents.map((one) => section(one, "from-internal")),
      ...customers.map((one) => section(one, "from-pstn")),
    ];
    return `${mark(text)}#include pjsip.endpoint_custom.conf\n\n${all.join("")}`;
  });
  await edit(
    "pjsip.aor.conf",
    (text) => mark(text) + people((one) => `[${one}]\ntype=aor\nmax_contacts=1\nremove_existing=yes\n\n`),
  );
  await edit(
    "pjsip.auth.conf",
    (text) =>
      mark(text) +
      people((one) => `[${one}-auth]\ntype=auth\nauth_type=userpass\nusername=${one}\npassword=${passwordOf(one)}\n\n`),
  );
  await edit("extensions_additional.conf", (text) =>
    text
      .replaceAll("hint,SIP/", "hint,PJSIP/")
      .replaceAll(":custom/music_on_hold)})", ":)})")
      .replaceAll("System(${AMPBIN}/stoprecording.php", "NoOp(stoprecording.php")
      .replace("s,n(dial),AGI(agi://127.0.0.1/dialparties.agi)", ringGroup),
  );
  // A trunk's call as FreePBX writes an inbound route: 555 before the extension, or before the queue or ring group.
  await edit("extensions_custom.conf", (text) => `${text}\n[ext-did-post-custom]\n${inbound}`);
  await writeFile(join(dataDir, "moh", "chord.wav"), musicOnHold());
}

function people(section: (number: string) => string): string {
  return [...residents, ...customers].map(section).join("");
}

/** Puts the file in the place of a link, as a module of the web interface has it; an empty one where it is not given. */
async function follow(link: string, linked: string): Promise<void> {
  const text = await readFile(join(linked, basename(await readlink(link))), "utf8").catch(() => "");
  await unlink(link);
  await writeFile(link, text);
}

const transport = (port: number) => `[127.0.0.1-udp]\ntype=transport\nprotocol=udp\nbind=127.0.0.1:${port}\n`;

const ringGroup = `s,n(dial),Set(MACRODIALGOTO_PRI=normdial)
exten => s,n,Set(ds=\${PJSIP_DIAL_CONTACTS(102)}&\${PJSIP_DIAL_CONTACTS(103)},20,\${DIAL_OPTIONS})`;

const inbound = `exten => _555XXX!,1,Set(__DIRECTION=INBOUND)
 same => n,Set(__FROM_DID=\${EXTEN})
 same => n,Gosub(sub-record-check,s,1(in,\${EXTEN},dontcare))
 same => n,Set(CDR(did)=\${FROM_DID})
 same => n,Goto(\${IF($["\${EXTEN}" = "555201"]?ext-queues:\${IF($["\${EXTEN}" = "5558888"]?ext-group:from-did-direct)})},\${EXTEN:3},1)
`;
