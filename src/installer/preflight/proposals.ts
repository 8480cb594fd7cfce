// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${EXTENSION} is what the settings have

import { entries, placeOf, type TreeLine } from "../../asterisk/config-tree.ts";
import { globalVariable } from "../../asterisk/globals.ts";
import type { GeneralName } from "../../contract/settings-table.ts";

/** A setting that this PBX suggests, and why: a sentence without its full stop. */
export interface Proposal {
  readonly name: GeneralName;
  readonly value: string;
  readonly says: string;
}

/** Where FreePBX and its kin ring a queue's member: past the voicemail, but with all that the member has chosen. */
const memberContext = "from-queue-exten-only";
const letters = /[tThHkK]/g;

/** What the dialplan on file suggests. */
export function proposalsFrom(dialplan: readonly TreeLine[]): Proposal[] {
  const found = [dial(dialplan), dialOptions(dialplan), dnd(dialplan)];
  return found.filter((one) => one !== undefined);
}

function dial(dialplan: readonly TreeLine[]): Proposal | undefined {
  const header = dialplan.find((line) => line.kind === "header" && line.name === memberContext);
  return (
    header && {
      name: "dial",
      value: `Local/\${EXTENSION}@${memberContext}/n`,
      says: `Extensions are rung through ${memberContext} (${placeOf(header)}), as this PBX rings the members of a queue, so forwarding and recording stay as they are`,
    }
  );
}

function dialOptions(dialplan: readonly TreeLine[]): Proposal | undefined {
  const line = globalVariable(dialplan, "DIAL_OPTIONS");
  // An option's argument, as in M(confirm), has letters of its own.
  const value = [...new Set(line?.value.replace(/\([^)]*\)/g, "").match(letters))].join("");
  if (line === undefined || value === "") return undefined;
  const says = `Whoever is rung by their device gets the keys of DIAL_OPTIONS (${placeOf(line)}), ${value}`;
  return { name: "dial_options", value, says };
}

/** A device in the hints beside the phone, such as `PJSIP/103&Custom:DND103`. All hints must agree on its name. */
function dnd(dialplan: readonly TreeLine[]): Proposal | undefined {
  const found = entries(dialplan).flatMap(({ name, value }) => {
    const [, extension = "", devices = ""] = /^([^,]+),\s*hint\s*,([^,]*)/.exec(value) ?? [];
    if (name !== "exten" || extension === "") return [];
    const number = extension.startsWith("_") ? "${EXTEN}" : extension.trim();
    return devices.split("&").flatMap((one) => {
      const device = one.trim();
      return /^custom:.*dnd/i.test(device) && device.includes(number) ? [device.replace(number, "${EXTENSION}")] : [];
    });
  });
  const [value, ...others] = new Set(found);
  if (value === undefined || others.length > 0) return undefined;
  return { name: "dnd", value, says: `Do-not-disturb is read from ${value}, which the hints name` };
}
