// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${...} is what Asterisk puts in
import {
  askedContext,
  contexts,
  forward,
  hangup,
  plainContexts,
  rungCategory,
  takebackExtensions,
  voicemailChosen,
} from "../../contract/names.ts";
import type { Settings } from "../settings/model.ts";
import { fits } from "./expressions.ts";

const noteAnswer = "${SET(SHARED(SMART_TRANSFER_ANSWERED,${SMART_TRANSFER_WAITER})=${STRFTIME(,,%s%3q)})}";

/**
 * The far end of a Local channel took a recall's reason for its caller's name (dialplan/alert.ts). Once it is answered,
 * what the caller shows of themselves is put back, before the transferer can send them to an outside number. On all other
 * channels this sets a variable to what it is. Only the last one tells the other side.
 */
const isRecallByLocal = '$["${CHANNEL(channeltype)}" = "Local" & ${LEN(${SMART_TRANSFER_ALERT})} > 0]';
const showCaller = ["name,i", "num,i", "pres"].map((part) => {
  const known = `SMART_TRANSFER_CALLER_${part.split(",")[0]?.toUpperCase()}`;
  return `\${SET(\${IF(${isRecallByLocal}?CONNECTEDLINE(${part}):${known})}=\${${known}})}`;
});

/** The group in ARG1 (dialplan/ticket.ts) without `@` and the category. */
const extensionRung = `\${ARG1:0:-${rungCategory.length + 1}}`;

/**
 * The contexts that Dial runs during a call (dialplan/ring.ts): on a phone's channel before it rings and when it
 * answers, where Lua would be too slow; and on the caller's channel when they press one of their keys, where a Lua context
 * would deadlock (dialplan/choice.ts).
 */
export function dialContexts({ general, nodes }: Settings): string {
  return `
; Asterisk looks an extension up three times before it enters it. Each look-up in a Lua context can take 10 ms (main/pbx.c,
; main/autoservice.c), so the caller comes here first.
[${plainContexts.sent}]
exten => _X!,1,Goto(${contexts.receiver},\${EXTEN},1)
exten => ${hangup},1,Goto(${contexts.receiver},${hangup},1)

; One step each, because Asterisk complains if a phone hangs up between two. Pickup finds the call by its mark. Without
; this one, the phone may inherit the mark of the extension that the caller called first.
[${plainContexts.rung}]
exten => s,1,Return(\${SET(GROUP()=\${ARG1})}\${SET(PICKUPMARK=${extensionRung})}\${SET(REDIRECTING(to-num,i)=)}\${SET(CHANNEL(hangup_handler_push)=${plainContexts.gone},s,1)})

[${plainContexts.answered}]
exten => s,1,Return(${noteAnswer}\${SET(GROUP(${rungCategory})=)}${showCaller.join("")})

; A phone that ends without an answer or a refusal may have forwarded the call (dialplan/forward.ts). The target is only
; copied, because it may hold anything. If Asterisk does not know it yet, it is empty.
[${plainContexts.gone}]
exten => s,1,GotoIf(${fits("(PJ)?SIP", "${CHANNEL(channeltype)}")}?:end)
 same => n,GotoIf($["\${CHANNEL(state)}" = "Up"]?end)
 same => n,GotoIf(\${LEN(\${REDIRECTING(to-num)})}?tell)
 same => n,GotoIf(\${LEN(\${SHARED(${forward},\${SMART_TRANSFER_WAITER})})}?end)
 same => n,GotoIf($["\${HANGUPCAUSE_KEYS()}" != "\${CHANNEL(name)}"]?tell)
 same => n,GotoIf(${fits("SIP [4-6].*", "${HANGUPCAUSE(${CHANNEL(name)},tech)}")}?end)
 same => n(tell),Set(SHARED(${forward},\${SMART_TRANSFER_WAITER})=to \${REDIRECTING(to-num)})
 same => n(end),Return()

[${plainContexts.back}]
exten => ${general.return_key_line},1,Goto(${contexts.line},s,1)

[${plainContexts.voicemail}]
exten => ${general.voicemail_key},1,Goto(${contexts.line},${voicemailChosen},1)
include => ${plainContexts.back}

; The transferer waits a moment for the caller whom they take back (dialplan/takeback.ts).
[${plainContexts.taking}]
exten => s,1,Wait(2)
 same => n,Goto(${contexts.takeback},${takebackExtensions.tookNobody},1)
${nodes.length === 0 ? "" : asked}`;
}

/** Refuses an answer: Dial goes on as if nobody had been there. */
const asked = `
; Where another node is asked for an extension (dialplan/across.ts), nobody answers. If anybody does, they are not connected.
[${askedContext}]
exten => s,1,Set(GOSUB_RESULT=CONGESTION)
 same => n,Return()
`;
