import { join } from "node:path";
import { readLua } from "../../asterisk/lua.ts";
import { Problem } from "../../terminal/problem.ts";
import { customFilesOf, placeFor } from "./custom-files.ts";
import { lineIn } from "./headers.ts";
import { brokenBlock, withBlock, withLine, withoutBlock, withoutLine } from "./marks.ts";
import { adminFiles, formerFiles, type Snapshot, whereNeeded } from "./snapshot.ts";

/**
 * The files in the order in which they are written. Each includes our file of the same name; logger.conf gets a line of
 * its own, and extensions.lua a block.
 */
const filesInOrder = [
  whereNeeded.wizard,
  whereNeeded.modules,
  whereNeeded.logger,
  formerFiles.queues,
  adminFiles.extensions,
  whereNeeded.pjsip,
  whereNeeded.sip,
  adminFiles.features,
  adminFiles.lua,
];

export interface MarkedFile {
  /** The admin's main file that it belongs to: itself, or the generated file that includes it. */
  readonly main: string;
  readonly path: string;
  /** The text as it is, with our mark if needed, and without it. */
  readonly text: string;
  marked(block: readonly string[]): string;
  readonly unmarked: string;
}

/**
 * The admin's files that need our line, in the order in which they are written, and those that still have one.
 *
 * @param own the names of our own files; a file that gets our line only if needed is included if ours is among them
 * @param others the names of further files that need our line
 */
export function markedFiles(
  snapshot: Snapshot,
  own: readonly string[] = [],
  others: readonly string[] = [],
): MarkedFile[] {
  const needed = [...neededFiles(own), ...others];
  return filesInOrder.flatMap((name) => partsOf(snapshot, name, needed.includes(name)));
}

/**
 * The names of the admin's files that must have our line or block.
 *
 * @param own the names of our own files
 */
export function neededFiles(own: readonly string[]): string[] {
  const always: readonly string[] = Object.values(adminFiles);
  return filesInOrder.filter((name) => always.includes(name) || own.includes(name));
}

function partsOf(snapshot: Snapshot, main: string, isNeeded: boolean): MarkedFile[] {
  if (main === adminFiles.lua) return [luaFile(snapshot)];
  const line = lineIn(main);
  const place = isNeeded ? placeFor(main, textOf(snapshot, main)) : undefined;
  return [main, ...customFilesOf(main)].flatMap((name) => {
    const text = textOf(snapshot, name);
    const unmarked = withoutLine(text, line);
    if (name !== place && text === unmarked) return [];
    const path = join(snapshot.directories.etc, name);
    return [{ main, path, text, marked: () => (name === place ? withLine(text, line) : unmarked), unmarked }];
  });
}

function luaFile(snapshot: Snapshot): MarkedFile {
  const main = adminFiles.lua;
  const text = textOf(snapshot, main);
  const marked = (block: readonly string[]) => withBlock(text, block, endOf(text));
  return { main, path: join(snapshot.directories.etc, main), text, marked, unmarked: withoutBlock(text) };
}

/** Decodes as Latin-1, where every byte is a character. So no byte gets lost, whatever the real encoding is. */
function textOf(snapshot: Snapshot, name: string): string {
  return snapshot.files.get(join(snapshot.directories.etc, name))?.content.toString("latin1") ?? "";
}

/** The position in a Lua text for our block. Texts that do not parse were refused earlier (preflight/editing.ts). */
function endOf(text: string): number {
  const lua = readLua(text);
  return "end" in lua ? lua.end : text.length;
}

/** Throws a Problem if our block is damaged: then we cannot tell which lines are the admin's. */
export function requireWholeBlocks(snapshot: Snapshot): void {
  const { path, text } = luaFile(snapshot);
  const line = brokenBlock(text);
  if (line === undefined) return;
  throw new Problem(
    `${path}, line ${line}: the block of asterisk-smart-transfer that begins here has lost its end.`,
    "Delete the rest of that block by hand, then run this again.",
  );
}

/** Whether the admin's file, or its custom part, has our line or block. */
export function isMarked(snapshot: Snapshot, name: string): boolean {
  return markedFiles(snapshot).some(({ main, text, unmarked }) => main === name && text !== unmarked);
}
