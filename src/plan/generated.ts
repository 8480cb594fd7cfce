import { createHash } from "node:crypto";
import type { OwnEndpoint, OwnEndpoints } from "../asterisk/endpoints.ts";
import { contexts, features, index, lineName, soundFolder } from "../settings/files.ts";
import type { Settings } from "../settings/model.ts";

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

/** The files of smart_transfer.d by name: they follow from the settings, and from what the endpoints have of their own. */
export function generatedFiles(
  settings: Settings,
  shipped: Shipped,
  own: OwnEndpoints = new Map(),
): Map<string, string> {
  return new Map([
    ["dialplan.lua", dialplanFile(shipped)],
    ["directory.conf", directoryIndex(settings)],
    ["extensions.conf", extensionsConf(settings, own)],
    ["features.conf", featuresConf(settings)],
    ["queues.conf", queuesConf(settings)],
    ...endpointFiles(settings, own),
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
  const { transfer_key: key, return_key: back, music_class: music } = general;
  return `${head}
[applicationmap]
${features.transfer} => ${key},self,Gosub(${contexts.key},s,1),${music}
; The caller presses it; the mobile's leg, his peer, sends him back and is let go.
${features.return} => ${back},peer,BlindTransfer(s,${contexts.recall})
`;
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
  return `${head}
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

/**
 * What TRANSFER_CONTEXT names: a context for each that the endpoints had for their transfers before, which it includes.
 * Before that, the extensions of the directory, one by one: nothing else is caught, and no pattern makes Asterisk's own
 * transfer key wait for more digits. Only a blind transfer sets BLINDTRANSFER; an attended one dials as it always did.
 */
function extensionsConf(settings: Settings, own: OwnEndpoints): string {
  if (settings.general.transfer_button !== "yes") return head;
  const before = [...new Set(transferEndpoints(settings).map((endpoint) => transferContextBefore(own.get(endpoint))))];
  const goOn = `\${CONTEXT:${buttonContext("").length}}`;
  const extensions = settings.directory.map(
    ({ extension }) =>
      `exten => ${extension},1,GotoIf($["\${BLINDTRANSFER}" = ""]?${goOn},${extension},1:${contexts.button},${extension},1)\n`,
  );
  const contextsBefore = before.map(
    (name) => `\n[${buttonContext(name)}]\ninclude => ${directoryContext}\ninclude => ${name}\n`,
  );
  return `${head}\n[${directoryContext}]\n${extensions.join("")}${contextsBefore.join("")}`;
}

const directoryContext = "smart-transfer-directory";

function buttonContext(before: string): string {
  return `${contexts.button}-${before}`;
}

/** Where an endpoint's transfers went before us (res_pjsip_refer.c, main/bridge_basic.c). */
function transferContextBefore(endpoint: OwnEndpoint | undefined): string {
  return endpoint?.variables.TRANSFER_CONTEXT || endpoint?.context || "default";
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

function endpointFiles(settings: Settings, own: OwnEndpoints): [string, string][] {
  const endpoints = transferEndpoints(settings);
  const size = Math.ceil(endpoints.length / mostEndpointFiles);
  const files: [string, string][] = [];
  for (let at = 0; at < endpoints.length; at += size) {
    const group = endpoints.slice(at, at + size);
    const sections = group.map((endpoint) => endpointSection(endpoint, settings, own.get(endpoint)));
    files.push([`pjsip-${group[0]}.conf`, head + sections.join("")]);
  }
  return files;
}

/** A second set_var of one name replaces the first, so what the endpoint had is said again with ours. */
function endpointSection(endpoint: string, { general }: Settings, own: OwnEndpoint | undefined): string {
  const dynamicFeatures = [own?.variables.DYNAMIC_FEATURES, features.transfer].filter(Boolean).join("#");
  const button =
    general.transfer_button === "yes"
      ? `set_var = TRANSFER_CONTEXT=${buttonContext(transferContextBefore(own))}\n`
      : "";
  return `\n[${endpoint}](+type=endpoint)\nset_var = DYNAMIC_FEATURES=${dynamicFeatures}\n${button}`;
}

/** The extension of each context of the Lua dialplan, as pbx_lua registers it: `s`, or any number. */
const handlers: Readonly<Record<keyof typeof contexts, string>> = {
  key: "s",
  button: "_X!",
  receiver: "_X!",
  line: "",
  ring: "_X!",
  accept: "s",
  recall: "s",
  alert: "s",
  end: "s",
};

export const loadedContexts = Object.values(contexts);

/** The block in the admin's extensions.lua: pbx_lua runs it for every channel, so all else is loaded on first use. */
export function loaderBlock(dialplanPath: string, { general }: Settings): string[] {
  // Queue leaves by any key that is an extension of this context: only that one key is.
  const extensions = { ...handlers, line: general.return_key_line };
  const names = Object.entries(extensions) as [keyof typeof contexts, string][];
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
    ...names.map(([name, extension]) => `  extensions["${contexts[name]}"] = { ["${extension}"] = run }`),
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
