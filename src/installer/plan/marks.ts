import { newlineOf } from "../../asterisk/newline.ts";

/** The marks of our line in the admin's files, and of our block in extensions.lua. */
const mark = "; asterisk-smart-transfer";
const blockBegins = "-- asterisk-smart-transfer begins: do not edit up to its end";
const blockEnds = "-- asterisk-smart-transfer ends";

/**
 * Adds one marked line at the end. If the last line of the text has no newline, ours has none either, so that removing
 * it restores every byte without any record.
 */
export function withLine(text: string, line: string): string {
  const addition = `${line} ${mark}`;
  return placeOf(text, addition) < 0 ? appended(text, addition) : text;
}

export function withoutLine(text: string, line: string): string {
  return without(text, `${line} ${mark}`, ";");
}

/** Adds our block at `end`, where a line must begin, or replaces it where it is. */
export function withBlock(text: string, lines: readonly string[], end = text.length): string {
  const old = blockIn(text);
  const block = [blockBegins, ...lines, blockEnds].join(newlineOf(old ?? text));
  if (old === undefined && end < text.length) return text.slice(0, end) + block + newlineOf(text) + text.slice(end);
  if (old === undefined) return appended(text, block);
  const at = placeOf(text, old);
  return text.slice(0, at) + block + text.slice(at + old.length);
}

export function withoutBlock(text: string): string {
  const block = blockIn(text);
  return block === undefined ? text : without(text, block, "--");
}

/** The line (from 1) of a block without an end mark. Nobody can tell which of its lines are ours. */
export function brokenBlock(text: string): number | undefined {
  const block = blockIn(text);
  const whole = block === undefined ? -1 : placeOf(text, block);
  const first = placeOf(text, blockBegins);
  const broken = first === whole ? placeOf(text, blockBegins, first + 1) : first;
  return broken < 0 ? undefined : text.slice(0, broken).split("\n").length;
}

/**
 * Our block: from the last start mark before the first end mark. Text after a start mark without an end is not ours to
 * remove.
 */
function blockIn(text: string): string | undefined {
  let from = placeOf(text, blockBegins);
  const to = from < 0 ? -1 : placeOf(text, blockEnds, from);
  if (to < 0) return undefined;
  for (let next = from; next >= 0 && next < to; next = placeOf(text, blockBegins, next + 1)) from = next;
  return text.slice(from, to + blockEnds.length);
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

/** Removes an addition. Text that somebody wrote after it on its last line was a comment, and stays one. */
function without(text: string, addition: string, comment: string): string {
  const from = placeOf(text, addition);
  if (from < 0) return text;
  const before = text.slice(0, from);
  const after = text.slice(from + addition.length);
  const ended = /^\r?\n/.exec(after);
  if (ended) return before + after.slice(ended[0].length);
  return after === "" ? unended(before) : before + comment + after;
}

/**
 * Removes the newline that withLine added after an unfinished last line: two bytes only if the text itself uses such
 * line ends.
 */
function unended(text: string): string {
  const open = text.replace(/\n$/, "");
  return newlineOf(open) === "\r\n" ? open.replace(/\r$/, "") : open;
}
