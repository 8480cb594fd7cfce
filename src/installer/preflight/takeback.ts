import { entries, entriesOf, placeOf } from "../../asterisk/config-tree.ts";
import type { Settings } from "../settings/model.ts";
import { type Finding, refusal } from "./finding.ts";
import type { Inspection } from "./inspection.ts";

/** The code for call pickup if features.conf does not set it (DEFAULT_PICKUPEXTEN in main/features_config.c). */
const usualPickup = "*8";

/** Provides ChannelRedirect, which nothing else needs. */
const redirects = "app_channelredirect.so";

/**
 * Refuses a takeback_code that means something else already. Ours would stand in the phones' own contexts, before all
 * that they include: the other one would never be reached.
 */
export function takebackFindings(inspection: Inspection, { general: { takeback_code: code } }: Settings): Finding[] {
  if (code === "") return [];
  if (inspection.modules.running?.has(redirects) === false)
    return [
      refusal(
        `takeback_code needs ${redirects}, which this Asterisk has not loaded.`,
        `Run \`asterisk -rx 'module load ${redirects}'\` and let modules.conf load it, then run this again.`,
      ),
    ];
  return whatHas(code, inspection).map((what) =>
    refusal(`The code ${code} (takeback_code) is taken: ${what}.`, "Take one that is free: --set takeback_code=CODE."),
  );
}

function whatHas(code: string, { dialplan, scripts, features }: Inspection): string[] {
  const inConf = entries(dialplan)
    .filter(({ name, value }) => name.toLowerCase() === "exten" && value.split(",")[0]?.trim() === code)
    .map((line) => `\`exten => ${line.value}\` (${placeOf(line)})`);
  const inScripts = scripts.flatMap(({ path, text }) =>
    text.split("\n").flatMap((line, at) => (isExtension(code, line) ? [`${path}, line ${at + 1}`] : [])),
  );
  // The channel drivers look for it before they look into the dialplan.
  const pickup = entriesOf(features, "general").findLast(({ name }) => name.toLowerCase() === "pickupexten");
  const picksUp = pickup?.value ?? usualPickup;
  const inFeatures = picksUp === code ? [`\`pickupexten\`, the code for call pickup in features.conf`] : [];
  return [...inConf.slice(0, 1), ...inScripts.slice(0, 1), ...inFeatures];
}

/** `*77 => {` in AEL, `["*77"] =` in Lua. */
function isExtension(code: string, line: string): boolean {
  const [start = ""] = line.split(/=/);
  return start.replace(/[\s[\]"']/g, "") === code;
}
