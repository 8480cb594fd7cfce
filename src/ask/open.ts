import figures from "prompts/lib/util/figures.js";
import type { Terminal } from "../cli/terminal.ts";
import type { Asker } from "./asker.ts";
import { lineAsker } from "./lines.ts";

/** What stands for the signs of `prompts` where there is only ASCII. */
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

/** Whoever can ask on this terminal: with `prompts`, or line by line where nothing can be written over. */
export async function openAsker(terminal: Terminal): Promise<Asker> {
  const { moves, unicode, colours } = terminal.look;
  if (!moves) return lineAsker(terminal);
  // Both are looked at once, when the library's parts are loaded: so that comes after.
  if (!unicode) Object.assign(figures, asciiFigures);
  if (!colours) process.env.NO_COLOR = "1";
  const { promptsAsker } = await import("./elements.ts");
  return promptsAsker(terminal);
}
