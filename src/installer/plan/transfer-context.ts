import type { OwnEndpoint } from "../../asterisk/endpoints.ts";
import { contexts } from "../../contract/names.ts";

const prefix = `${contexts.button}-`;

/** Ours, that includes the one to which an endpoint's transfers went before: see button-contexts.ts. */
export function buttonContext(before: string): string {
  return prefix + before;
}

/** Of an endpoint whose own TRANSFER_CONTEXT names such a one already: what it includes. */
export function contextBehind(endpoint: OwnEndpoint | undefined): string | undefined {
  const named = endpoint?.variables.TRANSFER_CONTEXT ?? "";
  return named.startsWith(prefix) && named !== prefix ? named.slice(prefix.length) : undefined;
}

/**
 * Where an endpoint's transfers went before us: by the variable, which may be its own or everybody's (scene.ts), else to its
 * context (res_pjsip_refer.c, chan_sip.c, main/bridge_basic.c).
 */
export function transferContextBefore(endpoint: OwnEndpoint | undefined): string {
  return contextBehind(endpoint) ?? (endpoint?.variables.TRANSFER_CONTEXT || endpoint?.context || "default");
}
