import { configTree } from "../../asterisk/config-tree.ts";
import type { Directories } from "../../asterisk/directories.ts";
import type { FileSystem } from "../../asterisk/files.ts";
import { transportsIn } from "../../asterisk/identify.ts";
import type { Settings } from "../settings/model.ts";
import type { Inspection } from "./inspection.ts";

/** Adds what only the trunks between nodes need to know of pjsip.conf. Without [nodes] nothing is read. */
export async function withTrunkFiles(
  inspection: Inspection,
  { nodes }: Settings,
  { system, directories: { etc } }: { readonly system: FileSystem; readonly directories: Directories },
): Promise<Inspection> {
  if (nodes.length === 0) return inspection;
  const { own } = inspection.snapshot.paths;
  const [pjsip = [], wizard = []] = await Promise.all(
    ["pjsip.conf", "pjsip_wizard.conf"].map((name) => configTree(system, etc, name, own)),
  );
  return {
    ...inspection,
    sip: { pjsip, wizard },
    snapshot: { ...inspection.snapshot, transports: transportsIn(pjsip) },
  };
}
