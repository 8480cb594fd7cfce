import { configTree, placeOf } from "../../asterisk/config-tree.ts";
import type { FileSystem } from "../../asterisk/files.ts";
import { forms } from "../../asterisk/technologies.ts";
import { few } from "../../terminal/few.ts";
import type { Snapshot } from "../plan/snapshot.ts";
import { buttonContext } from "../plan/transfer-context.ts";

/**
 * For uninstall: notes on the admin's own lines that send the Transfer button to one of our contexts. The lines stay;
 * the context goes.
 */
export async function buttonLineNotes(system: FileSystem, { directories, paths }: Snapshot): Promise<string[]> {
  const found = forms.map(async ({ conf, variable }) => {
    const tree = await configTree(system, directories.etc, conf, paths.own);
    const setting = `TRANSFER_CONTEXT=${buttonContext("")}`;
    const isMeant = ({ name, value }: { name: string; value: string }) =>
      name === variable && value.startsWith(setting) && value !== setting;
    return tree.flatMap((line) => (line.kind === "entry" && isMeant(line) ? [placeOf(line)] : []));
  });
  const places = (await Promise.all(found)).flat();
  if (places.length === 0) return [];
  return [
    `Your own TRANSFER_CONTEXT names a context that is gone now, so the Transfer button of those phones fails: delete ${few(places, 5, "; ", "more places")}, and reload that file.`,
  ];
}
