import { contexts, index } from "../contract/names";
import { stageSuffix } from "../contract/scenes";
import { listed } from "./config";
import { isRehearsal } from "./rehearsal/scene";
import { extensionSetting } from "./settings";

/** The name of this node; `undefined` where there is only one PBX. */
export function thisNode(): string | undefined {
  return listed(index.node, "self");
}

/** The other node where an extension's phones register; `undefined` if they register here. */
function otherNode(extension: string): string | undefined {
  const self = thisNode();
  if (self === undefined) return undefined;
  const home = extensionSetting(extension, "node");
  return home === "" || home === self ? undefined : home;
}

/** Whether an extension's phones register at this node of several. */
export function isAtHome(extension: string): boolean {
  return extensionSetting(extension, "node") === thisNode();
}

/** Whether an extension's phones register at another node. */
export function isRemote(extension: string): boolean {
  return otherNode(extension) !== undefined;
}

/**
 * The PJSIP endpoint that leads to the home node of a remote extension; empty if there is none, because nobody has run
 * `install` since [nodes] was edited.
 */
export function trunkTo(extension: string): string {
  return listed(index.peers, otherNode(extension) ?? "") ?? "";
}

/** Dial's argument for a remote extension. What its home node shall do stands around the number (contract/names.ts). */
export function wayHome(extension: string, before = "", behind = isRehearsal() ? stageSuffix : ""): string {
  return `PJSIP/${before}${extension}${behind}@${trunkTo(extension)}`;
}

/** Whether the node behind a trunk answers, as far as the trunk's `qualify_frequency` has found out. */
export function isUp(trunk: string): boolean {
  return trunk !== "" && (channel.PJSIP_DIAL_CONTACTS(trunk).get() ?? "") !== "";
}

/** Whether this call comes from another node, which wants an extension that is at home here (peer.ts). */
export function isFromPeer(): boolean {
  return thisNode() !== undefined && channel.CONTEXT.get() === contexts.atHome;
}

/**
 * Who calls from another node, or was called there, by the number that this node tells. Only an extension of that node
 * is believed: a lie is worth no more than a refusal.
 */
export function extensionAcross(channelName: string, device: string): string | undefined {
  if (thisNode() === undefined) return undefined;
  const node = listed(index.trunks, device);
  if (node === undefined) return undefined;
  const [number] = string.match(channel.IMPORT(channelName, "CALLERID(num)").get() ?? "", "^%d+$");
  return number !== undefined && otherNode(number) === node ? number : undefined;
}
