// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Asterisk's own variables
import { passwordOf } from "../src/sandbox/pbx.ts";
import { customers, residents, type TreeKind } from "./tree-kind.ts";

/** The extension that each tree has, with its peer and its dialplan. Missing ones are made like it. */
const model = "103";

/** Issabel 4 with chan_sip. */
export const sipTree: TreeKind = {
  driver: "SIP",
  endpointsFile: "sip_additional.conf",
  unloaded: /^(chan_pjsip|(res|func)_pjsip.*)\.so$/,
  recorded: "always",
  edits: (port) => ({
    // The last of the files with settings for all peers; the tree's has the address of its own machine.
    "sip_nat.conf": () => `udpbindaddr=127.0.0.1:${port}\n`,
    "sip_registrations.conf": () => "",
    "sip_additional.conf": peers,
    "queues_additional.conf": (text) =>
      ["101", "103"].reduce((queues, one) => (queues.includes(`@${one}`) ? queues : withMember(queues, one)), text),
    "extensions_additional.conf": (text) =>
      residents
        .reduce(withExtension, text)
        .replace(/^(exten => (\d+),hint,)(?=,)/gm, (line, begin, number) =>
          residents.includes(number) ? `${begin}SIP/${number}` : line,
        )
        // Callers have the PBX's own keys too, as on FreePBX: the test compares their effect with ours.
        .replace(/^DIAL_OPTIONS = tr$/m, "DIAL_OPTIONS = Ttr"),
    "extensions.conf": (text) => text.replace("s,n,AGI(dialparties.agi)", ringGroup),
  }),
};

/** Those that the tree has keep all but their password. */
function peers(text: string): string {
  // A name that cannot be resolved stops Asterisk for seconds.
  const reachable = text.replace(/^(host|outboundproxy)=(?!dynamic).*$/gm, "$1=192.0.2.1");
  const [like = ""] = sectionOf(model).exec(reachable) ?? [];
  return [...residents, ...customers].reduce((all, number) => {
    const [own] = sectionOf(number).exec(all) ?? [];
    const context = customers.includes(number) ? "from-pstn" : "from-internal";
    const section = own ?? like.replaceAll(model, number).replace(/^context=.*/m, `context=${context}`);
    const peer = section.replace(/^secret=.*/m, `secret=${passwordOf(number)}`);
    return own === undefined ? all + peer : all.replace(own, () => peer);
  }, reachable);
}

const sectionOf = (number: string) => new RegExp(`^\\[${number}\\]\\n(?:.+\\n)+\\n?`, "m");

function withExtension(dialplan: string, number: string): string {
  if (new RegExp(`^exten => ${number},hint`, "m").test(dialplan)) return dialplan;
  const lines = new RegExp(`(?:^exten => ${model},.*\\n)+`, "gm");
  return dialplan.replace(lines, (all) => `${all}\n${all.replaceAll(model, number)}`);
}

function withMember(queues: string, number: string): string {
  return queues.replace(
    /^member=.*\n(?!member)/m,
    `$&member=Local/${number}@from-queue/n,0,${number},hint:${number}@ext-local\n`,
  );
}

const ringGroup = `s,n,Set(ds=SIP/102&SIP/103,20,\${DIAL_OPTIONS})
exten => s,n,Goto(normdial)`;
