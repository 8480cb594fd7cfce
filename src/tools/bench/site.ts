import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { features } from "../../contract/names.ts";
import { buttonContext } from "../../installer/plan/transfer-context.ts";
import { manyAdditions } from "../../installer/preflight/endpoints.ts";
import type { Call } from "../../sandbox/call.ts";
import { type Office, startOffice } from "../../sandbox/office.ts";
import type { Pbx } from "../../sandbox/pbx.ts";
import type { Release } from "../../sandbox/release.ts";
import { Problem } from "../../terminal/problem.ts";
import { recipeLua } from "./recipe.ts";

export const command = join(import.meta.dirname, "../../../dist/install.js");

/** The people with a phone at each site: three of the company and two outsiders. */
export const people = { transferer: "101", receiver: "102", other: "103", caller: "900", stranger: "901" } as const;

/** An office with a directory of some size, for measurements. */
export interface Site extends Office {
  readonly size: number;
  /** Runs the command against this PBX, without questions. */
  run(...args: string[]): Promise<string>;
  /** Connects the caller and the transferer. */
  talk(): Promise<{ caller: Call; transferer: Call }>;
  /** Follows the log from its current end. */
  follow(): Promise<() => Promise<string>>;
  /** The processor time that the PBX has used, in ms. */
  processorTime(): Promise<number>;
  /** The PBX's share of memory, in kB (Pss of smaps_rollup). */
  memory(): Promise<number>;
}

/** Extensions 100-109, then five-digit extensions up to this size. */
export function directoryOf(size: number): { extensions: string[]; list: string } {
  const more = size - 10;
  const extensions = [
    ...Array.from({ length: 10 }, (_, at) => String(100 + at)),
    ...Array.from({ length: more }, (_, at) => String(20_000 + at)),
  ];
  return { extensions, list: more > 0 ? `100-109,20000-${20_000 + more - 1}` : "100-109" };
}

/** Asterisk's own transfer keys. */
export const ownKeys = "\n[featuremap]\nblindxfer = *1\natxfer = *2\n";
const ownDialplan = ["_[19]XX", "_2XXXX"].map((pattern) => `\nexten => ${pattern},1,Dial(PJSIP/\${EXTEN},30,tT)`);
/** 304 calls 104 without permission to use a key. */
const keylessDialplan = `\nexten => _3XX,1,Dial(PJSIP/1\${EXTEN:1},30)`;
export const keyless = (extension: string) => `3${extension.slice(1)}`;
/** Where callers hear music and nothing else happens. */
export const musicContext = "only-music";
const musicDialplan = `\n[${musicContext}]\nexten => _X.,1,Answer()\n same => n,MusicOnHold()\n`;
const recipeKey = "\n[applicationmap]\nrecipe = *3,self,Gosub(recipe,s,1),default\n";
const recipeEndpoint = `\n[${people.transferer}](+type=endpoint)\nset_var = DYNAMIC_FEATURES=recipe\n`;

/** From this size on, `install` recommends two lines for the endpoints' template. Here they are present. */
export const namesKeyInTemplate = (size: number) => size >= manyAdditions;

async function nameKeyInTemplate(pbx: Pbx): Promise<void> {
  const conf = join(pbx.etcDir, "pjsip.conf");
  const lines = `set_var = DYNAMIC_FEATURES=${features.transfer}\nset_var = TRANSFER_CONTEXT=${buttonContext("internal")}\n`;
  const text = await readFile(conf, "utf8");
  await writeFile(
    conf,
    text.replace("[phone](!)\ntype = endpoint\n", (head) => head + lines),
  );
  await pbx.cli("module reload res_pjsip.so");
}

/**
 * Starts an office with so many extensions.
 *
 * @param withRecipe also installs the usual home-made transfer, on a key of its own
 * @param bundle the dist/install.js of the version to install
 */
export async function startSite(release: Release, size: number, withRecipe: boolean, bundle = command): Promise<Site> {
  const phones: string[] = [people.transferer, people.receiver, people.other];
  const office = await startOffice({
    release,
    endpoints: phones,
    outsiders: [people.caller, people.stranger],
    phoneless: directoryOf(size).extensions.filter((extension) => !phones.includes(extension)),
    hintsByPattern: true,
    rtpPorts: 1400,
    more: {
      "features.conf": withRecipe ? ownKeys + recipeKey : ownKeys,
      "extensions.conf": `\n[internal]${ownDialplan.join("")}${keylessDialplan}\n${musicDialplan}`,
      ...(withRecipe ? { "extensions.lua": recipeLua, "pjsip.conf": recipeEndpoint } : {}),
    },
  });
  if (namesKeyInTemplate(size)) await nameKeyInTemplate(office.pbx);
  return siteOf(office, size, bundle);
}

/** Measures an office that was started otherwise. */
export function siteOf(office: Office, size: number, bundle = command): Site {
  const { pbx, phone } = office;
  const file = (name: string) => readFile(`/proc/${pbx.pid}/${name}`, "utf8");
  return {
    ...office,
    size,
    async run(...args) {
      const ran = await execa("node", [bundle, ...args, ...pbx.reach], { reject: false, stdin: "ignore" });
      if (ran.exitCode !== 0) throw new Problem(`${args.join(" ")} failed: ${ran.stdout}\n${ran.stderr}`, "");
      return ran.stdout;
    },
    async talk() {
      const caller = await phone(people.caller).call(people.transferer);
      const transferer = await phone(people.transferer).rings();
      await transferer.answer();
      // An answered call is not yet bridged. A key pressed too early would be lost.
      await caller.speak();
      await transferer.hears();
      return { caller, transferer };
    },
    async follow() {
      const from = (await readFile(pbx.logFile)).length;
      return async () => (await readFile(pbx.logFile)).subarray(from).toString();
    },
    async processorTime() {
      // After the command name in parentheses, fields 12 and 13 are the user and system time in ticks of 10 ms.
      const fields = (await file("stat")).split(") ")[1]?.split(" ") ?? [];
      return (Number(fields[11]) + Number(fields[12])) * 10;
    },
    async memory() {
      return Number(/^Pss:\s+(\d+)/m.exec(await file("smaps_rollup"))?.[1]);
    },
  };
}

/** The time of the first matching line of a log, in ms. */
export function timeOf(log: string, pattern: RegExp): number | undefined {
  const line = log.split("\n").find((one) => pattern.test(one));
  const [, time] = /^\[(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3})\]/.exec(line ?? "") ?? [];
  return time === undefined ? undefined : Date.parse(`${time.replace(" ", "T")}Z`);
}

/** Waits until a PBX has no channels. */
export async function quiet(office: Office): Promise<void> {
  if ((await channelsAfter(office, 10_000)) === 0) return;
  throw new Problem("Channels are left on the PBX.", `Its log is ${office.pbx.logFile}.`);
}

/** Waits until no channel is left, for some milliseconds at most. Returns the number of those that are. */
export async function channelsAfter({ pbx }: Office, limit: number): Promise<number> {
  const until = Date.now() + limit;
  while (true) {
    const left = (await pbx.cli("core show channels concise")).trim();
    if (left === "" || Date.now() >= until) return left === "" ? 0 : left.split("\n").length;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
