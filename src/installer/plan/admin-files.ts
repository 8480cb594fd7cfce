import { join } from "node:path";
import { readLua } from "../../asterisk/lua.ts";
import { Problem } from "../../terminal/problem.ts";
import { customFilesOf, placeFor } from "./custom-files.ts";
import { includeOf } from "./headers.ts";
import { brokenBlock, withBlock, withLine, withoutBlock, withoutLine } from "./marks.ts";
import { adminFiles, formerFiles, type Scene, whereNeeded } from "./scene.ts";

/** In the order in which they are written. The line of each includes ours of the same name; extensions.lua gets a block. */
const mains = [
  whereNeeded.wizard,
  whereNeeded.modules,
  formerFiles.queues,
  adminFiles.extensions,
  whereNeeded.pjsip,
  whereNeeded.sip,
  adminFiles.features,
  adminFiles.lua,
];

export interface MarkedFile {
  /** Of which of the admin's files it is a part: its own name, or that of the generated one that includes it. */
  readonly main: string;
  readonly path: string;
  /** Its text as it is, with our mark where it belongs, and without. */
  readonly text: string;
  marked(block: readonly string[]): string;
  readonly unmarked: string;
}

/**
 * The admin's files that we add to, in the order in which they are written, and those that still have a line of ours.
 *
 * @param own the names of our own files: what is included where needed must be among them
 */
export function markedFiles(scene: Scene, own: readonly string[] = []): MarkedFile[] {
  const needed = neededFiles(own);
  return mains.flatMap((name) => partsOf(scene, name, needed.includes(name)));
}

/** The names of the admin's files that must carry our line or block, given the names of our own files. */
export function neededFiles(own: readonly string[]): string[] {
  const always: readonly string[] = Object.values(adminFiles);
  return mains.filter((name) => always.includes(name) || own.includes(name));
}

function partsOf(scene: Scene, main: string, isNeeded: boolean): MarkedFile[] {
  if (main === adminFiles.lua) return [luaFile(scene)];
  const line = includeOf(main);
  const place = isNeeded ? placeFor(main, textOf(scene, main)) : undefined;
  return [main, ...customFilesOf(main)].flatMap((name) => {
    const text = textOf(scene, name);
    const unmarked = withoutLine(text, line);
    if (name !== place && text === unmarked) return [];
    const path = join(scene.directories.etc, name);
    return [{ main, path, text, marked: () => (name === place ? withLine(text, line) : unmarked), unmarked }];
  });
}

function luaFile(scene: Scene): MarkedFile {
  const main = adminFiles.lua;
  const text = textOf(scene, main);
  const marked = (block: readonly string[]) => withBlock(text, block, endOf(text));
  return { main, path: join(scene.directories.etc, main), text, marked, unmarked: withoutBlock(text) };
}

/** As Latin-1, in which every byte is a character: whatever the real encoding, no byte is lost. */
function textOf(scene: Scene, name: string): string {
  return scene.files.get(join(scene.directories.etc, name))?.content.toString("latin1") ?? "";
}

/** Where a Lua text that parses can be added to; others are refused before (looking/editing.ts). */
function endOf(text: string): number {
  const lua = readLua(text);
  return "end" in lua ? lua.end : text.length;
}

/** Throws where our block was damaged: what of it is ours can then no longer be told from what is the admin's. */
export function requireWholeBlocks(scene: Scene): void {
  const { path, text } = luaFile(scene);
  const line = brokenBlock(text);
  if (line === undefined) return;
  throw new Problem(
    `${path}, line ${line}: the block of asterisk-smart-transfer that begins here has no end any more.`,
    "Delete what is left of that block by hand, then run this again.",
  );
}

/** Does the admin's file, or the part of it that is his own, carry our line or block? */
export function isMarked(scene: Scene, name: string): boolean {
  return markedFiles(scene).some(({ main, text, unmarked }) => main === name && text !== unmarked);
}
