import type { GeneralName } from "../../contract/settings-table.ts";
import { proposedKey } from "../preflight/keys.ts";
import { type Proposal, proposalsFrom } from "../preflight/proposals.ts";
import { gives } from "../settings/document.ts";
import { inspectSettings } from "../settings/model.ts";
import { generalOf, type InstallInput } from "./prepare.ts";

/** What this PBX suggests for settings on which nobody has decided: no option, no line of smart_transfer.conf. */
export function undecided(input: InstallInput): Proposal[] {
  const { given, current, inspection, installed } = input;
  // All nodes have the same file: what one of them suggests is not for the others.
  if (installed?.self !== undefined) return [];
  const before = installedText(input);
  const isDecided = ({ name }: Proposal) =>
    given.general[name] !== undefined || [current, before].some((text) => text !== undefined && gives(text, name));
  return [...key(input), ...proposalsFrom(inspection.dialplan)].filter((one) => !isDecided(one));
}

/** The decisions of the installed settings on which those that replace them (--settings) say nothing. */
export function keptOf(input: InstallInput): Record<string, string> {
  const { current, installed } = input;
  const before = installedText(input);
  if (before === undefined || current === undefined || before === current) return {};
  const kept = inspectSettings(before).settings.general;
  const names = (["transfer_key", "dial", "dial_options", "dnd"] as const satisfies GeneralName[]).filter(
    (name) => !gives(current, name) && kept[name] !== installed?.general[name],
  );
  return Object.fromEntries(names.map((name) => [name, kept[name]]));
}

export function settingsOf(proposals: readonly Proposal[]): Record<string, string> {
  return Object.fromEntries(proposals.map(({ name, value }) => [name, value]));
}

function installedText({ snapshot }: InstallInput): string | undefined {
  return snapshot.files.get(snapshot.paths.settings)?.content.toString("latin1");
}

/** Another key, if the usual one is taken. */
function key(input: InstallInput): Proposal[] {
  const { inspection } = input;
  const { key: value, because } = proposedKey(generalOf(input), inspection.features, inspection.running?.features);
  return because === undefined
    ? []
    : [{ name: "transfer_key", value, says: `${because} So the transfer key is ${value}` }];
}
