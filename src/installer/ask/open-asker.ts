import figures from "prompts/lib/util/figures.js";
import type { Terminal } from "../../terminal/terminal.ts";
import type { Asker } from "./asker.ts";
import { lineAsker } from "./line-by-line.ts";

/** ASCII replacements for the symbols of `prompts`. */
const asciiFigures = {
  arrowUp: "^",
  arrowDown: "v",
  radioOn: "[x]",
  radioOff: "[ ]",
  tick: "*",
  cross: "x",
  ellipsis: "...",
  pointerSmall: ">",
  line: "-",
  pointer: ">",
};

/** Opens the asker that fits this terminal: `prompts`, or line by line where text cannot be overwritten. */
export async function openAsker(terminal: Terminal): Promise<Asker> {
  const { moves, unicode, colours } = terminal.abilities;
  if (!moves) return lineAsker(terminal);
  // `prompts` reads both when its elements are imported, so set them before the import below.
  if (!unicode) Object.assign(figures, asciiFigures);
  if (!colours) process.env.NO_COLOR = "1";
  const { promptsAsker } = await import("./elements.ts");
  return promptsAsker(terminal);
}
