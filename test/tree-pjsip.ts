// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Asterisk's own variables
import { passwordOf } from "../src/sandbox/pbx.ts";
import { customers, residents, type TreeKind } from "./tree-kind.ts";

/** FreePBX 15 with chan_pjsip. Its file has one real endpoint, 110: all others here are like that one. */
export const pjsipTree: TreeKind = {
  driver: "PJSIP",
  endpointsFile: "pjsip.endpoint.conf",
  unloaded: /^chan_sip\.so$/,
  recorded: "force",
  edits: (port) => ({
    "pjsip.transports.conf": () => `[127.0.0.1-udp]\ntype=transport\nprotocol=udp\nbind=127.0.0.1:${port}\n`,
    "pjsip.endpoint.conf": endpoints,
    "pjsip.aor.conf": (text) =>
      mark(text) + people((one) => `[${one}]\ntype=aor\nmax_contacts=1\nremove_existing=yes\n\n`),
    "pjsip.auth.conf": (text) =>
      mark(text) +
      people((one) => `[${one}-auth]\ntype=auth\nauth_type=userpass\nusername=${one}\npassword=${passwordOf(one)}\n\n`),
    "extensions_additional.conf": (text) =>
      text.replaceAll("hint,SIP/", "hint,PJSIP/").replace("s,n(dial),AGI(agi://127.0.0.1/dialparties.agi)", ringGroup),
  }),
};

const mark = (text: string) => text.match(/^;.*\n/gm)?.join("") ?? "";

function people(section: (number: string) => string): string {
  return [...residents, ...customers].map(section).join("");
}

function endpoints(text: string): string {
  const own =
    /^(?:\[110\]|aors|auth|callerid|context|direct_media|rewrite_contact|force_rport|rtp_symmetric|.*record).*\n|^\n/gm;
  const model = /\[110\]\n(?:.+\n)+\n?(?:.+\n)*?(?=\n\[)/.exec(text)?.[0].replace(own, "") ?? "";
  const section = (number: string) => `[${number}]
${model}context=${customers.includes(number) ? "from-pstn" : "from-internal"}
aors=${number}
auth=${number}-auth
callerid=${number} <${number}>
direct_media=no
media_address=127.0.0.1

`;
  return `${mark(text)}#include pjsip.endpoint_custom.conf\n\n${people(section)}`;
}

const ringGroup = `s,n(dial),Set(MACRODIALGOTO_PRI=normdial)
exten => s,n,Set(ds=\${PJSIP_DIAL_CONTACTS(102)}&\${PJSIP_DIAL_CONTACTS(103)},20,\${DIAL_OPTIONS})`;
