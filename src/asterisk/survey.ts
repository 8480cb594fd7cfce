import { Problem } from "../errors.ts";
import { byNumber, type DirectoryEntry, isDevice, isExtensionNumber } from "../settings/extensions.ts";
import type { AsteriskCli } from "./cli.ts";
import { deviceOf, endpointOf, technologies } from "./technologies.ts";

/** The version and modules of the running Asterisk. */
export interface Identity {
  readonly version: string;
  /** The running modules. */
  readonly modules: ReadonlySet<string>;
}

/** The devices that Asterisk knows. */
export interface Survey {
  /** PJSIP endpoints and chan_sip peers, such as PJSIP/101 and SIP/102. */
  readonly devices: ReadonlySet<string>;
  /** Devices without a registered phone at the moment. */
  readonly offline: ReadonlySet<string>;
  /** Possible participants: extensions with a hint, and endpoints whose name is an extension. */
  readonly candidates: readonly DirectoryEntry[];
}

const oldest = { major: 16, minor: 5 };

export async function runningModules(cli: AsteriskCli): Promise<ReadonlySet<string>> {
  return modulesIn(await cli.run("module show"));
}

/**
 * Asks all questions in parallel: each is a process of about 10 ms, and the admin is waiting for the first question.
 */
export async function survey(cli: AsteriskCli, modules: Promise<ReadonlySet<string> | undefined>): Promise<Survey> {
  const [hints, asked] = await Promise.all([cli.run("core show hints"), modules.then((found) => listed(cli, found))]);
  const found = (which: "namesIn" | "offlineIn") =>
    asked.flatMap(({ technology, shown, ...list }) =>
      [...list[which](shown)].map((name) => deviceOf({ technology, name })),
    );
  const devices = new Set(found("namesIn"));
  return { devices, offline: new Set(found("offlineIn")), candidates: candidates(hintsIn(hints), devices) };
}

async function listed(cli: AsteriskCli, modules: ReadonlySet<string> | undefined) {
  const asked = technologies
    .filter(({ driver }) => modules?.has(driver))
    .flatMap((technology) => lists[technology.name].map((one) => ({ technology, ...one })));
  return Promise.all(asked.map(async (one) => ({ ...one, shown: await cli.run(one.list) })));
}

/** Throws a Problem unless Asterisk has BlindTransfer (16.5 and later), the application that everything rests on. */
export function requireVersion(version: string): void {
  const [, major = "", minor = "0"] = /^(?:certified\/|certified-)?(\d+)\.(\d+)/.exec(version) ?? [];
  const tooOld = Number(major) < oldest.major || (Number(major) === oldest.major && Number(minor) < oldest.minor);
  if (major !== "" && tooOld) {
    throw new Problem(
      `This is Asterisk ${version}; ${oldest.major}.${oldest.minor} or later is needed.`,
      "Upgrade Asterisk, then run this again.",
    );
  }
}

/** The version in `core show settings`, without a distribution's suffix. */
export function versionIn(text: string): string {
  return /^ *Version: +(\S+)/m.exec(text)?.[1]?.replace(/\+.*|~.*/, "") ?? "";
}

/**
 * The running modules. One that declined to load, such as pbx_lua without an extensions.lua, is listed as "Not Running"
 * (main/loader.c).
 */
export function modulesIn(text: string): Set<string> {
  return new Set([...text.matchAll(/^(\S+\.so)\s.*\s\d+\s+Running\s/gm)].map(([, name = ""]) => name));
}

/**
 * The endpoint names in ` Endpoint:  101/101   Not in use   0 of inf`. The caller ID after the slash is not part of the
 * name.
 */
export function endpointsIn(text: string): Set<string> {
  return new Set([...text.matchAll(/^ Endpoint: {2}([^\s/<]+)/gm)].map(([, name = ""]) => name));
}

/** The endpoints whose line ends with `Unavailable   0 of inf`. */
export function offlineIn(text: string): Set<string> {
  const found = text.matchAll(/^ Endpoint: {2}([^\s/<]+).*\s(?:Unavailable|Invalid)\s+\d+ of /gm);
  return new Set([...found].map(([, name = ""]) => name));
}

/**
 * The peers in `sip show objects`. Not `sip show peers`, which cuts names after 25 characters. Peers are listed a
 * second time by address.
 */
export function peersIn(text: string): Set<string> {
  const listed = text.split(/^-= /m).find((part) => part.startsWith("Peer objects: "));
  return new Set([...(listed ?? "").matchAll(/^name: (.+)$/gm)].map(([, name = ""]) => name));
}

/** The peers without an address in `sip show peers`: `101/101   (Unspecified)`. */
export function offlinePeersIn(text: string): Set<string> {
  return new Set([...text.matchAll(/^([^\s/]+)\S* +\(Unspecified\)/gm)].map(([, name = ""]) => name));
}

/** How to list the devices of a channel driver, and which of them are offline. */
interface List {
  readonly list: string;
  readonly namesIn: (shown: string) => Set<string>;
  readonly offlineIn: (shown: string) => Set<string>;
}
const nobody = () => new Set<string>();
const lists: Readonly<Record<"PJSIP" | "SIP", readonly List[]>> = {
  PJSIP: [{ list: "pjsip show endpoints", namesIn: endpointsIn, offlineIn }],
  SIP: [
    { list: "sip show objects", namesIn: peersIn, offlineIn: nobody },
    { list: "sip show peers", namesIn: nobody, offlineIn: offlinePeersIn },
  ],
};

/** Parses hints: `  101@internal  : PJSIP/101,CustomPresence:101  State:Idle ...` */
export function hintsIn(text: string): DirectoryEntry[] {
  const found = [...text.matchAll(/^\s*([^\s@]+)@\S+\s*:\s*([^\s,]+)/gm)];
  return found.map(([, extension = "", device = ""]) => ({ extension, device }));
}

function candidates(hints: readonly DirectoryEntry[], devices: ReadonlySet<string>): DirectoryEntry[] {
  const named = [...devices].map((device) => ({ extension: endpointOf(device)?.name ?? "", device }));
  const hinted = hints.map(({ extension, device }) => ({ extension, device: phonesOf(device, devices) }));
  const found = new Map<string, DirectoryEntry>();
  for (const entry of [...hinted, ...named]) {
    if (isExtensionNumber(entry.extension) && isDevice(entry.device) && !found.has(entry.extension))
      found.set(entry.extension, entry);
  }
  return [...found.values()].sort(byNumber);
}

/** The devices in a hint that can be rung. FreePBX writes hints such as `PJSIP/201&Custom:DND201`. */
function phonesOf(hint: string, devices: ReadonlySet<string>): string {
  const parts = hint.split("&");
  return parts.filter((one) => devices.has(one)).join("&");
}
