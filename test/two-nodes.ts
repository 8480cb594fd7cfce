// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${...} is what Asterisk puts in
/** Several offices that form one PBX, installed by the built command from one smart_transfer.conf. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { type Office, startOffice } from "../src/sandbox/office.ts";
import { unpackAsterisk } from "../src/sandbox/packages.ts";
import type { Phone } from "../src/sandbox/phone.ts";
import { freeTcpPort } from "../src/sandbox/ports.ts";
import { hurried, installedIn, type Live } from "./live.ts";
import { type Relay, startRelay } from "./relay.ts";

/** An office's extensions begin with its digit; its outsider is 9 and that digit and 0. */
const plans = {
  a: { host: "127.0.0.2", digit: "1" },
  b: { host: "127.0.0.3", digit: "2" },
  c: { host: "127.0.0.4", digit: "3" },
} as const;
export type NodeName = keyof typeof plans;

export interface NodesOptions {
  /** In the order in which they are installed. Default: a, then b. */
  readonly nodes?: readonly NodeName[];
  /** Nodes that run the Asterisk of another Debian suite. */
  readonly suites?: Partial<Record<NodeName, string>>;
  /** Settings of [general]. */
  readonly general?: Readonly<Record<string, string>>;
  /** The trunks use TLS, by the transport `secure` of each node and certificates that it has made itself. */
  readonly tls?: true;
  /** A relay that a test can cut carries the SIP between them. */
  readonly relay?: true;
  /** The trunks are the admins' own, through a relay. Calls enter by the context `between`. */
  readonly ownTrunks?: true;
  /** More lines for everybody's extensions.conf. */
  readonly dialplan?: string;
}

export interface Nodes {
  node(name: NodeName): Live;
  /** The phone of a number, on whichever node it is. */
  phone(number: string): Phone;
  /** Their smart_transfer.conf. */
  readonly settings: string;
  readonly settingsFile: string;
  readonly relay: Relay | undefined;
  /** Begins a test on all of them. */
  begin(): Promise<Nodes>;
  /** Asserts on all of them that nothing is left. */
  clean(): Promise<void>;
  stop(): Promise<void>;
}

/** The offices without our command in them, and the file that they will share. */
export interface Offices {
  readonly offices: ReadonlyMap<NodeName, Office>;
  readonly settings: string;
  readonly settingsFile: string;
  readonly relay: Relay | undefined;
  stop(): Promise<void>;
}

/** What an admin writes who wants to call a colleague on another node. */
const toOthers = (self: NodeName, prefix: string) =>
  (Object.keys(plans) as NodeName[])
    .filter((name) => name !== self)
    .map((name) => `exten => _${plans[name].digit}XX,1,Dial(PJSIP/\${EXTEN}@${prefix}${name},30)\n`)
    .join("");

const numbersOf = (name: NodeName) => ["01", "02", "03"].map((rest) => plans[name].digit + rest);

export async function startOffices({
  nodes = ["a", "b"],
  suites = {},
  general = {},
  tls,
  relay: isRelayed,
  ownTrunks,
  dialplan = "",
}: NodesOptions = {}): Promise<Offices> {
  const folder = await mkdtemp(join(tmpdir(), "nodes-"));
  const phonesRelease = await unpackAsterisk();
  const secure = tls && (await ownCertificate(folder));
  const relay = isRelayed || ownTrunks ? await startRelay(nodes.map((name) => plans[name].host)) : undefined;
  const ports = new Map<NodeName, number>();
  const suiteOf = (name: NodeName) => suites[name] ?? process.env.ASTERISK_SUITE;
  const started = await Promise.all(
    nodes.map(async (name) => {
      const suite = suiteOf(name);
      const { host } = plans[name];
      const tlsPort = await freeTcpPort();
      const office = await startOffice({
        release: suite === undefined ? phonesRelease : await unpackAsterisk({ suite }),
        phonesRelease,
        host,
        endpoints: numbersOf(name),
        outsiders: [`9${plans[name].digit}0`],
        more: {
          "extensions.conf": `\n[internal]\n${toOthers(name, ownTrunks ? "to-" : "smart-transfer-")}${dialplan}${ownTrunks ? between : ""}`,
          ...(ownTrunks && relay && { "pjsip.conf": trunksOf(name, nodes, relay) }),
          ...(secure && {
            "pjsip.conf": `\n[secure]\ntype = transport\nprotocol = tls\nbind = ${host}:${tlsPort}\n${secure}`,
          }),
        },
      });
      relay?.leadTo(host, office.pbx.port);
      ports.set(name, relay?.portOf(host) ?? (secure === undefined ? office.pbx.port : tlsPort));
      return [name, office] as const;
    }),
  );
  const offices = new Map(started);
  const settingsFile = join(folder, "smart_transfer.conf");
  const own = (name: NodeName) => (ownTrunks ? `@to-${name}` : `${plans[name].host}:${ports.get(name)}`);
  const settings = sharedSettings(
    nodes.map((name) => [name, own(name)]),
    secure === undefined ? general : { ...general, peer_transport: "secure" },
  );
  await writeFile(settingsFile, settings);
  return {
    offices,
    settings,
    settingsFile,
    relay,
    async stop() {
      relay?.stop();
      await Promise.all(started.map(([, office]) => office.stop()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The lines of a transport with a new self-signed certificate. */
async function ownCertificate(folder: string): Promise<string> {
  const [key, certificate] = [join(folder, "node.key"), join(folder, "node.crt")];
  const how = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=node -keyout".split(" ");
  await execa("openssl", [...how, key, "-out", certificate]);
  return `cert_file = ${certificate}\npriv_key_file = ${key}\nmethod = tlsv1_2\n`;
}

/** An admin's own trunks: everything that comes from them goes to [between]. */
function trunksOf(self: NodeName, nodes: readonly NodeName[], relay: Relay): string {
  const others = nodes.filter((name) => name !== self);
  return others
    .map((name) => {
      const { host } = plans[name];
      return `
[to-${name}]
type = endpoint
context = between
allow = ulaw
direct_media = no
media_address = ${plans[self].host}
trust_id_inbound = yes
send_pai = yes
aors = to-${name}

[to-${name}]
type = aor
contact = sip:${host}:${relay.portOf(host)}
qualify_frequency = 1

[to-${name}]
type = identify
endpoint = to-${name}
match = ${host}
`;
    })
    .join("");
}

/** Where such a trunk leads, as README says. */
const between = "\n[between]\ninclude => smart-transfer-peer\nexten => _9XX,1,Dial(PJSIP/${EXTEN},30)\n";

function sharedSettings(
  places: readonly (readonly [name: NodeName, place: string])[],
  general: Readonly<Record<string, string>>,
): string {
  const all = Object.entries({ ...hurried, ...general });
  const sorted = [...places].sort(([one], [other]) => one.localeCompare(other));
  const extensions = sorted.flatMap(([name]) =>
    numbersOf(name).map((number) => `\n[${number}]\ndevice = PJSIP/${number}\nnode = ${name}\n`),
  );
  const lines = sorted.map(([name, place]) => `${name} = ${place}\n`);
  return `[general]\n${all.map(([name, value]) => `${name} = ${value}\n`).join("")}\n[nodes]\n${lines.join("")}${extensions.join("")}`;
}

/** Starts and installs them, one after another, and waits until each sees the others. */
export async function startNodes(options: NodesOptions = {}): Promise<Nodes> {
  const { offices, settings, settingsFile, relay, stop } = await startOffices(options);
  const lives = new Map<NodeName, Live>();
  try {
    for (const [name, office] of offices)
      lives.set(name, await installedIn(office, "--settings", settingsFile, "--node", name));
    await Promise.all([...lives].map(([name, live]) => seesOthers(name, live, [...lives.keys()], options)));
  } catch (error) {
    await stop();
    throw error;
  }
  const all = [...lives.values()];
  const nodes: Nodes = {
    settings,
    settingsFile,
    relay,
    stop,
    node(name) {
      const live = lives.get(name);
      if (live === undefined) throw new Error(`node ${name} was not started`);
      return live;
    },
    phone(number) {
      const owner = [...lives].find(([name]) => plans[name].digit === (number[0] === "9" ? number[1] : number[0]));
      if (owner === undefined) throw new Error(`no node has ${number}`);
      return owner[1].phone(number);
    },
    async begin() {
      for (const live of all) await live.begin();
      return nodes;
    },
    async clean() {
      for (const live of all) await live.clean();
    },
  };
  return nodes;
}

/** Waits until a node's trunks to the others are up. */
export async function seesOthers(
  self: NodeName,
  { pbx }: Office,
  names: readonly NodeName[],
  { ownTrunks }: NodesOptions = {},
): Promise<void> {
  const deadline = Date.now() + 15_000;
  for (const other of names.filter((name) => name !== self)) {
    while (
      !/ Contact: .*\bAvail\b/.test(
        await pbx.cli(`pjsip show endpoint ${ownTrunks ? "to" : "smart-transfer"}-${other}`),
      )
    ) {
      if (Date.now() > deadline) throw new Error(`node ${self} does not see ${other}`);
      await sleep(50);
    }
  }
}

interface Check {
  readonly checks: readonly { readonly id: string; readonly status: string; readonly seen: string }[];
}

/** What `check` says of a node, or of another one seen from there. */
export async function said(live: Live, id: string): Promise<string> {
  const { stdout } = await live.run("check", "--json", "--no-rehearsal");
  const { checks } = JSON.parse(stdout) as Check;
  const found = checks.find((one) => one.id === id);
  return found === undefined ? "" : `${found.status}: ${found.seen}`;
}

const started: Offices[] = [];
/** Offices that a test installs itself, in any order. */
export async function uninstalled(options: Parameters<typeof startOffices>[0] = {}) {
  const offices = await startOffices(options);
  started.push(offices);
  const office = (name: NodeName) => {
    const found = offices.offices.get(name);
    if (found === undefined) throw new Error(`no office ${name}`);
    return found;
  };
  const install = (name: NodeName) => installedIn(office(name), "--settings", offices.settingsFile, "--node", name);
  return { ...offices, office, install };
}

/** Stops every office that a failed test has left. */
export async function stopAll(): Promise<void> {
  for (const { stop } of started) await stop();
}
