import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startOffice } from "../../sandbox/office.ts";
import { freeUdpPorts } from "../../sandbox/ports.ts";
import type { Release } from "../../sandbox/release.ts";
import { directoryOf, ownKeys, people, type Site, siteOf } from "./site.ts";

/** Two nodes with a directory of 1,000, half of whom are at home at each, and a plain trunk of the admins' between them. */
export interface Pair {
  readonly here: Site;
  readonly there: Site;
  stop(): Promise<void>;
}

/** The phone of the other node, and the number that calls it through the plain trunk without us. */
export const remote = { receiver: "299", plain: "399" } as const;
const size = 1_000;

const plans = {
  a: { host: "127.0.0.2", trunk: "127.0.0.12", phones: [people.transferer, people.receiver], outsider: people.caller },
  b: { host: "127.0.0.3", trunk: "127.0.0.13", phones: [remote.receiver], outsider: people.stranger },
} as const;
type Name = keyof typeof plans;

/** 20000-20199, the receivers of a crowd, are at node b; everybody else with five digits is at node a. */
function homeOf(extension: string): Name {
  return /^2(?:\d\d|0[01]\d\d)$/.test(extension) ? "b" : "a";
}
const extensions = [...directoryOf(size).extensions, remote.receiver];

export async function startPair(release: Release): Promise<Pair> {
  const [portA, portB] = (await freeUdpPorts(2)) as [number, number];
  const start = async (name: Name, port: number, other: Name, otherPort: number) => {
    const { host, trunk, phones, outsider } = plans[name];
    const office = await startOffice({
      release,
      host,
      endpoints: phones,
      outsiders: [outsider],
      phoneless: extensions.filter((one) => homeOf(one) === name && !(phones as readonly string[]).includes(one)),
      hintsByPattern: true,
      rtpPorts: 1400,
      more: {
        "features.conf": ownKeys,
        "extensions.conf": `\n[internal]\nexten => _[19]XX,1,Dial(PJSIP/\${EXTEN},30,tT)\nexten => _2XXXX,1,Dial(PJSIP/\${EXTEN},30,tT)\nexten => _3XX,1,Dial(PJSIP/2\${EXTEN:1}@plain,30,tT)\n`,
        "pjsip.conf": plainTrunk(trunk, port, host, plans[other].trunk, otherPort),
      },
    });
    return siteOf(office, size);
  };
  const [here, there] = await Promise.all([start("a", portA, "b", portB), start("b", portB, "a", portA)]);
  const settings = join(here.folder, "smart_transfer.conf");
  const nodes = [here, there].map(({ pbx }, at) => `${"ab"[at]} = ${pbx.host}:${pbx.port}\n`).join("");
  const sections = extensions.map((one) => `\n[${one}]\ndevice = PJSIP/${one}\nnode = ${homeOf(one)}\n`).join("");
  await writeFile(settings, `[general]\n\n[nodes]\n${nodes}${sections}`);
  for (const [name, site] of [
    ["a", here],
    ["b", there],
  ] as const)
    await site.run("install", "--yes", "--no-rehearsal", "--settings", settings, "--node", name);
  return {
    here,
    there,
    async stop() {
      await Promise.all([here.stop(), there.stop()]);
    },
  };
}

/** A trunk without us, at addresses of its own: PJSIP knows a peer by its address. */
function plainTrunk(own: string, port: number, media: string, other: string, otherPort: number): string {
  return `
[plain-transport]
type = transport
protocol = udp
bind = ${own}:${port}

[plain]
type = endpoint
transport = plain-transport
context = internal
allow = ulaw
direct_media = no
media_address = ${media}
aors = plain

[plain]
type = aor
contact = sip:${other}:${otherPort}

[plain]
type = identify
endpoint = plain
match = ${other}
`;
}
