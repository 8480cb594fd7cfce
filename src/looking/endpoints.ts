import { globalVariable } from "../asterisk/globals.ts";
import { deviceOf } from "../asterisk/technologies.ts";
import { transferEndpoints } from "../plan/endpoint-files.ts";
import { contexts, features } from "../settings/files.ts";
import type { Settings } from "../settings/model.ts";
import { note, type Remark, refusal } from "./remark.ts";
import type { Sight } from "./sight.ts";

const mostNamed = 5;

/**
 * Where the endpoints that get the key come from, and what they have of their own. One that stands in no file cannot be
 * added to: Asterisk would drop the rest of the file that tries (main/config.c).
 */
export function endpointRemarks({ scene, dialplan, databases, running }: Sight, settings: Settings): Remark[] {
  const devices = transferEndpoints(settings).map(deviceOf);
  // What an #exec prints is not seen here, but can be added to.
  const isPrinted = [...scene.files.values()].some(({ content }) => /^\s*#exec\b/im.test(content.toString("latin1")));
  const strangers = devices.filter((device) => running?.devices.has(device) && !scene.endpoints.has(device));
  return [
    ...(strangers.length === 0 || isPrinted ? [] : [fromElsewhere(strangers, databases)]),
    ...keptRemarks(devices, scene.endpoints, globalVariable(dialplan, "DYNAMIC_FEATURES")?.value),
  ];
}

function fromElsewhere(devices: readonly string[], databases: readonly string[]): Remark {
  const [first] = databases;
  const source = first === undefined ? "something other than its files" : `a database (${databases.join("; ")})`;
  return refusal(
    `Asterisk has ${named(devices)} from ${source}, and there they cannot be added to.`,
    `Say \`transfer = no\` for them in smart_transfer.conf, or leave them out, and give them the key where they come from: the variable (set_var) DYNAMIC_FEATURES=${features.transfer}, and for their Transfer button TRANSFER_CONTEXT=${contexts.button}.`,
  );
}

/** What they have of their own is kept, and told. */
function keptRemarks(
  devices: readonly string[],
  own: Sight["scene"]["endpoints"],
  global: string | undefined,
): Remark[] {
  const having = (variable: string, but?: string) =>
    devices.filter((device) => {
      const value = own.get(device)?.variables[variable];
      return value !== undefined && value !== "" && value !== but && value !== features.transfer;
    });
  const valuesOf = (some: readonly string[], variable: string) =>
    [...new Set(some.map((device) => own.get(device)?.variables[variable]))].slice(0, mostNamed).join(", ");
  const withFeatures = having("DYNAMIC_FEATURES", global);
  const withContext = having("TRANSFER_CONTEXT");
  return [
    ...(withFeatures.length === 0
      ? []
      : [
          note(
            `The features that ${named(withFeatures)} had (${valuesOf(withFeatures, "DYNAMIC_FEATURES")}) are kept beside the new key.`,
          ),
        ]),
    ...(withContext.length === 0
      ? []
      : [
          note(
            `Transfers of ${named(withContext)} to others than the directory go where they went: ${valuesOf(withContext, "TRANSFER_CONTEXT")}.`,
          ),
        ]),
  ];
}

function named(devices: readonly string[]): string {
  const some = devices.slice(0, mostNamed).join(", ");
  return devices.length > mostNamed ? `${some} and ${devices.length - mostNamed} more` : some;
}
