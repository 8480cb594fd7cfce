// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${...} is what Asterisk puts in
import { causes, onTheWay } from "../../contract/causes.ts";
import { askedContext, contexts, index, indexFile, peerContext, peerDials } from "../../contract/names.ts";
import { keyVariables } from "../../contract/scenes.ts";
import type { Settings } from "../settings/model.ts";
import { device, digits, extension, fits, isDndNamed, isUndisturbed, mayReceive, readDnd } from "./expressions.ts";

const { stage, standInNode } = keyVariables;
const node = "${SMART_TRANSFER_NODE}";
const trunk = "${SMART_TRANSFER_TRUNK}";
/** What follows the `ask` that another node has dialled. */
const asked = `\${EXTEN:${peerDials.ask.length}}`;
const isCause = (cause: number) => `$["\${HANGUPCAUSE}" = "${cause}"]`;

/**
 * Lines of the key's context: the home node of a receiver is asked for their state. The rest is left to Lua if there is
 * no such node, it is down, or the caller may be the receiver, by the number that a node tells of them.
 */
export function homeAsked({ self }: Settings): string {
  if (self === undefined) return "";
  return ` same => n,Set(SMART_TRANSFER_NODE=${extension("node")}\${${standInNode}})
 same => n,GotoIf(${fits(`(${self})?`, node)}?judge)
 same => n,Set(SMART_TRANSFER_TRUNK=\${AST_CONFIG(${indexFile},${index.peers},${node})})
 same => n,GotoIf($["${trunk}" = "" | "\${FILTER(0-9,\${IMPORT(\${BRIDGEPEER},CALLERID(num))})}" = "${digits}"]?rest)
 same => n,GotoIf(\${LEN(\${PJSIP_DIAL_CONTACTS(${trunk})})}?:rest)
 same => n,Dial(PJSIP/${peerDials.ask}${digits}\${${stage}}@${trunk},${onTheWay},iU(${askedContext}))
 same => n,Set(SMART_TRANSFER_ASKED=${digits})
 same => n,Set(SMART_TRANSFER_STATE=\${IF(${isCause(causes.free)}?NOT_INUSE:\${IF(${isCause(causes.busy)}?INUSE:UNAVAILABLE)})})
`;
}

/**
 * The context for the calls of other nodes. Whether a free extension could be rung is told here, because Lua would take
 * several times as long. All else is left to Lua (dialplan/peer.ts).
 */
export function peerContexts({ self }: Settings): string {
  if (self === undefined) return "";
  const [plain, line, ask, hello] = ["", peerDials.line, peerDials.ask, peerDials.hello].map(
    (wish) => `_${literally(wish)}X!`,
  );
  const toLua = `Goto(${contexts.atHome},\${EXTEN},1)`;
  return `
[${peerContext}]
exten => ${ask},1,Set(CDR_PROP(disable)=1)
 same => n,MSet(SMART_TRANSFER_DIGITS=\${FILTER(0-9,${asked})},SMART_TRANSFER_DIGIT=)
 same => n,Set(SMART_TRANSFER_DEVICE=${extension("device")})
 same => n,Set(EXTENSION=${digits})
 same => n,${readDnd}
 same => n,GotoIf(${isDndNamed}?:rest)
 same => n,GotoIf($[${isFree(self).join(" & ")}]?:rest)
 same => n,Hangup(${causes.free})
 same => n(rest),${toLua}
exten => ${plain},1,${toLua}
exten => ${line},1,${toLua}
exten => ${hello},1,${toLua}
`;
}

function isFree(self: string): string[] {
  return [
    `"${asked}" = "${digits}"`,
    `"${device}" != ""`,
    fits(self, extension("node")),
    mayReceive,
    `"\${DEVICE_STATE(${device})}" = "NOT_INUSE"`,
    isUndisturbed,
  ];
}

/** A pattern has letters that stand for digits (main/pbx.c, ext_cmp_pattern_pos). */
function literally(text: string): string {
  return text.replace(/[nxz]/g, "[$&]");
}
