import { join } from "node:path";
import { readLua } from "../asterisk/lua.ts";
import { Problem } from "../errors.ts";
import { brokenBlock, withBlock, withLine, withoutBlock, withoutLine } from "./marks.ts";
import { adminFiles, type Scene } from "./scene.ts";

type AdminFile = (typeof adminFiles)[keyof typeof adminFiles];

/** The line that a file gets; extensions.lua gets a block. */
const includes: Readonly<Record<Exclude<AdminFile, typeof adminFiles.lua>, string>> = {
  [adminFiles.queues]: '#tryinclude "smart_transfer.d/queues.conf"',
  [adminFiles.extensions]: '#tryinclude "smart_transfer.d/extensions.conf"',
  [adminFiles.pjsip]: '#tryinclude "smart_transfer.d/pjsip-*.conf"',
  [adminFiles.features]: '#tryinclude "smart_transfer.d/features.conf"',
};

export interface MarkedFile {
  readonly path: string;
  /** Its text as it is, with our mark, and without. */
  readonly text: string;
  marked(block: readonly string[]): string;
  readonly unmarked: string;
}

/** The admin's files that we add to, in the order in which they are written. */
export function markedFiles(scene: Scene): MarkedFile[] {
  return Object.values(adminFiles).map((name) => {
    const path = join(scene.directories.etc, name);
    // As Latin-1, in which every byte is a character: whatever the real encoding, no byte is lost.
    const text = scene.files.get(path)?.content.toString("latin1") ?? "";
    if (name === adminFiles.lua)
      return { path, text, marked: (block) => withBlock(text, block, endOf(text)), unmarked: withoutBlock(text) };
    const line = includes[name];
    return { path, text, marked: () => withLine(text, line), unmarked: withoutLine(text, line) };
  });
}

/** Where a Lua text that parses can be added to; others are refused before (looking/editing.ts). */
function endOf(text: string): number {
  const lua = readLua(text);
  return "end" in lua ? lua.end : text.length;
}

/** Throws where our block was damaged: what of it is ours can then no longer be told from what is the admin's. */
export function requireWholeBlocks(scene: Scene): void {
  for (const { path, text } of markedFiles(scene)) {
    const line = path.endsWith(adminFiles.lua) ? brokenBlock(text) : undefined;
    if (line === undefined) continue;
    throw new Problem(
      `${path}, line ${line}: the block of asterisk-smart-transfer that begins here has no end any more.`,
      "Delete what is left of that block by hand, then run this again.",
    );
  }
}

/** Does the admin's file carry our line or block? */
export function isMarked(scene: Scene, name: string): boolean {
  return markedFiles(scene).some(({ path, text, unmarked }) => path.endsWith(`/${name}`) && text !== unmarked);
}
