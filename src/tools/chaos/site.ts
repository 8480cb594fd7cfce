import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { execa } from "execa";
import type { Login } from "../../sandbox/ami.ts";
import { type Office, startOffice } from "../../sandbox/office.ts";
import { unpackAsterisk } from "../../sandbox/packages.ts";
import type { Phone } from "../../sandbox/phone.ts";
import { freeTcpPort } from "../../sandbox/ports.ts";
import { Problem } from "../../terminal/problem.ts";
import { desks, fallback, handsets, lines, mailbox, mobiles, mute, settings } from "./cast.ts";
import { playFirstTransfer } from "./first-transfer.ts";
import { managerConf } from "./pbx-events.ts";

const command = join(import.meta.dirname, "../../../dist/install.js");

/** An office where everybody of the cast has a phone, with us installed. */
export interface Site extends Office {
  readonly login: Login;
  /** A line's handsets; a desk or a mobile has one. */
  phonesOf(party: string): Phone[];
  /** Runs the built command against this PBX. Returns its exit code. */
  run(...args: string[]): Promise<number | undefined>;
  /** What `check` finds broken, a row each. */
  broken(): Promise<string[]>;
}

export interface SiteOptions {
  /** Debian's suite, whose Asterisk is the PBX. */
  readonly suite?: string | undefined;
  /** Does something to it after the install: the tests break it. */
  readonly spoil?: ((site: Site) => Promise<void>) | undefined;
  readonly keep?: boolean | undefined;
}

export async function startSite({ suite, spoil, keep = false }: SiteOptions): Promise<Site> {
  const phonesRelease = await unpackAsterisk();
  const release = suite === undefined ? phonesRelease : await unpackAsterisk({ suite });
  const login = { port: await freeTcpPort(), user: "chaos", secret: randomBytes(12).toString("hex") };
  const outsiders = [...lines, ...Object.values(mobiles)];
  const office = await startOffice({
    release,
    phonesRelease,
    endpoints: desks,
    outsiders,
    extraPhones: Array.from({ length: handsets - 1 }, () => lines).flat(),
    rtpPorts: 400,
    keep,
    more: {
      "manager.conf": managerConf(login),
      "pjsip.conf": [...desks, ...outsiders].map(shortPauses).join(""),
      "extensions.conf": operator,
    },
  });
  const start = (...args: string[]) =>
    execa("node", [command, ...args, "--no-rehearsal", ...office.pbx.reach], { reject: false, stdin: "ignore" });
  const run = async (...args: string[]) => (await start(...args)).exitCode;
  const broken = async () => {
    const { stdout, stderr } = await start("check", "--json");
    if (stdout === "") return [stderr];
    const { checks } = JSON.parse(stdout) as { checks: { id: string; status: string; seen: string }[] };
    return checks.filter(({ status }) => status === "fail").map(({ id, seen }) => `${id}: ${seen}`);
  };
  const code = await run(
    ...["install", "--yes", "--extensions", desks.join(",")],
    ...Object.entries(mobiles).flatMap(([extension, number]) => ["--mobile", `${extension}=${number}`]),
    ...Object.entries(settings).flatMap(([name, value]) => ["--set", `${name}=${value}`]),
  );
  if (code !== 0) {
    await office.stop();
    throw new Problem(`The install ended with ${code}.`, "Run `npm run build`, then look at what it says.");
  }
  const site: Site = {
    ...office,
    login,
    run,
    broken,
    phonesOf: (party) => office.phones.filter(({ number }) => number === party),
  };
  await playFirstTransfer(site);
  for (const phone of office.phones) if (mute.includes(phone.number)) phone.policy = "asleep";
  await spoil?.(site);
  return site;
}

/** A ringing tone whose pauses are shorter than what counts as silence. */
function shortPauses(endpoint: string): string {
  return `
[${endpoint}](+type=endpoint)
tone_zone = uk
`;
}

/** Where nobody rings: music for a moment, then it is over. */
const operator = [
  [fallback.context, fallback.extension],
  [fallback.context, "_X!"],
  [mailbox, "_X!"],
]
  .map(
    ([context, extension]) => `
[${context}]
exten => ${extension},1,MusicOnHold(,2)
same => n,Hangup()
`,
  )
  .join("");
