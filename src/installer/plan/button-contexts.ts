import type { OwnEndpoints } from "../../asterisk/endpoints.ts";
import { deviceOf } from "../../asterisk/technologies.ts";
import { contexts } from "../../contract/names.ts";
import { cast, buttonContext as rehearsalContext } from "../../contract/scenes.ts";
import type { Settings } from "../settings/model.ts";
import { transferEndpoints } from "./endpoint-files.ts";
import { buttonContext, contextBehind, transferContextBefore } from "./transfer-context.ts";

const directoryContext = "smart-transfer-directory";

/**
 * The contexts for TRANSFER_CONTEXT: one for each context that the endpoints used for transfers before, which it
 * includes. Before the include come the directory's extensions, one by one: so nothing else is intercepted, and no
 * pattern makes Asterisk's own transfer key wait for more digits. Only a blind transfer sets BLINDTRANSFER; an attended
 * one dials as before. A context that the admin's own lines name is always generated, because their phones' transfers
 * go there.
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
  // Sets the variable for dialplan/hangup-extension.ts, and evaluates to its value.
  const goOn = `\${SET(SHARED(SMART_TRANSFER_HOME)=\${CONTEXT:${buttonContext("").length}})}`;
  return `exten => ${extension},1,GotoIf($["\${BLINDTRANSFER}" = ""]?${goOn},${extension},1:${contexts.button},${extension},1)\n`;
}
