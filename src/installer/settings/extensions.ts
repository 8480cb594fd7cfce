import { extensionSettings } from "../../contract/extension-settings.ts";
import type { Setting } from "../../contract/setting.ts";
import { exitCode, Problem } from "../../terminal/problem.ts";
import { faultOf } from "./fault.ts";

/** An extension of the directory, and the device whose state tells whether it is free. */
export interface DirectoryEntry {
  readonly extension: string;
  readonly device: string;
  /** Where there are [nodes]: the one that its phones register at. */
  readonly node?: string;
}

export const longestExtension = 20;
const largestRange = 10_000;
const deviceSetting: Setting = extensionSettings[0];

/** Only digits: it is entered on a telephone, where `*` cancels and `#` ends. */
export function isExtensionNumber(text: string): boolean {
  return /^[0-9]+$/.test(text) && text.length <= longestExtension;
}

/** Compares by number. Not localeCompare: starting it takes as long as reading the whole configuration. */
export function byNumber({ extension: one }: DirectoryEntry, { extension: other }: DirectoryEntry): number {
  return Number(one) - Number(other) || (one < other ? -1 : 1);
}

/** Whether smart_transfer.conf can hold a device of this name. */
export function isDevice(text: string): boolean {
  return faultOf(deviceSetting, text) === undefined;
}

/**
 * Reads a list such as `101-110,115,201=PJSIP/alice`. The default device is PJSIP/EXTENSION. Throws a Problem for
 * anything else.
 */
export function parseExtensions(list: string): DirectoryEntry[] {
  const entries = list.split(",").flatMap((item) => parseItem(item.trim()));
  const seen = new Set<string>();
  for (const { extension } of entries) {
    if (seen.has(extension)) throw wrong(`extension ${extension} is listed twice`);
    seen.add(extension);
  }
  return entries;
}

/** The reverse of parseExtensions. Extensions with the default device become ranges. */
export function writeExtensions(entries: readonly DirectoryEntry[]): string {
  const runs: { from: string; to: string; device: string }[] = [];
  for (const { extension, device } of entries) {
    const last = runs.at(-1);
    const usual = device === `PJSIP/${extension}`;
    const follows =
      last &&
      usual &&
      last.device === "" &&
      last.to.length === extension.length &&
      BigInt(last.to) + 1n === BigInt(extension);
    if (last && follows) last.to = extension;
    else runs.push({ from: extension, to: extension, device: usual ? "" : `=${device}` });
  }
  return runs.map(({ from, to, device }) => (from === to ? `${from}${device}` : `${from}-${to}`)).join(",");
}

function parseItem(item: string): DirectoryEntry[] {
  const [, from = "", to, device] = /^([0-9]+)(?:-([0-9]+))?(?:=(.*))?$/.exec(item) ?? [];
  if (from === "") throw wrong(item === "" ? "an entry is empty" : `"${item}" is no extension`);
  if (!isExtensionNumber(from)) throw wrong(`${from} is longer than ${longestExtension} digits`);
  if (to === undefined) return [{ extension: from, device: checkedDevice(device ?? `PJSIP/${from}`) }];
  if (device !== undefined) throw wrong(`"${item}": a range takes no device`);
  return range(from, to).map((extension) => ({ extension, device: `PJSIP/${extension}` }));
}

function range(from: string, to: string): string[] {
  if (from.length !== to.length) throw wrong(`the range ${from}-${to} has numbers of different lengths`);
  // BigInt: a number cannot hold twenty digits exactly.
  const first = BigInt(from);
  const count = Number(BigInt(to) - first) + 1;
  if (count < 1) throw wrong(`the range ${from}-${to} runs backwards`);
  if (count > largestRange) throw wrong(`the range ${from}-${to} has more than ${largestRange} extensions`);
  return Array.from({ length: count }, (_, at) => String(first + BigInt(at)).padStart(from.length, "0"));
}

function checkedDevice(device: string): string {
  const fault = faultOf(deviceSetting, device);
  if (fault !== undefined) throw wrong(`"${device}" ${fault}`);
  return device;
}

function wrong(what: string): Problem {
  return new Problem(`--extensions: ${what}.`, "Give it as 101-110,115,201=PJSIP/alice, or auto.", exitCode.usage);
}
