import { askNode } from "../ask/node.ts";
import { openAsker } from "../ask/open-asker.ts";
import type { Snapshot } from "../plan/snapshot.ts";
import { keptNode, ownAddresses, unknownNode, whichNode } from "../preflight/which-node.ts";
import { readSettings, type Settings } from "../settings/model.ts";
import type { Context } from "./command.ts";

/** The settings of a smart_transfer.conf, as the node that is installed sees them. */
export async function seenHere(
  settings: Settings,
  text: string,
  path: string,
  snapshot: Snapshot,
  { options, terminal }: Context,
): Promise<Settings> {
  const { nodes } = settings;
  const signs = {
    option: options.node,
    addresses: options.root === undefined ? ownAddresses() : [],
    kept: keptNode(snapshot),
  };
  // A fault in the file may be why the node is not found.
  if (nodes.length > 0) readSettings(text, path);
  const self = whichNode(nodes, signs);
  if (nodes.length === 0 || self !== undefined) return { ...settings, ...(self === undefined ? {} : { self }) };
  if (!terminal.interactive || options["dry-run"]) throw unknownNode(nodes);
  return { ...settings, self: await askNode(nodes, await openAsker(terminal)) };
}
