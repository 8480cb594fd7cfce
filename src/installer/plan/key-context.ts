// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${...} is what Asterisk puts in

import { contexts, index, indexFile, plainContexts, settingsFile } from "../../contract/names.ts";
import { keyVariables } from "../../contract/scenes.ts";
import { betweenLooks, type Kind, kinds, type Setting } from "../../contract/table.ts";
import { generalRows } from "../settings/prompt-settings.ts";

const { stage, standIn, sound } = keyVariables;
const digits = "${SMART_TRANSFER_DIGITS}${SMART_TRANSFER_DIGIT}";
const silence = "${SMART_TRANSFER_SILENCE}";
const peer = "${SMART_TRANSFER_PEER}";
const looks = "${SMART_TRANSFER_LOOKS}";
const device = "${SMART_TRANSFER_DEVICE}";
/** The last two digits: which bucket they lie in (directory-index.ts); in a rehearsal one that nobody has. */
const bucket = `\${SMART_TRANSFER_DIGITS:-1}\${SMART_TRANSFER_DIGIT}\${${stage}}`;

/**
 * What the key runs: reads the digits, and sends the caller on in the plain case. All else is left to the Lua dialplan
 * (dialplan/key.ts): from the prompt on where a setting is not valid, from the digits on where they do not name an extension
 * that is seen at once to be there. What Asterisk cannot evaluate does not hold.
 *
 * Why this is not Lua: while Asterisk looks into a Lua context, its service thread has the channel and drops the digits that
 * arrive meanwhile (main/pbx.c, pbx_find_extension; main/autoservice.c). That is 15 ms on an idle machine, and a third of a
 * second where a hundred press the key at once: a phone that dials by itself is faster.
 */
export function keyContext(): string {
  return `
[${plainContexts.digits}]
exten => s,1,Set(SMART_TRANSFER_OWN=\${CHANNEL(name)})
 same => n,Set(SMART_TRANSFER_CUT=\${POP(SMART_TRANSFER_OWN,-)})
 same => n,GotoIf($["\${AST_CONFIG(${indexFile},${index.transferers},\${SMART_TRANSFER_OWN})}\${${stage}}" = ""]?all)
 same => n,Set(SMART_TRANSFER_PEERS=\${BRIDGEPEER})
 same => n,Set(SMART_TRANSFER_PEER=\${SHIFT(SMART_TRANSFER_PEERS)})
 same => n,Set(SHARED(SMART_TRANSFER_HOME,${peer})=\${IF($["\${TRANSFER_CONTEXT}" = ""]?\${IMPORT(${peer},CONTEXT)}:\${TRANSFER_CONTEXT})})
 same => n,Set(SMART_TRANSFER_SILENCE=${general("digit_timeout")})
 same => n,Set(${sound}=${general("prompt_dial")})
 same => n,GotoIf($[${isValid("digit_timeout", silence)} & ${isValid("prompt_dial", `\${${sound}}`)}]?:all)
 same => n,MSet(SMART_TRANSFER_DIGITS=,SMART_TRANSFER_DIGIT=)
; All but the last digit, which Lua would look at first.
 same => n(next),MSet(SMART_TRANSFER_DIGITS=${digits},SMART_TRANSFER_LOOKS=0)
; The other party may hang up meanwhile, or be let go by a transfer of their own.
 same => n(look),Read(SMART_TRANSFER_DIGIT,${played},1,t,1,${betweenLooks})
 same => n,Set(SMART_TRANSFER_LOOKS=$[${looks} + 1])
 same => n,GotoIf($["\${IMPORT(${peer},CHANNEL(checkhangup))}" = "0"]?:gone)
 same => n,GotoIf($["\${READSTATUS}" = "TIMEOUT" & ${looks} * ${betweenLooks} < ${silence}]?look)
; A # before the first digit is no digit; Asterisk 16 reads it as empty.
 same => n,GotoIf(${fits("#?OK", `${digits}\${READSTATUS}`)}?hash)
 same => n,GotoIf(${fits("[0-9]", "${SMART_TRANSFER_DIGIT}")}?:rest)
 same => n,GotoIf($["\${AST_CONFIG(${indexFile},${index.prefixes}${bucket},${digits})}" != ""]?next)
 same => n,Set(SMART_TRANSFER_DEVICE=${extension("device")}\${${standIn}})
 same => n,GotoIf($[${plain.join(" & ")}]?:rest)
 same => n,BlindTransfer(${digits},${contexts.receiver})
 same => n(gone),Return()
 same => n(rest),Goto(${contexts.keyed},s,1)
 same => n(all),Goto(${contexts.key},s,1)
 same => n(hash),Set(SMART_TRANSFER_LOOKS=1)
 same => n,Goto(look)
`;
}

/** The prompt, at the first look for the first digit only. */
const played = `\${IF($["\${SMART_TRANSFER_DIGITS}${looks}" = "0"]?\${${sound}})}`;

function general(name: string): string {
  return `\${AST_CONFIG(${settingsFile},general,${name})}`;
}

/** Of the extension that the digits name; a rehearsal's section is one that nobody has. */
function extension(name: string): string {
  return `\${AST_CONFIG(${settingsFile},${digits}\${${stage}},${name})}`;
}

/** When all of these hold there is nothing more to look at. */
const plain = [
  `"${device}" != ""`,
  `${fits("(UNAVAILABLE|INVALID)", `\${DEVICE_STATE(${device})}`)} = 0`,
  fits("(yes)?", extension("receive")),
  // Neither the transferer himself nor the caller, who must still be there.
  `"\${BRIDGEPEER}" != ""`,
  ...["CHANNEL(name)", "BRIDGEPEER"].map((name) => `"${beginning(name)}" != "${device}-"`),
  // A number of these may begin with the digits.
  `"${general("pass_through")}" = ""`,
];

/** As much of a channel's name as may be its device and a dash: PJSIP/101-0000001a is a channel of PJSIP/101. */
function beginning(name: string): string {
  return `\${${name}:0:\${LEN(${device}-)}}`;
}

/** By the same table as everywhere (settings/check.ts, dialplan/settings.ts). */
function isValid(name: string, value: string): string {
  const row = generalRows.find((one) => one.name === name) as Setting;
  const { pattern, separator, number }: Kind = kinds[row.kind];
  const shape = fits(separator === undefined ? pattern : `${pattern}(${separator}${pattern})*`, value);
  return number ? `${shape} & 0${value} >= ${row.min ?? 0} & 0${value} <= ${row.max}` : shape;
}

function fits(pattern: string, value: string): string {
  return `\${REGEX("^${pattern}$" ${value})}`;
}
