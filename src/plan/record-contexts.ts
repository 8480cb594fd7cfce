// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${...} is what Asterisk puts in
import { contexts, plainContexts } from "../settings/files.ts";
import { celEvent, outcomes, recordOf, type Step } from "../settings/record.ts";

const desk: Step = "desk";
const answered = "${SHARED(SMART_TRANSFER_ANSWERED)}";
const tenths = `$[FLOOR((${answered} - \${SMART_TRANSFER_SINCE} + 50) / 100)]`;
const seconds = "${IF($[${SMART_TRANSFER_TENTHS} < 10]?0)}${SMART_TRANSFER_TENTHS:0:-1}.${SMART_TRANSFER_TENTHS:-1}";
const text = recordOf(
  "${CALLERID(num)}",
  "${SMART_TRANSFER_FROM}",
  "${SMART_TRANSFER_TO}",
  outcomes[desk],
  `\${SMART_TRANSFER_STEPS} ${desk}=${seconds}`,
);

const plain = [
  `"\${SMART_TRANSFER_STEP}" = "${desk}"`,
  '"${DIALSTATUS}" = "ANSWER"',
  `"${answered}" != ""`,
  '"${SMART_TRANSFER_LINE}${SMART_TRANSFER_REHEARSAL}" = ""',
];

/**
 * What notes on a phone that it was answered, and when (dialplan/ring.ts). And the caller's hangup handler: records the plain
 * transfer, which the receiver answered at his desk, and leaves all else to the Lua dialplan (dialplan/record.ts). To enter
 * that takes 30 ms, and where many calls end at once a third of a second (main/autoservice.c), in which the other party is not
 * told yet that the call is over.
 */
export function recordContexts(): string {
  return `
[${plainContexts.answered}]
; In one step: where the phone hangs up between two, Asterisk complains.
exten => s,1,Return(\${SET(SHARED(SMART_TRANSFER_ANSWERED,\${SMART_TRANSFER_WAITER})=\${STRFTIME(,,%s%3q)})})

[${plainContexts.record}]
exten => s,1,GotoIf($[${plain.join(" & ")}]?:lua)
 same => n,Set(SMART_TRANSFER_TENTHS=${tenths})
 same => n,Set(SMART_TRANSFER_RECORD=${text})
 same => n,Log(NOTICE,smart-transfer: \${SMART_TRANSFER_RECORD})
 same => n,CELGenUserEvent(${celEvent},\${SMART_TRANSFER_RECORD})
 same => n,Return()
 same => n(lua),Goto(${contexts.end},s,1)
`;
}
