import { join } from "node:path";
import { generatorOf, placeFor } from "../plan/custom-files.ts";
import { addedEndpoints, trunksIn } from "../plan/endpoint-files.ts";
import { ownTrunks } from "../plan/node-trunks.ts";
import { adminFiles, type Snapshot } from "../plan/snapshot.ts";
import type { Settings } from "../settings/model.ts";
import { type Finding, note, refusal } from "./finding.ts";

/**
 * Handles files that a program regenerates. If it offers a file for the admin's own lines, our line goes there;
 * otherwise it would be lost, so this refuses.
 */
export function generatorFindings(snapshot: Snapshot): Finding[] {
  return remarksOn(Object.values(adminFiles), snapshot);
}

/** The same checks for the files in which endpoints of the directory are extended, or trunks to other nodes added. */
export function endpointGeneratorFindings(snapshot: Snapshot, settings: Settings): Finding[] {
  const added = addedEndpoints(settings, snapshot.endpoints).map(({ technology }) => technology.conf);
  return remarksOn([...new Set([...added, ...(ownTrunks(settings).length > 0 ? [trunksIn] : [])])], snapshot);
}

function remarksOn(names: readonly string[], { directories, files }: Snapshot): Finding[] {
  return names.flatMap((name) => {
    const path = join(directories.etc, name);
    const text = files.get(path)?.content.toString("latin1") ?? "";
    const generator = name === adminFiles.lua ? undefined : generatorOf(text);
    if (generator === undefined) return [];
    const place = placeFor(name, text);
    if (place !== undefined && place !== name)
      return [note(`${path} is written by ${generator}: our line goes into ${place}, which it leaves to you.`)];
    return [
      refusal(
        `${generator} writes ${path}, which includes no file that is left to you. It would write the file again without our line.`,
        `If ${generator} offers that, let it keep this line at the end of the file. If it no longer writes this file, delete its mark from it.`,
      ),
    ];
  });
}
