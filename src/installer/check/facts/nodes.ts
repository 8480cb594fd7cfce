import { join } from "node:path";
import { settingsFile } from "../../../contract/names.ts";
import type { Settings } from "../../settings/model.ts";
import { type Node, trunkTo } from "../../settings/nodes.ts";
import { fail, pass, type Verdict, warn } from "../../verdict.ts";
import { type Evidence, type Fact, reinstall } from "../evidence.ts";
import { askPeer, contactOf, helloModules, isOther, isSame } from "../hello.ts";
import { sumOf } from "../settings-sum.ts";

/** The fact of each other node: this and its name. */
export const peerFact = "node ";

/** Which node this is, and each of the others. None without [nodes]. */
export function nodeFacts({ nodes, self }: Settings): Fact[] {
  if (nodes.length === 0) return [];
  const peers = self === undefined ? [] : nodes.filter(({ name }) => name !== self);
  return [
    { id: "node", live: false, look: thisNode },
    ...peers.map(
      (peer): Fact => ({ id: peerFact + peer.name, live: true, look: (evidence) => otherNode(peer, evidence) }),
    ),
  ];
}

function thisNode({ settings: { nodes, self, directory } }: Evidence): Verdict {
  if (self === undefined) return fail("which of [nodes] this is was never told", `${reinstall} --node tells it.`);
  const here = directory.filter(({ node }) => node === self).length;
  return pass(`${self}, one of ${nodes.length}, with ${here} of the ${directory.length} extensions`);
}

/** A node that is down is no fault of this one: else the first of them could never be installed. */
async function otherNode(peer: Node, { cli, asterisk, snapshot }: Evidence): Promise<Verdict> {
  if (cli === undefined) return { status: "skipped", seen: "offline" };
  const trunk = trunkTo(peer);
  const at = peer.address === undefined ? `through ${trunk}` : `at ${peer.address.host}`;
  const contact = await contactOf(cli, trunk);
  if (contact === undefined)
    return fail(`Asterisk knows no way to it (endpoint ${trunk})`, "Run `asterisk -rx 'module reload res_pjsip.so'`.");
  if (contact.state === "Unavail")
    return warn(`nobody answers ${at}: it is down, or not reachable`, "Start it, or see what is between the two.");
  const reached = contact.ms === undefined ? `reachable ${at}` : `reachable ${at} in ${contact.ms.toFixed(1)} ms`;
  const missing = helloModules.find((module) => !asterisk?.modules.has(module));
  if (missing !== undefined)
    return warn(
      `${reached}; what it has cannot be asked without ${missing}`,
      `Run \`asterisk -rx 'module load ${missing}'\`.`,
    );
  const text = snapshot.files.get(join(snapshot.directories.etc, settingsFile))?.content.toString("latin1") ?? "";
  const answer = await askPeer(cli, peer.name, sumOf(text));
  if (answer !== undefined && isSame(answer)) return pass(`${reached}, with the same ${settingsFile}`);
  if (answer !== undefined && isOther(answer))
    return warn(
      `${reached}, with another ${settingsFile} than this one`,
      "Copy the newer of the two to the other node, and run `asterisk-smart-transfer install` on both.",
    );
  return warn(
    `${reached}, but it does not take us for a node`,
    `Run \`asterisk-smart-transfer install\` on ${peer.name} with the same ${settingsFile}.`,
  );
}
