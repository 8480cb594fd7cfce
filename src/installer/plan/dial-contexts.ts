// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${...} is what Asterisk puts in
import { contexts, plainContexts, rungCategory } from "../../contract/names.ts";
import type { Settings } from "../settings/model.ts";

const noteAnswer = "${SET(SHARED(SMART_TRANSFER_ANSWERED,${SMART_TRANSFER_WAITER})=${STRFTIME(,,%s%3q)})}";

/**
 * The contexts that Dial runs during a call (dialplan/ring.ts): on a phone's channel before it rings and when it
 * answers, where Lua would be too slow; and on the caller's channel when they press the back key, where a Lua context
 * would deadlock.
 */
export function dialContexts({ general }: Settings): string {
  return `
; In one step each: where a phone hangs up between two, Asterisk complains.
[${plainContexts.rung}]
exten => s,1,Return(\${SET(GROUP()=\${ARG1})})

[${plainContexts.answered}]
exten => s,1,Return(${noteAnswer}\${SET(GROUP(${rungCategory})=)})

[${plainContexts.back}]
exten => ${general.return_key_line},1,Goto(${contexts.line},s,1)
`;
}
