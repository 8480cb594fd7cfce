import { plainContexts } from "../settings/files.ts";

/** What notes on a phone that it was answered, and when (dialplan/ring.ts): before the parties are bridged, so not in Lua. */
export function answeredContext(): string {
  return `
[${plainContexts.answered}]
; In one step: where the phone hangs up between two, Asterisk complains.
exten => s,1,Return(\${SET(SHARED(SMART_TRANSFER_ANSWERED,\${SMART_TRANSFER_WAITER})=\${STRFTIME(,,%s%3q)})})
`;
}
