import { basename, join } from "node:path";
import { openComment } from "../../asterisk/comments.ts";
import type { ConfHeader } from "../../asterisk/conf.ts";
import type { TreeLine } from "../../asterisk/config-tree.ts";
import { placeFor } from "./custom-files.ts";
import { whereNeeded } from "./snapshot.ts";

const logfiles = "logfiles";

/**
 * The file at whose end a line belongs to [logfiles]: logger.conf, or the file that its generator leaves to the admin.
 * `undefined` where another section ends it, or nothing does: only the admin can tell where the line belongs.
 *
 * @param etc the folder of logger.conf
 * @param tree logger.conf with its includes
 * @param textOf the text of a file in that folder
 */
export async function noticePlace(
  etc: string,
  tree: readonly TreeLine[],
  textOf: (name: string) => Promise<string | undefined>,
): Promise<string | undefined> {
  const text = await textOf(whereNeeded.logger);
  const name = text === undefined ? undefined : placeFor(whereNeeded.logger, text);
  if (name === undefined || openComment((await textOf(name)) ?? "") !== undefined) return undefined;
  const path = join(etc, name);
  return isRead(sectionAtEnd(tree, path), tree) ? path : undefined;
}

/** The section that is open at the end of a file. One without a line of its own is in the section that includes it. */
function sectionAtEnd(tree: readonly TreeLine[], path: string): ConfHeader | undefined {
  const last = tree.findLast(({ file }) => file === path);
  if (last !== undefined) return last.section;
  const at = tree.findIndex((line) => line.kind === "directive" && basename(line.argument) === basename(path));
  return tree.slice(0, Math.max(0, at)).findLast(({ kind }) => kind === "header")?.section;
}

/** Of several sections with one name, Asterisk's logger reads the first, and what others add to it with (+). */
function isRead(section: ConfHeader | undefined, tree: readonly TreeLine[]): boolean {
  const first = tree.find((line) => line.kind === "header" && line.name.toLowerCase() === logfiles)?.section;
  if (section === undefined || first === undefined || first.template || first.from.includes("+")) return false;
  return section === first || (section.name.toLowerCase() === logfiles && section.from.includes("+"));
}
