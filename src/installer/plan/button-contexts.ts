import type { OwnEndpoints } from "../../asterisk/endpoints.ts";
import { deviceOf } from "../../asterisk/technologies.ts";
import { contexts } from "../../contract/names.ts";
import { cast, buttonContext as rehearsalContext } from "../../contract/scenes.ts";
import type { Settings } from "../settings/model.ts";
import { transferEndpoints } from "./endpoint-files.ts";
import { buttonContext, contextBehind, transferContextBefore } from "./transfer-context.ts";

const directoryContext = "smart-transfer-directory";

/**
 * What TRANSFER_CONTEXT names: a context for each that the endpoints had for their transfers before, which it includes.
 * Before that, the extensions of the directory, one by one: nothing else is caught, and no pattern makes Asterisk's own
 * transfer key wait for more digits. Only a blind transfer sets BLINDTRANSFER; an attended one dials as it always did.
 * One that the admin's own lines name is made even where nothing is to be caught: their phones' transfers go there.
 */
export function buttonContexts(settings: Settings, own: OwnEndpoints): string {
  const named = [...own.values()].flatMap((endpoint) => contextBehind(endpoint) ?? []);
  if (settings.general.transfer_button !== "yes") return sections(named, []);
  const before = transferEndpoints(settings).map((endpoint) => transferContextBefore(own.get(deviceOf(endpoint))));
  const extensions = settings.directory.map(({ extension }) => caught(extension));
  return `\n[${directoryContext}]\n${extensions.join("")}${sections([...before, ...named], [directoryContext])}
[${rehearsalContext}]
${caught(cast.receiver)}`;
}

function sections(before: readonly string[], first: readonly string[]): string {
  const includes = (names: readonly string[]) => names.map((name) => `include => ${name}\n`).join("");
  return [...new Set(before)].map((name) => `\n[${buttonContext(name)}]\n${includes([...first, name])}`).join("");
}

function caught(extension: string): string {
  // Sets the variable, for dialplan/home.ts, and is its value.
  const goOn = `\${SET(SHARED(SMART_TRANSFER_HOME)=\${CONTEXT:${buttonContext("").length}})}`;
  return `exten => ${extension},1,GotoIf($["\${BLINDTRANSFER}" = ""]?${goOn},${extension},1:${contexts.button},${extension},1)\n`;
}
