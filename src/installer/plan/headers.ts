import { ownFolder } from "../../contract/names.ts";

/** The first words of our files in smart_transfer.d, which identify them even if the manifest is lost. */
const confTitle = "; Made by asterisk-smart-transfer ";
export const dialplanTitle = "-- asterisk-smart-transfer ";
export const ourTitles = [confTitle, dialplanTitle];

export const confHeader = `${confTitle}from smart_transfer.conf. Do not edit: \`install\` makes it anew.\n`;

/** The line that includes one of our files. */
export function includeOf(name: string): string {
  return `#tryinclude "${ownFolder}/${name}"`;
}
