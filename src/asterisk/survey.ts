import { Problem } from "../errors.ts";
import { byNumber, type DirectoryEntry, isDevice, isExtensionNumber } from "../settings/extensions.ts";
import type { AsteriskCli } from "./cli.ts";
import { deviceOf, endpointOf, technologies } from "./technologies.ts";

/** What the running Asterisk is. */
export interface Identity {
  readonly version: string;
  /** Those that run. */
  readonly modules: ReadonlySet<string>;
}

/** Whom it knows. */
export interface Survey {
  /** The endpoints of pjsip and the peers of chan_sip: PJSIP/101, SIP/102. */
  readonly devices: ReadonlySet<string>;
  /** Devices with no phone behind them now. */
  readonly offline: ReadonlySet<string>;
  /** Who could take part: extensions with a hint, and endpoints named like an extension. */
  readonly candidates: readonly DirectoryEntry[];
}

const oldest = { major: 16, minor: 5 };

export async function runningModules(cli: AsteriskCli): Promise<ReadonlySet<string>> {
  return modulesIn(await cli.run("module show"));
}

/** All at once: each question is a process of some 10 ms, and somebody waits for the installer's first one. */
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

/** Throws unless BlindTransfer, the application that all of this rests on, is there (Asterisk 16.5). */
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

/** Of `core show settings`. A distribution's own additions are left out. */
export function versionIn(text: string): string {
  return /^ *Version: +(\S+)/m.exec(text)?.[1]?.replace(/\+.*|~.*/, "") ?? "";
}

/** One that declined to load, as pbx_lua does without an extensions.lua, stays in the list as "Not Running" (main/loader.c). */
export function modulesIn(text: string): Set<string> {
  return new Set([...text.matchAll(/^(\S+\.so)\s.*\s\d+\s+Running\s/gm)].map(([, name = ""]) => name));
}

/** ` Endpoint:  101/101   Not in use   0 of inf`: the caller ID behind the slash is no part of the name. */
export function endpointsIn(text: string): Set<string> {
  return new Set([...text.matchAll(/^ Endpoint: {2}([^\s/<]+)/gm)].map(([, name = ""]) => name));
}

/** The same line ends with the state and the channels: `Unavailable   0 of inf`. */
export function offlineIn(text: string): Set<string> {
  const found = text.matchAll(/^ Endpoint: {2}([^\s/<]+).*\s(?:Unavailable|Invalid)\s+\d+ of /gm);
  return new Set([...found].map(([, name = ""]) => name));
}

/** `sip show objects`. Not `sip show peers`: its names are cut after 25 letters. By its address a peer is listed once more. */
export function peersIn(text: string): Set<string> {
  const listed = text.split(/^-= /m).find((part) => part.startsWith("Peer objects: "));
  return new Set([...(listed ?? "").matchAll(/^name: (.+)$/gm)].map(([, name = ""]) => name));
}

/** Name and user name, then the host: `101/101   (Unspecified)`. */
export function offlinePeersIn(text: string): Set<string> {
  return new Set([...text.matchAll(/^([^\s/]+)\S* +\(Unspecified\)/gm)].map(([, name = ""]) => name));
}

/** How a channel driver lists what it knows, and which of it are off. */
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

/** `  101@internal  : PJSIP/101,CustomPresence:101  State:Idle ...` */
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

/** Of a hint such as FreePBX makes, `PJSIP/201&Custom:DND201`, what can be rung. */
function phonesOf(hint: string, devices: ReadonlySet<string>): string {
  const parts = hint.split("&");
  return parts.filter((one) => devices.has(one)).join("&");
}
