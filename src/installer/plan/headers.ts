import { ownFolder } from "../../contract/names.ts";

/** What the files in smart_transfer.d begin with, by which they are known again even when the manifest is lost. */
const confTitle = "; Made by asterisk-smart-transfer ";
export const dialplanTitle = "-- asterisk-smart-transfer ";
export const ourTitles = [confTitle, dialplanTitle];

export const confHeader = `${confTitle}from smart_transfer.conf. Do not edit: \`install\` makes it anew.\n`;

/** What has Asterisk read one of our files. */
export function includeOf(name: string): string {
  return `#tryinclude "${ownFolder}/${name}"`;
}
