import type { OwnEndpoint, OwnEndpoints } from "../asterisk/endpoints.ts";
import { deviceOf, type Endpoint, endpointOf, type Form, forms } from "../asterisk/technologies.ts";
import { cast, buttonContext as rehearsalContext } from "../rehearsal/scenes.ts";
import { contexts, features } from "../settings/files.ts";
import type { Settings } from "../settings/model.ts";
import { confHeader, includeOf } from "./headers.ts";

/** Asterisk stops reading a file at an addition to an endpoint that is gone; more files than this slow its reload down. */
const mostEndpointFiles = 250;

/** The endpoints of the directory that may start transfers. */
export function transferEndpoints({ directory }: Settings): Endpoint[] {
  const devices = directory.filter(({ transfer }) => transfer === "yes").flatMap(({ device }) => device.split("&"));
  return [...new Set(devices)].flatMap((device) => endpointOf(device) ?? []);
}

/**
 * A file for each endpoint, by where it stands and its name; grouped where there are very many. The last includes them one by
 * one: of a file that includes by a pattern Asterisk believes that it has always changed, and would read all endpoints anew
 * at every reload (main/config.c, config_text_file_load).
 */
export function endpointFiles(settings: Settings, own: OwnEndpoints): [string, string][] {
  const all = transferEndpoints(settings).map((endpoint) => ({ endpoint, had: own.get(deviceOf(endpoint)) }));
  return forms.flatMap((form) => {
    const endpoints = all.filter(({ endpoint, had }) => (had?.wizard ?? endpoint.technology).conf === form.conf);
    const size = Math.ceil(endpoints.length / mostEndpointFiles);
    const files: [string, string][] = [];
    for (let at = 0; at < endpoints.length; at += size) {
      const group = endpoints.slice(at, at + size);
      const sections = group.map(({ endpoint, had }) => endpointSection(endpoint, form, settings, had));
      files.push([form.conf.replace(".conf", `-${group[0]?.endpoint.name}.conf`), confHeader + sections.join("")]);
    }
    if (files.length === 0) return [];
    const includes = files.map(([name]) => `${includeOf(name)}\n`);
    return [...files, [form.conf, `${confHeader}\n${includes.join("")}`]];
  });
}

/** A second variable of one name replaces the first, so what the endpoint had is said again with ours. */
function endpointSection(
  { name }: Endpoint,
  { addition, variable }: Form,
  { general }: Settings,
  own: OwnEndpoint | undefined,
): string {
  const had = (own?.variables.DYNAMIC_FEATURES ?? "").split("#").filter((name) => name !== features.transfer);
  const dynamicFeatures = [...had, features.transfer].filter(Boolean).join("#");
  const button =
    general.transfer_button === "yes"
      ? `${variable} = TRANSFER_CONTEXT=${buttonContext(transferContextBefore(own))}\n`
      : "";
  return `\n[${name}]${addition}\n${variable} = DYNAMIC_FEATURES=${dynamicFeatures}\n${button}`;
}

/**
 * What TRANSFER_CONTEXT names: a context for each that the endpoints had for their transfers before, which it includes.
 * Before that, the extensions of the directory, one by one: nothing else is caught, and no pattern makes Asterisk's own
 * transfer key wait for more digits. Only a blind transfer sets BLINDTRANSFER; an attended one dials as it always did.
 */
export function buttonContexts(settings: Settings, own: OwnEndpoints): string {
  if (settings.general.transfer_button !== "yes") return confHeader;
  const before = [
    ...new Set(transferEndpoints(settings).map((endpoint) => transferContextBefore(own.get(deviceOf(endpoint))))),
  ];
  const extensions = settings.directory.map(({ extension }) => caught(extension));
  const contextsBefore = before.map(
    (name) => `\n[${buttonContext(name)}]\ninclude => ${directoryContext}\ninclude => ${name}\n`,
  );
  return `${confHeader}\n[${directoryContext}]\n${extensions.join("")}${contextsBefore.join("")}
[${rehearsalContext}]
${caught(cast.receiver)}`;
}

function caught(extension: string): string {
  const goOn = `\${CONTEXT:${buttonContext("").length}}`;
  return `exten => ${extension},1,GotoIf($["\${BLINDTRANSFER}" = ""]?${goOn},${extension},1:${contexts.button},${extension},1)\n`;
}

const directoryContext = "smart-transfer-directory";

function buttonContext(before: string): string {
  return `${contexts.button}-${before}`;
}

/** Where an endpoint's transfers went before us (res_pjsip_refer.c, chan_sip.c, main/bridge_basic.c). */
function transferContextBefore(endpoint: OwnEndpoint | undefined): string {
  return endpoint?.variables.TRANSFER_CONTEXT || endpoint?.context || "default";
}
