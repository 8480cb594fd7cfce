import type { OwnEndpoint, OwnEndpoints } from "../../asterisk/endpoints.ts";
import { deviceOf, type Endpoint, endpointOf, type Form, forms } from "../../asterisk/technologies.ts";
import { features } from "../../contract/names.ts";
import { atHome, type Settings } from "../settings/model.ts";
import { confHeader, includeOf } from "./headers.ts";
import { nodesFile, nodeTrunks } from "./node-trunks.ts";
import type { Snapshot } from "./snapshot.ts";
import { buttonContext, contextBehind, transferContextBefore } from "./transfer-context.ts";

/**
 * Why there are several files: Asterisk stops reading a file at an addition to a missing endpoint. More files than this
 * slow down its reload.
 */
const mostEndpointFiles = 250;

/** The admin's file that includes the trunks to other nodes. */
export const trunksIn = "pjsip.conf";

/** The endpoints of this node's extensions that may start transfers. */
export function transferEndpoints(settings: Settings): Endpoint[] {
  const devices = atHome(settings)
    .filter(({ transfer }) => transfer === "yes")
    .flatMap(({ device }) => device.split("&"));
  return [...new Set(devices)].flatMap((device) => endpointOf(device) ?? []);
}

/** The endpoints that we extend: not those whose own section or template already has everything. */
export function addedEndpoints(settings: Settings, own: OwnEndpoints): Endpoint[] {
  return transferEndpoints(settings).filter((endpoint) => !saysAll(own.get(deviceOf(endpoint)), settings));
}

function saysAll(endpoint: OwnEndpoint | undefined, { general }: Settings): boolean {
  const hasButton = general.transfer_button === "no" || contextBehind(endpoint) !== undefined;
  return hasButton && featuresOf(endpoint).includes(features.transfer);
}

function featuresOf(endpoint: OwnEndpoint | undefined): string[] {
  return (endpoint?.variables.DYNAMIC_FEATURES ?? "").split("#");
}

/**
 * One file per endpoint, by its technology and name, or per group if there are very many, and one for the trunks to other
 * nodes. The last file includes the
 * others one by one: Asterisk considers a file with an include pattern as always changed, and would reload all
 * endpoints every time (main/config.c, config_text_file_load).
 */
export function endpointFiles(
  settings: Settings,
  own: OwnEndpoints,
  transports?: Snapshot["transports"],
): [string, string][] {
  const all = addedEndpoints(settings, own).map((endpoint) => ({ endpoint, had: own.get(deviceOf(endpoint)) }));
  return forms.flatMap((form) => {
    const endpoints = all.filter(({ endpoint, had }) => (had?.wizard ?? endpoint.technology).conf === form.conf);
    const size = Math.ceil(endpoints.length / mostEndpointFiles);
    const trunks = form.conf === trunksIn ? nodeTrunks(settings, transports) : undefined;
    const files: [string, string][] = trunks === undefined ? [] : [[nodesFile, trunks]];
    for (let at = 0; at < endpoints.length; at += size) {
      const group = endpoints.slice(at, at + size);
      const sections = group.map(({ endpoint, had }) => endpointSection(endpoint, form, settings, had));
      files.push([fileOf(form, group[0]?.endpoint.name ?? ""), confHeader + sections.join("")]);
    }
    if (files.length === 0) return [];
    const includes = files.map(([name]) => `${includeOf(name)}\n`);
    return [...files, [form.conf, `${confHeader}\n${includes.join("")}`]];
  });
}

function fileOf({ conf }: Form, endpoint: string): string {
  const name = conf.replace(".conf", `-${endpoint}.conf`);
  // An endpoint may be called nodes.
  return name === nodesFile ? conf.replace(".conf", `-${endpoint}-.conf`) : name;
}

/** A second value of a variable replaces the first. So repeat the endpoint's value together with ours. */
function endpointSection(
  { name }: Endpoint,
  { addition, variable }: Form,
  { general }: Settings,
  own: OwnEndpoint | undefined,
): string {
  const had = featuresOf(own).filter((name) => name !== features.transfer);
  const dynamicFeatures = [...had, features.transfer].filter(Boolean).join("#");
  const button =
    general.transfer_button === "yes"
      ? `${variable} = TRANSFER_CONTEXT=${buttonContext(transferContextBefore(own))}\n`
      : "";
  return `\n[${name}]${addition}\n${variable} = DYNAMIC_FEATURES=${dynamicFeatures}\n${button}`;
}
