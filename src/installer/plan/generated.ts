import { basename } from "node:path";
import type { OwnEndpoints } from "../../asterisk/endpoints.ts";
import type { Vocabulary } from "../../asterisk/vocabulary.ts";
import { contexts, features, indexFile, plainContexts, soundFolder } from "../../contract/names.ts";
import type { Settings } from "../settings/model.ts";
import { buttonContexts } from "./button-contexts.ts";
import { dialContexts } from "./dial-contexts.ts";
import { directoryIndex } from "./directory-index.ts";
import { endpointFiles } from "./endpoint-files.ts";
import { confHeader, dialplanTitle } from "./headers.ts";
import { helloContexts } from "./hello-contexts.ts";
import { keyContext } from "./key-context.ts";
import { digest } from "./manifest.ts";
import { peerContexts } from "./peer-context.ts";
import type { Snapshot } from "./snapshot.ts";
import { takebackContexts } from "./takeback-contexts.ts";

export interface Shipped {
  readonly version: string;
  /** The compiled dialplan. */
  readonly dialplan: string;
  /**
   * The applications and functions that it and our part of extensions.conf and features.conf need, and those that only
   * a rehearsal needs.
   */
  readonly vocabulary: { readonly dialplan: Vocabulary; readonly rehearsal: Vocabulary };
  /** Sound files by language, then by file name. */
  readonly sounds: Readonly<Record<string, Readonly<Record<string, Buffer>>>>;
}

/** The compiled dialplan, in smart_transfer.d. */
export const dialplanFileName = "dialplan.lua";

/** What our files depend on besides the settings. */
type Found = Partial<Pick<Snapshot, "endpoints" | "spoken" | "transports">>;

/** The files of smart_transfer.d by name. They depend on the settings and on the endpoints' own values. */
export function generatedFiles(
  settings: Settings,
  shipped: Pick<Shipped, "version" | "dialplan">,
  { endpoints = new Map(), spoken = [], transports }: Found = {},
  loads: readonly string[] = [],
): Map<string, string> {
  return new Map([
    [dialplanFileName, dialplanFile(shipped)],
    [basename(indexFile), directoryIndex(settings, spoken)],
    ["extensions.conf", extensionsConf(settings, endpoints)],
    ["features.conf", featuresConf(settings)],
    ...(loads.length === 0 ? [] : [["modules.conf", modulesConf(loads)] as const]),
    ...endpointFiles(settings, endpoints, transports),
  ]);
}

/** The same bytes on every PBX. The first line shows the version, and the second one lets the dialplan report it. */
export function dialplanFile({ version, dialplan }: Pick<Shipped, "version" | "dialplan">): string {
  const identity = dialplanIdentity({ version, dialplan });
  return `${dialplanTitle}${identity}\nSMART_TRANSFER_DIALPLAN = "${identity}"\n${dialplan}`;
}

/** What the running dialplan reports about itself in a rehearsal. */
export function dialplanIdentity({ version, dialplan }: Pick<Shipped, "version" | "dialplan">): string {
  return `${version}, dialplan ${fingerprint(dialplan)}`;
}

export function fingerprint(text: string | Buffer): string {
  return digest(text).slice(0, 16);
}

function extensionsConf(settings: Settings, endpoints: OwnEndpoints): string {
  return (
    confHeader +
    keyContext(settings) +
    dialContexts(settings) +
    peerContexts(settings) +
    helloContexts(settings) +
    buttonContexts(settings, endpoints) +
    takebackContexts(settings, endpoints)
  );
}

function featuresConf({ general }: Settings): string {
  const { transfer_key: key, return_key: back, music_class: music } = general;
  return `${confHeader}
[applicationmap]
${features.transfer} => ${key},self,Gosub(${plainContexts.digits},s,1),${music}
; The caller presses it; the mobile's leg, their peer, sends them back and is released.
${features.return} => ${back},peer,BlindTransfer(s,${contexts.recall})
`;
}

/** Extends the admin's [modules] section, because the loader only reads the first one (main/loader.c). */
function modulesConf(loads: readonly string[]): string {
  return `${confHeader}\n[modules](+)\n${loads.map((module) => `load = ${module}\n`).join("")}`;
}

/** The path of a prompt's file, as Asterisk names it. */
export function soundPath(dataDirectory: string, language: string, file: string): string {
  return `${dataDirectory}/sounds/${language}/${soundFolder}/${file}`;
}
