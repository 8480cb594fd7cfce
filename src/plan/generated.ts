import { createHash } from "node:crypto";
import { contexts, index, soundFolder } from "../settings/files.ts";
import type { Settings } from "../settings/model.ts";

/** The feature's name, as DYNAMIC_FEATURES lists it. */
export const feature = "smart-transfer";

/** Asterisk stops reading a file at an addition to an endpoint that is gone; more files than this slow its reload down. */
const mostEndpointFiles = 250;

const head = "; Made by asterisk-smart-transfer from smart_transfer.conf. Do not edit: `install` makes it anew.\n";

export interface Shipped {
  readonly version: string;
  /** The compiled dialplan. */
  readonly dialplan: string;
  /** By language, then by file name. */
  readonly sounds: Readonly<Record<string, Readonly<Record<string, Buffer>>>>;
}

/** The files of smart_transfer.d by name: they follow from the settings alone. */
export function generatedFiles(settings: Settings, shipped: Shipped): Map<string, string> {
  return new Map([
    ["dialplan.lua", dialplanFile(shipped)],
    ["directory.conf", directoryIndex(settings)],
    ["features.conf", featuresConf(settings)],
    ...endpointFiles(settings),
  ]);
}

/** The same bytes on every PBX; the first line tells which. */
export function dialplanFile({ version, dialplan }: Shipped): string {
  return `-- asterisk-smart-transfer ${version}, dialplan ${fingerprint(dialplan)}\n${dialplan}`;
}

export function fingerprint(text: string | Buffer): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

function featuresConf({ general }: Settings): string {
  const { transfer_key: key, music_class: music } = general;
  return `${head}\n[applicationmap]\n${feature} => ${key},self,Gosub(${contexts.key},s,1),${music}\n`;
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
    head,
    `[${index.prefixes}]`,
    ...[...prefixes].map((digits) => `${digits} = yes`),
    "",
    `[${index.devices}]`,
    ...[...devices].map(([device, extension]) => `${device} = ${extension}`),
    "",
  ].join("\n");
}

/** The endpoints of the directory that may start transfers. */
export function transferEndpoints({ directory }: Settings): string[] {
  const devices = directory.filter(({ transfer }) => transfer === "yes").flatMap(({ device }) => device.split("&"));
  return [...new Set(devices)].flatMap((device) =>
    device.startsWith("PJSIP/") ? [device.slice("PJSIP/".length)] : [],
  );
}

function endpointFiles(settings: Settings): [string, string][] {
  const endpoints = transferEndpoints(settings);
  const size = Math.ceil(endpoints.length / mostEndpointFiles);
  const files: [string, string][] = [];
  for (let at = 0; at < endpoints.length; at += size) {
    const group = endpoints.slice(at, at + size);
    const sections = group.map(
      (endpoint) => `\n[${endpoint}](+type=endpoint)\nset_var = DYNAMIC_FEATURES=${feature}\n`,
    );
    files.push([`pjsip-${group[0]}.conf`, head + sections.join("")]);
  }
  return files;
}

/** The contexts of the Lua dialplan and the extension that each answers to, as pbx_lua registers them. */
const handlers: readonly (readonly [context: string, extension: string])[] = [
  [contexts.key, "s"],
  [contexts.receiver, "_X!"],
  [contexts.alert, "s"],
];

export const loadedContexts = handlers.map(([context]) => context);

/** The block in the admin's extensions.lua: pbx_lua runs it for every channel, so all else is loaded on first use. */
export function loaderBlock(dialplanPath: string): string[] {
  return [
    "extensions = extensions or {}",
    "do",
    "  local dialplan",
    "  local function run(context, extension)",
    // First of all: Asterisk drops the digits that arrive while its service thread has the channel (main/autoservice.c).
    "    autoservice_stop()",
    `    dialplan = dialplan or dofile(${luaString(dialplanPath)})`,
    "    dialplan.run(context, extension)",
    "  end",
    ...handlers.map(([context, extension]) => `  extensions["${context}"] = { ["${extension}"] = run }`),
    "end",
  ];
}

function luaString(text: string): string {
  return `"${text.replace(/[\\"]/g, "\\$&")}"`;
}

/** Asterisk's path of a prompt's file. */
export function soundPath(dataDirectory: string, language: string, file: string): string {
  return `${dataDirectory}/sounds/${language}/${soundFolder}/${file}`;
}
