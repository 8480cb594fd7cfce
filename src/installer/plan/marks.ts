import { newlineOf } from "../../asterisk/newline.ts";

/** The marks of our line in the admin's files, and of our block in extensions.lua. */
const mark = "; asterisk-smart-transfer";
const blockBegins = "-- asterisk-smart-transfer begins: do not edit up to its end";
const blockEnds = "-- asterisk-smart-transfer ends";

/**
 * Adds one marked line at the end, and removes its copies. If the last line of the text has no newline, ours has none either, so that removing
 * it restores every byte without any record.
 */
export function withLine(text: string, line: string): string {
  const addition = `${line} ${mark}`;
  const first = placeOf(text, addition);
  return first < 0 ? appended(text, addition) : without(text, addition, ";", first + 1);
}

export function withoutLine(text: string, line: string): string {
  return without(text, `${line} ${mark}`, ";");
}

/** Adds our block at `end`, where a line must begin, or replaces it where it is. Removes its copies. */
export function withBlock(text: string, lines: readonly string[], end = text.length): string {
  const old = blockIn(text);
  const block = [blockBegins, ...lines, blockEnds].join(newlineOf(old ?? text));
  if (old === undefined && end < text.length) return text.slice(0, end) + block + newlineOf(text) + text.slice(end);
  if (old === undefined) return appended(text, block);
  const at = placeOf(text, old);
  return withoutBlock(text.slice(0, at) + block + text.slice(at + old.length), at + block.length);
}

export function withoutBlock(text: string, from = 0): string {
  const block = blockIn(text, from);
  return block === undefined ? text : withoutBlock(without(text, block, "--", from), from);
}

/** The line (from 1) of a block without an end mark. Nobody can tell which of its lines are ours. */
export function brokenBlock(text: string): number | undefined {
  const broken = begun(text, 0).find(({ to }) => to === undefined);
  return broken && text.slice(0, broken.from).split("\n").length;
}

/** Our first whole block. Text after a start mark without an end is not ours to remove. */
function blockIn(text: string, from = 0): string | undefined {
  const whole = begun(text, from).find(({ to }) => to !== undefined);
  return whole && text.slice(whole.from, whole.to);
}

/** Where our blocks begin and end. One without an end mark before the next start mark has lost its end. */
function begun(text: string, start: number): { from: number; to: number | undefined }[] {
  const blocks: { from: number; to: number | undefined }[] = [];
  for (let from = placeOf(text, blockBegins, start); from >= 0; ) {
    const next = placeOf(text, blockBegins, from + 1);
    const end = placeOf(text, blockEnds, from);
    const isWhole = end >= 0 && (next < 0 || end < next);
    blocks.push({ from, to: isWhole ? end + blockEnds.length : undefined });
    from = next;
  }
  return blocks;
}

/** The position of an addition that begins a line; -1 if there is none. */
function placeOf(text: string, addition: string, from = 0): number {
  let at = text.indexOf(addition, from);
  while (at > 0 && text[at - 1] !== "\n") at = text.indexOf(addition, at + 1);
  return at;
}

function appended(text: string, addition: string): string {
  const newline = newlineOf(text);
  return text === "" || text.endsWith("\n") ? `${text}${addition}${newline}` : `${text}${newline}${addition}`;
}

/** Removes an addition, as often as it is there. Text that somebody wrote after it on its last line was a comment, and stays one. */
function without(text: string, addition: string, comment: string, from = 0): string {
  const at = placeOf(text, addition, from);
  if (at < 0) return text;
  const before = text.slice(0, at);
  const after = text.slice(at + addition.length);
  const ended = /^\r?\n/.exec(after);
  const open = after === "" ? unended(before) : before + comment + after;
  return without(ended ? before + after.slice(ended[0].length) : open, addition, comment, from);
}

/**
 * Removes the newline that withLine added after an unfinished last line: two bytes only if the text itself uses such
 * line ends.
 */
function unended(text: string): string {
  const open = text.replace(/\n$/, "");
  return newlineOf(open) === "\r\n" ? open.replace(/\r$/, "") : open;
}
