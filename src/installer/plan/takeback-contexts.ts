import type { OwnEndpoints } from "../../asterisk/endpoints.ts";
import { deviceOf } from "../../asterisk/technologies.ts";
import { contexts, takebackExtensions } from "../../contract/names.ts";
import type { Settings } from "../settings/model.ts";
import { transferEndpoints } from "./endpoint-files.ts";

/**
 * Adds takeback_code to the contexts from which the transferers' phones dial. Asterisk merges the parts of a context
 * (pbx/pbx_config.c), so nothing of the admin's is edited, and what stands in a context itself goes before all that it
 * includes. Without `(+)`: Asterisk would not read the rest of the file where a context is of AEL or Lua, not in this one.
 */
export function takebackContexts(settings: Settings, own: OwnEndpoints): string {
  const code = settings.general.takeback_code;
  if (code === "") return "";
  return takebackIn(settings, own)
    .map(
      (context) => `
[${context}]
exten => ${code},1,Set(SHARED(SMART_TRANSFER_HOME)=\${CONTEXT})
 same => n,Goto(${contexts.takeback},${takebackExtensions.dialled},1)
`,
    )
    .join("");
}

/** The contexts of the endpoints that may start transfers. */
export function takebackIn(settings: Settings, own: OwnEndpoints): string[] {
  return [...new Set(transferEndpoints(settings).flatMap((endpoint) => own.get(deviceOf(endpoint))?.context ?? []))];
}
