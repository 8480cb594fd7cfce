// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${...} is what Asterisk puts in
import { helloContext, helloMark, helloVariable, peerDials } from "../../contract/names.ts";
import type { Settings } from "../settings/model.ts";
import { trunkTo } from "../settings/nodes.ts";

/**
 * The contexts by which `check` asks each other node whether it answers us and has the same settings: the extension is
 * six digits of the asker's own and the sum of smart_transfer.conf. Nothing rings, and no record is left. Where somebody
 * else than our dialplan answers, the call ends after a second.
 */
export function helloContexts({ nodes, self }: Settings): string {
  if (self === undefined) return "";
  return nodes
    .filter(({ name }) => name !== self)
    .map(
      (node) => `
[${helloContext(node.name)}]
exten => _X.,1,Set(CDR_PROP(disable)=1)
 same => n,Dial(PJSIP/${peerDials.hello}\${EXTEN:${helloMark}}@${trunkTo(node)},2,gS(1))
 same => n,Set(${helloVariable}=\${DIALSTATUS} \${HANGUPCAUSE})
 same => n,Wait(5)
`,
    )
    .join("");
}
