import { appendFile, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type RunningAsterisk, startAsterisk } from "./asterisk.ts";
import { type DriverName, drivers, type Person } from "./drivers.ts";
import type { Home } from "./home.ts";
import { musicOnHold } from "./music.ts";
import { freeRtpRange, freeUdpPorts, loopback, type PortRange } from "./ports.ts";
import type { Release } from "./release.ts";
import { noload, unneeded } from "./unneeded.ts";

export interface Pbx extends RunningAsterisk {
  /** The address that it has for SIP and audio, and its UDP port for SIP. */
  host: string;
  port: number;
  driver: DriverName;
}

export interface PbxOptions {
  release: Release;
  folder: string;
  /** The company's extensions, such as "101". Each has an endpoint of that name and a hint. */
  endpoints: readonly string[];
  /** Use one hint with a pattern. Thousands of hints make every reload of the dialplan slow. */
  hintsByPattern?: boolean;
  /** Endpoints outside the company, such as customers. They can call and be called, but have no hint. */
  outsiders?: readonly string[];
  /** The channel driver for all phones. The other one is not loaded. */
  driver?: DriverName;
  /** The dialplan, instead of one context `internal` in which the phones call each other. They dial into that one. */
  dialplan?: string;
  /** The language of the endpoints' prompts. */
  language?: string;
  /** The administrator's additions: file name to text. */
  more?: Readonly<Record<string, string>>;
  /** UDP ports for audio, two for each leg of a call. */
  rtpPorts?: number;
  /** An address on loopback. Default: 127.0.0.1. Several PBXs that know each other by address need their own. */
  host?: string;
  /** The SIP port. Default: any free one. */
  port?: number;
  keep?: boolean;
}

const names = [
  "Anna",
  "Boris",
  "Clara",
  "Dmitri",
  "Elena",
  "Fyodor",
  "Galina",
  "Hugo",
  "Irina",
  "Jakob",
  "Ksenia",
  "Leo",
];

/** The name that a person's phone shows to others. */
export function nameOf(number: string): string {
  const index = Number(number.slice(-2)) - 1;
  return number.startsWith("1") && names[index] !== undefined ? names[index] : `Line ${number}`;
}

/** The password of a phone. The PBX only listens on loopback, and only until the run ends. */
export function passwordOf(number: string): string {
  return `password-of-${number}`;
}

/**
 * Starts a small company's PBX: the complete sample configuration as the package installs it, plus an administrator's
 * few lines.
 */
export async function startPbx(options: PbxOptions): Promise<Pbx> {
  const { release, folder, endpoints, outsiders = [], language = "en", driver = "PJSIP", host = loopback } = options;
  const { more = {}, rtpPorts } = options;
  const port = options.port ?? ((await freeUdpPorts(1))[0] as number);
  const stock = (name: string) => readFile(join(release.root, "etc/asterisk", name), "utf8");
  const { conf, configuration, otherModules } = drivers[driver];
  const [own, extensions, modules] = await Promise.all([conf, "extensions.conf", "modules.conf"].map(stock));
  const people = [...endpoints, ...outsiders].map(person);
  const others = (await readdir(release.moduleDir)).filter((name) => otherModules.test(name));
  const asterisk = await startAsterisk({
    release,
    folder,
    stock: true,
    keep: options.keep ?? false,
    etc: {
      [conf]: `${own}\n${configuration({ host, port, language, people })}`,
      "extensions.conf": `${extensions}\n${options.dialplan ?? dialplan(options)}`,
      "modules.conf": modules?.replace("[modules]", `[modules]\n${noload([...unneeded, ...others])}`) ?? "",
      "rtp.conf": rtpConf(await freeRtpRange(rtpPorts)),
      // The sample opens a port that every Asterisk on this machine would use.
      "manager.conf": "[general]\nenabled = no\n",
      "ari.conf": "[general]\nenabled = no\n",
    },
    prepare: async (home) => {
      await prepare(home);
      for (const [name, text] of Object.entries(more)) await appendFile(join(home.etcDir, name), text);
    },
  });
  return Object.assign(asterisk, { host, port, driver });
}

async function prepare(home: Home): Promise<void> {
  await writeFile(join(home.dataDir, "moh", "chord.wav"), musicOnHold());
  // Asterisk 22 warns that users.conf is deprecated. The sample sets nothing.
  await rm(join(home.etcDir, "users.conf"), { force: true });
}

function person(number: string): Person {
  return { number, name: nameOf(number), password: passwordOf(number) };
}

function dialplan({ endpoints, hintsByPattern = false, driver = "PJSIP" }: PbxOptions): string {
  const hints = hintsByPattern
    ? [`exten => _X!,hint,${driver}/\${EXTEN}`]
    : endpoints.map((number) => `exten => ${number},hint,${driver}/${number}`);
  return `[internal]
${hints.join("\n")}
exten => _XXX,1,Dial(${driver}/\${EXTEN},30)
`;
}

export function rtpConf({ first, last }: PortRange): string {
  return `[general]
rtpstart = ${first}
rtpend = ${last}
`;
}
