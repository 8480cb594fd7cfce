import { globalVariable } from "../../asterisk/globals.ts";
import { deviceOf } from "../../asterisk/technologies.ts";
import { contexts, features } from "../../contract/names.ts";
import { few } from "../../terminal/few.ts";
import { addedEndpoints, transferEndpoints } from "../plan/endpoint-files.ts";
import { buttonContext, contextBehind, transferContextBefore } from "../plan/transfer-context.ts";
import { atHome, type Settings } from "../settings/model.ts";
import { type Finding, note, refusal, warning } from "./finding.ts";
import type { Inspection } from "./inspection.ts";

const mostNamed = 5;
/** From this many additions on, the admin is told what they cost. */
export const manyAdditions = 2000;
/**
 * For each addition Asterisk searches all sections, once for each of its 17 object types (main/config.c,
 * category_get_sep). Measured with 10,000 endpoints of three sections each: 130 s, against 1 s without additions.
 */
const secondsFor = (additions: number) => Math.round((additions / 10_000) ** 2 * 130);

/**
 * Checks where the endpoints that get the key are defined, and which features they already have. An endpoint that is in
 * no file cannot be extended: Asterisk drops the rest of the file that tries (main/config.c).
 */
export function endpointFindings(
  { snapshot, dialplan, databases, devices: known }: Inspection,
  settings: Settings,
): Finding[] {
  const devices = transferEndpoints(settings).map(deviceOf);
  // The output of an #exec is not visible here, but its endpoints can be extended.
  const isPrinted = [...snapshot.files.values()].some(({ content }) =>
    /^\s*#exec\b/im.test(content.toString("latin1")),
  );
  const strangers = devices.filter((device) => known?.has(device) && !snapshot.endpoints.has(device));
  return [
    ...(strangers.length === 0 || isPrinted ? [] : [fromElsewhere(strangers, databases)]),
    ...costFindings(settings, snapshot.endpoints),
    ...forwardFindings(settings, snapshot.endpoints),
    ...keptFindings(devices, snapshot.endpoints, (variable) => globalVariable(dialplan, variable)?.value),
  ];
}

function fromElsewhere(devices: readonly string[], databases: readonly string[]): Finding {
  const [first] = databases;
  const source = first === undefined ? "something other than its files" : `a database (${databases.join("; ")})`;
  return refusal(
    `Asterisk has ${few(devices)} from ${source}, where the key cannot be added.`,
    `Set \`transfer = no\` for them in smart_transfer.conf, or leave them out. Then give them the key at their source: the variable (set_var) DYNAMIC_FEATURES=${features.transfer}, and for their Transfer button TRANSFER_CONTEXT=${contexts.button}.`,
  );
}

/** Thousands of additions are slow. Two lines in the admin's template do the same. */
function costFindings(settings: Settings, own: Inspection["snapshot"]["endpoints"]): Finding[] {
  const added = addedEndpoints(settings, own);
  const [first] = added;
  if (first === undefined || added.length < manyAdditions) return [];
  const { variable } = own.get(deviceOf(first))?.wizard ?? first.technology;
  const before = new Set(added.map((endpoint) => transferContextBefore(own.get(deviceOf(endpoint)))));
  const [context = ""] = before.size === 1 ? before : ["CONTEXT"];
  const lines = [
    `${variable} = DYNAMIC_FEATURES=${features.transfer}`,
    ...(settings.general.transfer_button === "yes" ? [`${variable} = TRANSFER_CONTEXT=${buttonContext(context)}`] : []),
  ];
  const written = lines.map((line) => `\`${line}\``).join(" and ");
  return [
    note(
      `Each of ${added.length} endpoints gets a section of ours, and reading them takes Asterisk about ${secondsFor(added.length)} s at each start and each reload. If the template of the endpoints has ${written}${before.size === 1 ? "" : " (CONTEXT: the one that they have)"}, nothing is added.`,
    ),
  ];
}

/** The dialplan rings only the directory for a phone that forwards by itself; here Asterisk does not ask it. */
function forwardFindings(settings: Settings, own: Inspection["snapshot"]["endpoints"]): Finding[] {
  const devices = atHome(settings).flatMap(({ device }) => device.split("&"));
  const forwarding = devices.filter((device) => own.get(device)?.forwardsAnywhere);
  if (forwarding.length === 0) return [];
  return [
    warning(
      `The phones of ${few(forwarding)} can forward a call to any SIP address: \`redirect_method = uri_pjsip\` lets PJSIP follow a forward without asking the dialplan.`,
      "Delete that line if they shall forward to the directory only.",
    ),
  ];
}

/** Notes which own features the endpoints keep. */
function keptFindings(
  devices: readonly string[],
  own: Inspection["snapshot"]["endpoints"],
  global: (variable: string) => string | undefined,
): Finding[] {
  const having = (variable: string) => {
    // Looked up once: the dialplan that it comes from can have tens of thousands of lines.
    const others = [undefined, "", global(variable), features.transfer];
    return devices.filter((device) => !others.includes(own.get(device)?.variables[variable]));
  };
  const valuesOf = (some: readonly string[], variable: string) =>
    [...new Set(some.map((device) => own.get(device)?.variables[variable]))].slice(0, mostNamed).join(", ");
  const withFeatures = having("DYNAMIC_FEATURES");
  const withContext = having("TRANSFER_CONTEXT").filter((device) => contextBehind(own.get(device)) === undefined);
  return [
    ...(withFeatures.length === 0
      ? []
      : [
          note(
            `${few(withFeatures)} keep their features (${valuesOf(withFeatures, "DYNAMIC_FEATURES")}) besides the new key.`,
          ),
        ]),
    ...(withContext.length === 0
      ? []
      : [
          note(
            `Transfers of ${few(withContext)} to numbers outside the directory go where they went before: ${valuesOf(withContext, "TRANSFER_CONTEXT")}.`,
          ),
        ]),
  ];
}
