import { Problem } from "../errors.ts";
import { type DirectoryEntry, isDevice, isExtensionNumber } from "../settings/extensions.ts";
import type { AsteriskCli } from "./cli.ts";

/** What the running Asterisk says of itself. */
export interface Survey {
  readonly version: string;
  /** Those that run. */
  readonly modules: ReadonlySet<string>;
  readonly endpoints: ReadonlySet<string>;
  /** Devices with no phone behind them now. */
  readonly offline: ReadonlySet<string>;
  /** Who could take part: extensions with a hint, and endpoints named like an extension. */
  readonly candidates: readonly DirectoryEntry[];
}

const oldest = { major: 16, minor: 5 };

export async function survey(cli: AsteriskCli): Promise<Survey> {
  // At once: each is a process of some 10 ms, and somebody waits for the first question.
  const asked = ["core show version", "module show", "core show hints"].map((command) => cli.run(command));
  const [version = "", listed = "", hints = ""] = await Promise.all(asked);
  const modules = modulesIn(listed);
  const shown = modules.has("chan_pjsip.so") ? await cli.run("pjsip show endpoints") : "";
  const endpoints = endpointsIn(shown);
  return {
    version: versionIn(version),
    modules,
    endpoints,
    offline: offlineIn(shown),
    candidates: candidates(hintsIn(hints), endpoints),
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
  return new Set([...found].map(([, name = ""]) => `PJSIP/${name}`));
}

/** `  101@internal  : PJSIP/101,CustomPresence:101  State:Idle ...` */
export function hintsIn(text: string): DirectoryEntry[] {
  const found = [...text.matchAll(/^\s*([^\s@]+)@\S+\s*:\s*([^\s,]+)/gm)];
  return found.map(([, extension = "", device = ""]) => ({ extension, device }));
}

function candidates(hints: readonly DirectoryEntry[], endpoints: ReadonlySet<string>): DirectoryEntry[] {
  const named = [...endpoints].map((name) => ({ extension: name, device: `PJSIP/${name}` }));
  const hinted = hints.map(({ extension, device }) => ({ extension, device: phonesOf(device, endpoints) }));
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
function phonesOf(hint: string, endpoints: ReadonlySet<string>): string {
  const devices = hint.split("&");
  return devices.filter((one) => one.startsWith("PJSIP/") && endpoints.has(one.slice("PJSIP/".length))).join("&");
}
