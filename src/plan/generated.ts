import { createHash } from "node:crypto";
import type { OwnEndpoints } from "../asterisk/endpoints.ts";
import { pbxConfig } from "../asterisk/modules.ts";
import { castPrefix, stageSuffix } from "../rehearsal/scenes.ts";
import { contexts, features, index, plainContexts, sharedLines, soundFolder } from "../settings/files.ts";
import type { Settings } from "../settings/model.ts";
import { buttonContexts } from "./button-contexts.ts";
import { endpointFiles } from "./endpoint-files.ts";
import { confHeader, dialplanTitle } from "./headers.ts";
import { keyContext } from "./key-context.ts";
import { queuesConf, sharedLineCount } from "./lines.ts";
import { recordContexts } from "./record-contexts.ts";
import type { Scene } from "./scene.ts";

export interface Shipped {
  readonly version: string;
  /** The compiled dialplan. */
  readonly dialplan: string;
  /** By language, then by file name. */
  readonly sounds: Readonly<Record<string, Readonly<Record<string, Buffer>>>>;
}

/** What our files follow from beside the settings. */
type Found = Partial<Pick<Scene, "endpoints" | "modules">>;

/** The files of smart_transfer.d by name: they follow from the settings, and from what the endpoints have of their own. */
export function generatedFiles(
  settings: Settings,
  shipped: Shipped,
  { endpoints = new Map(), modules }: Found = {},
  loads: readonly string[] = [],
): Map<string, string> {
  return new Map([
    ["dialplan.lua", dialplanFile(shipped)],
    ["directory.conf", directoryIndex(settings)],
    ["extensions.conf", extensionsConf(settings, endpoints)],
    ["features.conf", featuresConf(settings, modules)],
    ["queues.conf", queuesConf(settings)],
    ...(loads.length === 0 ? [] : [["modules.conf", modulesConf(loads)] as const]),
    ...endpointFiles(settings, endpoints),
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

function extensionsConf(settings: Settings, endpoints: OwnEndpoints): string {
  return confHeader + keyContext() + recordContexts() + buttonContexts(settings, endpoints);
}

/** Where nobody reads extensions.conf, the key enters the Lua dialplan at once. */
function featuresConf({ general }: Settings, modules: ReadonlySet<string> | undefined): string {
  const { transfer_key: key, return_key: back, music_class: music } = general;
  const context = (modules?.has(pbxConfig) ?? true) ? plainContexts.digits : contexts.key;
  return `${confHeader}
[applicationmap]
${features.transfer} => ${key},self,Gosub(${context},s,1),${music}
; The caller presses it; the mobile's leg, his peer, sends him back and is let go.
${features.return} => ${back},peer,BlindTransfer(s,${contexts.recall})
`;
}

/** The loader takes the first [modules] only (main/loader.c), so this adds to it. */
function modulesConf(loads: readonly string[]): string {
  return `${confHeader}\n[modules](+)\n${loads.map((module) => `load = ${module}\n`).join("")}`;
}

/**
 * What the dialplan must find without reading the whole directory: who owns a device, which digits may go on, and whether
 * lines are shared.
 */
function directoryIndex(settings: Settings): string {
  const { directory } = settings;
  const prefixes = new Set<string>();
  for (const { extension } of directory) {
    for (let length = 1; length < extension.length; length++) prefixes.add(extension.slice(0, length));
  }
  const devices = new Map<string, string>();
  for (const { extension, device } of directory) {
    for (const one of device.split("&")) if (!devices.has(one)) devices.set(one, extension);
  }
  const shared = sharedLineCount(settings);
  return [
    confHeader,
    `[${index.prefixes}]`,
    ...[...prefixes].map((digits) => `${digits} = yes`),
    "",
    `[${index.prefixes}${stageSuffix}]`,
    `${castPrefix} = yes`,
    "",
    `[${index.devices}]`,
    ...[...devices].map(([device, extension]) => `${device} = ${extension}`),
    "",
    ...(shared === 0 ? [] : [`[${index.lines}]`, `${sharedLines} = ${shared}`, ""]),
  ].join("\n");
}

/** Asterisk's path of a prompt's file. */
export function soundPath(dataDirectory: string, language: string, file: string): string {
  return `${dataDirectory}/sounds/${language}/${soundFolder}/${file}`;
}
