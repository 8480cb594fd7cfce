// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${...} is what Asterisk puts in

import { kinds } from "../../contract/kinds.ts";
import { settingsFile } from "../../contract/names.ts";
import { keyVariables } from "../../contract/scenes.ts";

/**
 * The expressions by which extensions.conf judges an extension, where Lua would be too slow. The extension is in two
 * variables, because the key's context reads one digit at a time.
 */
export const digits = "${SMART_TRANSFER_DIGITS}${SMART_TRANSFER_DIGIT}";
export const device = "${SMART_TRANSFER_DEVICE}";
export const state = "${SMART_TRANSFER_STATE}";

/** Braces count repetitions in a regular expression of Asterisk's, so those of ${EXTENSION} stand in brackets. */
const dndPattern = kinds.dnd.pattern.replace(/[{}]/g, "[$&]");

/** Reads the dnd of the settings, which names its device by ${EXTENSION}. */
export const readDnd = `Set(SMART_TRANSFER_DND=${general("dnd")})`;
export const isDndNamed = fits(`(${dndPattern})?`, "${SMART_TRANSFER_DND}");
/** EVAL warns of an empty argument: hence the dot. */
export const isUndisturbed = `${fits("(BUSY|INUSE)", "${DEVICE_STATE(${EVAL(.${SMART_TRANSFER_DND}):1})}")} = 0`;

export const mayReceive = fits("(yes)?", extension("receive"));

export function general(name: string): string {
  return `\${AST_CONFIG(${settingsFile},general,${name})}`;
}

/** A setting of the extension that the digits name. In a rehearsal the section does not exist. */
export function extension(name: string): string {
  return `\${AST_CONFIG(${settingsFile},${digits}\${${keyVariables.stage}},${name})}`;
}

/** An expression of Asterisk's that tells whether a value matches a pattern. */
export function fits(pattern: string, value: string): string {
  return `\${REGEX("^${pattern}$" ${value})}`;
}
