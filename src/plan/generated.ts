import { createHash } from "node:crypto";
import type { OwnEndpoints } from "../asterisk/endpoints.ts";
import { contexts, features, index, lineName, soundFolder } from "../settings/files.ts";
import type { Settings } from "../settings/model.ts";
import { buttonContexts, endpointFiles } from "./endpoint-files.ts";
import { confHeader, dialplanTitle } from "./headers.ts";

export interface Shipped {
  readonly version: string;
  /** The compiled dialplan. */
  readonly dialplan: string;
  /** By language, then by file name. */
  readonly sounds: Readonly<Record<string, Readonly<Record<string, Buffer>>>>;
}

/** The files of smart_transfer.d by name: they follow from the settings, and from what the endpoints have of their own. */
export function generatedFiles(
  settings: Settings,
  shipped: Shipped,
  own: OwnEndpoints = new Map(),
  loads: readonly string[] = [],
): Map<string, string> {
  return new Map([
    ["dialplan.lua", dialplanFile(shipped)],
    ["directory.conf", directoryIndex(settings)],
    ["extensions.conf", buttonContexts(settings, own)],
    ["features.conf", featuresConf(settings)],
    ["queues.conf", queuesConf(settings)],
    ...(loads.length === 0 ? [] : [["modules.conf", modulesConf(loads)] as const]),
    ...endpointFiles(settings, own),
  ]);
}

/** The same bytes on every PBX; the first line tells which, and the second lets the dialplan tell it. */
export function dialplanFile({ version, dialplan }: Shipped): string {
  const identity = dialplanIdentity({ version, dialplan });
  return `${dialplanTitle}${identity}\nSMART_TRANSFER_DIALPLAN = "${identity}"\n${dialplan}`;
}

/** What the running dialplan tells of itself in a rehearsal. */
export function dialplanIdentity({ version, dialplan }: Pick<Shipped, "version" | "dialplan">): string {
  return `${version}, dialplan ${fingerprint(dialplan)}`;
}

export function fingerprint(text: string | Buffer): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

function featuresConf({ general }: Settings): string {
  const { transfer_key: key, return_key: back, music_class: music } = general;
  return `${confHeader}
[applicationmap]
${features.transfer} => ${key},self,Gosub(${contexts.key},s,1),${music}
; The caller presses it; the mobile's leg, his peer, sends him back and is let go.
${features.return} => ${back},peer,BlindTransfer(s,${contexts.recall})
`;
}

/** The loader takes the first [modules] only (main/loader.c), so this adds to it. */
function modulesConf(loads: readonly string[]): string {
  return `${confHeader}\n[modules](+)\n${loads.map((module) => `load = ${module}\n`).join("")}`;
}

/**
 * A line for each extension. Who stands behind another hears his position; the head hears music only, for app_queue rings
 * nobody while he is told something. How long a phone rings is the ring context's business.
 */
function queuesConf({ general, directory }: Settings): string {
  const lines = directory.map(
    ({ extension, device }) => `
[${lineName}${extension}](smart-transfer-line)
member => Local/${extension}@${contexts.ring},0,,${device.split("&")[0]}
`,
  );
  return `${confHeader}
[smart-transfer-line](!)
strategy = ringall
timeout = 0
retry = 1
ringinuse = no
joinempty = yes
leavewhenempty = no
autofill = yes
musicclass = ${general.music_class}
context = ${contexts.line}
announce-position = yes
announce-frequency = 30
min-announce-frequency = 15
announce-holdtime = no
queue-youarenext =
queue-thankyou =
${lines.join("")}`;
}

/** What the dialplan must find without reading the whole directory: who owns a device, and which digits may go on. */
function directoryIndex({ directory }: Settings): string {
  const prefixes = new Set<string>();
  for (const { extension } of directory) {
    for (let length = 1; length < extension.length; length++) prefixes.add(extension.slice(0, length));
  }
  const devices = new Map<string, string>();
  for (const { extension, device } of directory) {
    for (const one of device.split("&")) if (!devices.has(one)) devices.set(one, extension);
  }
  return [
    confHeader,
    `[${index.prefixes}]`,
    ...[...prefixes].map((digits) => `${digits} = yes`),
    "",
    `[${index.devices}]`,
    ...[...devices].map(([device, extension]) => `${device} = ${extension}`),
    "",
  ].join("\n");
}

/** Asterisk's path of a prompt's file. */
export function soundPath(dataDirectory: string, language: string, file: string): string {
  return `${dataDirectory}/sounds/${language}/${soundFolder}/${file}`;
}
