import { ownFolder } from "../../contract/names.ts";
import { whereNeeded } from "./snapshot.ts";

/** The first words of our files in smart_transfer.d, which identify them even if the manifest is lost. */
const confTitle = "; Made by asterisk-smart-transfer ";
export const dialplanTitle = "-- asterisk-smart-transfer ";
export const ourTitles = [confTitle, dialplanTitle];

export const confHeader = `${confTitle}from smart_transfer.conf. Do not edit: \`install\` makes it anew.\n`;

/** The line that includes one of our files. */
export function includeOf(name: string): string {
  return `#tryinclude "${ownFolder}/${name}"`;
}

/** The line of logger.conf that writes notices to a file. Debian's logrotate rotates it, because its name ends in `_log`. */
export const noticeLine = "smart_transfer_log => notice";

/** Our line in an admin's file. Only logger.conf needs no file of ours. */
export function lineIn(main: string): string {
  return main === whereNeeded.logger ? noticeLine : includeOf(main);
}
