// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${...} is what Asterisk puts in

import { type Kind, kinds } from "../../contract/kinds.ts";
import { contexts, index, indexFile, plainContexts, settingsFile } from "../../contract/names.ts";
import { keyVariables } from "../../contract/scenes.ts";
import type { Setting } from "../../contract/setting.ts";
import { betweenPresenceChecks } from "../../contract/settings-table.ts";
import type { Settings } from "../settings/model.ts";
import { generalRows } from "../settings/prompt-settings.ts";
import {
  device,
  digits,
  extension,
  fits,
  general,
  isDndNamed,
  isUndisturbed,
  mayReceive,
  readDnd,
  state,
} from "./expressions.ts";
import { homeAsked } from "./peer-context.ts";

const { stage, standIn, sound } = keyVariables;
const silence = "${SMART_TRANSFER_SILENCE}";
const peer = "${SMART_TRANSFER_PEER}";
const looks = "${SMART_TRANSFER_LOOKS}";
/** The transferer's extension. In a rehearsal it ends in stageSuffix: no section has that name, so no setting of it counts. */
const transferer = "${SMART_TRANSFER_EXTENSION}";
/**
 * The bucket of the digits in the index: the last two (directory-index.ts). A rehearsal has one of its own.
 */
const bucket = `\${SMART_TRANSFER_DIGITS:-1}\${SMART_TRANSFER_DIGIT}\${${stage}}`;

/**
 * The context that the key runs: reads the digits, and transfers the caller in the plain case. Hands over to Lua
 * (dialplan/key-handed-over.ts) before the prompt if a setting is invalid, and after the digits if they do not name a reachable
 * extension. An expression that Asterisk cannot evaluate counts as false, so it hands over too.
 *
 * The labels: `look` waits half a second for a digit and looks whether the other party is still there; `next` asks for
 * another digit; `judge` looks at the state of the receiver; `all` leaves the whole transfer to Lua, and `rest` what comes after the digits. SMART_TRANSFER_HOME is
 * for dialplan/hangup-extension.ts.
 *
 * Why this is not Lua: while Asterisk looks into a Lua context, its service thread reads from the channel and drops
 * digits (main/pbx.c, pbx_find_extension; main/autoservice.c). That takes 15 ms on an idle machine, and a third of a
 * second if a hundred people press the key at once. A phone that sends stored digits is faster.
 */
export function keyContext(settings: Settings): string {
  return `
[${plainContexts.digits}]
exten => s,1,Set(SMART_TRANSFER_OWN=\${CHANNEL(name)})
 same => n,Set(SMART_TRANSFER_CUT=\${POP(SMART_TRANSFER_OWN,-)})
 same => n,Set(SMART_TRANSFER_PEERS=\${BRIDGEPEER})
 same => n,Set(SMART_TRANSFER_PEER=\${SHIFT(SMART_TRANSFER_PEERS)})
 same => n,Set(SHARED(SMART_TRANSFER_HOME,${peer})=\${IF($["\${TRANSFER_CONTEXT}" = ""]?\${IMPORT(${peer},CONTEXT)}:\${TRANSFER_CONTEXT})})
 same => n,Set(SMART_TRANSFER_EXTENSION=\${AST_CONFIG(${indexFile},${index.transferers},\${SMART_TRANSFER_OWN})}\${${stage}})
 same => n,GotoIf($["${transferer}" = ""]?all)
 same => n,Set(SMART_TRANSFER_SILENCE=${orDefault("digit_timeout")})
 same => n,Set(${sound}=${orDefault("prompt_dial")})
 same => n,GotoIf($[${isValid("digit_timeout", silence)} & ${isValid("prompt_dial", `\${${sound}}`)} & ${mayTransfer}]?:all)
 same => n,MSet(SMART_TRANSFER_DIGITS=,SMART_TRANSFER_DIGIT=,SMART_TRANSFER_ASKED=)
; All but the last digit, which Lua would look at first.
 same => n(next),MSet(SMART_TRANSFER_DIGITS=${digits},SMART_TRANSFER_LOOKS=0)
; The other party may hang up meanwhile, or be let go by a transfer of their own.
 same => n(look),Read(SMART_TRANSFER_DIGIT,${played},1,t,1,${betweenPresenceChecks})
 same => n,Set(SMART_TRANSFER_LOOKS=$[${looks} + 1])
 same => n,GotoIf($["\${IMPORT(${peer},CHANNEL(checkhangup))}" = "0"]?:gone)
 same => n,GotoIf($["\${READSTATUS}" = "TIMEOUT" & ${looks} * ${betweenPresenceChecks} < ${silence}]?look)
; A # before the first digit is no digit; Asterisk 16 reads it as empty.
 same => n,GotoIf(${fits("#?OK", `${digits}\${READSTATUS}`)}?hash)
 same => n,GotoIf(${fits("[0-9]", "${SMART_TRANSFER_DIGIT}")}?:rest)
 same => n,GotoIf($["\${AST_CONFIG(${indexFile},${index.prefixes}${bucket},${digits})}" != ""]?next)
 same => n,Set(SMART_TRANSFER_DEVICE=${extension("device")}\${${standIn}})
; As the dnd of the settings names it.
 same => n,Set(LOCAL(EXTENSION)=${digits})
 same => n,${readDnd}
 same => n,GotoIf(${isDndNamed}?:rest)
 same => n,GotoIf($[${plain.join(" & ")}]?:rest)
 same => n,Set(SMART_TRANSFER_STATE=\${DEVICE_STATE(${device})})
${homeAsked(settings)} same => n(judge),GotoIf($[${reachable.join(" & ")}]?:rest)
 same => n,BlindTransfer(${digits},${plainContexts.sent})
 same => n(gone),Return()
 same => n(rest),Goto(${contexts.keyed},s,1)
 same => n(all),Goto(${contexts.key},s,1)
 same => n(hash),Set(SMART_TRANSFER_LOOKS=1)
 same => n,Goto(look)
`;
}

/** The prompt, only before the first digit. */
const played = `\${IF($["\${SMART_TRANSFER_DIGITS}${looks}" = "0"]?\${${sound}})}`;

/** Asked besides the index, because an edit of smart_transfer.conf counts from the next transfer on. */
const mayTransfer = fits("(yes)?", `\${AST_CONFIG(${settingsFile},${transferer},transfer)}`);

/** The conditions of a plain transfer: if all hold, only the receiver's state is left to check. */
const plain = [
  `"${device}" != ""`,
  mayReceive,
  // The receiver is neither the transferer nor the caller, and the caller is still there.
  `"\${BRIDGEPEER}" != ""`,
  ...["CHANNEL(name)", "BRIDGEPEER"].map((name) => `"${beginning(name)}" != "${device}-"`),
  // Of a caller behind a Local channel, who it is has been noted (dialplan/transfer.ts).
  `"\${IF($["\${BRIDGEPEER:0:6}" = "Local/"]?\${IMPORT(\${BRIDGEPEER},SMART_TRANSFER_FOR)}:-)}" != "${digits}"`,
  // The digits might begin such a number.
  `"${general("pass_through")}" = ""`,
  isUndisturbed,
];

const reachable = [
  `${fits("(UNAVAILABLE|INVALID)", state)} = 0`,
  // With `busy = ask` the transferer hears that the receiver is busy.
  `("${general("busy")}" != "ask" | "${state}" = "NOT_INUSE")`,
];

/** The start of a channel's name, as long as a device plus a dash: PJSIP/101-0000001a is a channel of PJSIP/101. */
function beginning(name: string): string {
  return `\${${name}:0:\${LEN(${device}-)}}`;
}

/** A setting, or its default where smart_transfer.conf does not have it. */
function orDefault(name: string): string {
  return `\${IF($["${general(name)}" = ""]?${rowOf(name).default}:${general(name)})}`;
}

function rowOf(name: string): Setting {
  return generalRows.find((one) => one.name === name) as Setting;
}

/** Checks a value by the same table as settings/fault.ts and dialplan/settings.ts. */
function isValid(name: string, value: string): string {
  const row = rowOf(name);
  const { pattern, separator, number }: Kind = kinds[row.kind];
  const shape = fits(separator === undefined ? pattern : `${pattern}(${separator}${pattern})*`, value);
  return number ? `${shape} & 0${value} >= ${row.min ?? 0} & 0${value} <= ${row.max}` : shape;
}
