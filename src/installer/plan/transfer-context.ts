import type { OwnEndpoint } from "../../asterisk/endpoints.ts";
import { contexts } from "../../contract/names.ts";

const prefix = `${contexts.button}-`;

/** Our context that includes the one which an endpoint used for transfers before: see button-contexts.ts. */
export function buttonContext(before: string): string {
  return prefix + before;
}

/** The context behind ours, for an endpoint whose TRANSFER_CONTEXT is already one of ours. */
export function contextBehind(endpoint: OwnEndpoint | undefined): string | undefined {
  const named = endpoint?.variables.TRANSFER_CONTEXT ?? "";
  return named.startsWith(prefix) && named !== prefix ? named.slice(prefix.length) : undefined;
}

/**
 * The context that an endpoint used for transfers before us: its TRANSFER_CONTEXT, which may be global (snapshot.ts), or
 * else its own context (res_pjsip_refer.c, chan_sip.c, main/bridge_basic.c).
 */
export function transferContextBefore(endpoint: OwnEndpoint | undefined): string {
  return contextBehind(endpoint) ?? (endpoint?.variables.TRANSFER_CONTEXT || endpoint?.context || "default");
}
