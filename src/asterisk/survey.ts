import { Problem } from "../errors.ts";
import { type DirectoryEntry, isDevice, isExtensionNumber } from "../settings/extensions.ts";
import type { AsteriskCli } from "./cli.ts";
import { deviceOf, endpointOf, technologies } from "./technologies.ts";

/** What the running Asterisk is. */
export interface Identity {
  readonly version: string;
  /** Those that run. */
  readonly modules: ReadonlySet<string>;
}

/** And whom it knows. */
export interface Survey extends Identity {
  /** The endpoints of pjsip and the peers of chan_sip: PJSIP/101, SIP/102. */
  readonly devices: ReadonlySet<string>;
  /** Devices with no phone behind them now. */
  readonly offline: ReadonlySet<string>;
  /** Who could take part: extensions with a hint, and endpoints named like an extension. */
  readonly candidates: readonly DirectoryEntry[];
}

const oldest = { major: 16, minor: 5 };

export async function identify(cli: AsteriskCli): Promise<Identity> {
  const [version, listed] = await Promise.all([cli.run("core show version"), cli.run("module show")]);
  return { version: versionIn(version), modules: modulesIn(listed) };
}

export async function survey(cli: AsteriskCli, identity: Identity): Promise<Survey> {
  const asked = technologies
    .filter(({ driver }) => identity.modules.has(driver))
    .flatMap((technology) => lists[technology.name].map((one) => ({ technology, ...one })));
  // At once: each is a process of some 10 ms, and somebody waits for the first question.
  const commands = ["core show hints", ...asked.map(({ list }) => list)];
  const [hints = "", ...shown] = await Promise.all(commands.map((command) => cli.run(command)));
  const found = (which: "namesIn" | "offlineIn") =>
    asked.flatMap(({ technology, ...one }, at) =>
      [...one[which](shown[at] ?? "")].map((name) => deviceOf({ technology, name })),
    );
  const devices = new Set(found("namesIn"));
  return {
    ...identity,
    devices,
    offline: new Set(found("offlineIn")),
    candidates: candidates(hintsIn(hints), devices),
  };
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

export function versionIn(text: string): string {
  return /Asterisk (\S+)/.exec(text)?.[1]?.replace(/\+.*|~.*/, "") ?? text.trim();
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
  return [...found.values()].sort((one, other) =>
    one.extension.localeCompare(other.extension, "en", { numeric: true }),
  );
}

/** Of a hint such as FreePBX makes, `PJSIP/201&Custom:DND201`, what can be rung. */
function phonesOf(hint: string, devices: ReadonlySet<string>): string {
  const parts = hint.split("&");
  return parts.filter((one) => devices.has(one)).join("&");
}
