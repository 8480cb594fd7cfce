import { Problem } from "../terminal/problem.ts";
import type { AsteriskCli } from "./cli.ts";
import { moduleList, wholeAnswer } from "./whole-answer.ts";

/** The version and modules of the running Asterisk. */
export interface Identity {
  readonly version: string;
  /** The running modules. */
  readonly modules: ReadonlySet<string>;
}

const oldest = { major: 16, minor: 5 };

export async function runningModules(cli: AsteriskCli): Promise<ReadonlySet<string>> {
  return modulesIn(await wholeAnswer(cli, moduleList));
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

/** An extension and what its hint watches: one device, or several joined by &. */
export interface Hint {
  readonly extension: string;
  readonly device: string;
}

/** Parses hints: `  101@internal  : PJSIP/101,CustomPresence:101  State:Idle ...` */
export function hintsIn(text: string): Hint[] {
  const found = [...text.matchAll(/^\s*([^\s@]+)@\S+\s*:\s*([^\s,]+)/gm)];
  return found.map(([, extension = "", device = ""]) => ({ extension, device }));
}
