import { newlineOf } from "../../asterisk/newline.ts";

/** What marks a line of ours in the admin's files, and what encloses our block in extensions.lua. */
const mark = "; asterisk-smart-transfer";
const blockBegins = "-- asterisk-smart-transfer begins: do not edit up to its end";
const blockEnds = "-- asterisk-smart-transfer ends";

/**
 * Adds one marked line at the end of a text. A text whose last line is not ended keeps that property, so that taking the line
 * away again gives back every byte without a memory of how it was.
 */
export function withLine(text: string, line: string): string {
  const addition = `${line} ${mark}`;
  return placeOf(text, addition) < 0 ? appended(text, addition) : text;
}

export function withoutLine(text: string, line: string): string {
  return without(text, `${line} ${mark}`, ";");
}

/** Puts our block at the end, where a line must begin, or where it is already. */
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

/** The line (from 1) on which a block of ours begins whose end is gone: nobody can tell what in it is whose. */
export function brokenBlock(text: string): number | undefined {
  const block = blockIn(text);
  const whole = block === undefined ? -1 : placeOf(text, block);
  const first = placeOf(text, blockBegins);
  const broken = first === whole ? placeOf(text, blockBegins, first + 1) : first;
  return broken < 0 ? undefined : text.slice(0, broken).split("\n").length;
}

/** From the last beginning before the first end: what stands behind a beginning without an end is not ours to take. */
function blockIn(text: string): string | undefined {
  let from = placeOf(text, blockBegins);
  const to = from < 0 ? -1 : placeOf(text, blockEnds, from);
  if (to < 0) return undefined;
  for (let next = from; next >= 0 && next < to; next = placeOf(text, blockBegins, next + 1)) from = next;
  return text.slice(from, to + blockEnds.length);
}

/** Where an addition stands at the beginning of a line; -1 when nowhere. */
function placeOf(text: string, addition: string, from = 0): number {
  let at = text.indexOf(addition, from);
  while (at > 0 && text[at - 1] !== "\n") at = text.indexOf(addition, at + 1);
  return at;
}

function appended(text: string, addition: string): string {
  const newline = newlineOf(text);
  return text === "" || text.endsWith("\n") ? `${text}${addition}${newline}` : `${text}${newline}${addition}`;
}

/** What somebody wrote behind an addition, on its last line, was a comment and stays one. */
function without(text: string, addition: string, comment: string): string {
  const from = placeOf(text, addition);
  if (from < 0) return text;
  const before = text.slice(0, from);
  const after = text.slice(from + addition.length);
  const ended = /^\r?\n/.exec(after);
  if (ended) return before + after.slice(ended[0].length);
  return after === "" ? unended(before) : before + comment + after;
}

/** Takes back the newline that was put behind an open last line: two bytes only where the text had such ends itself. */
function unended(text: string): string {
  const open = text.replace(/\n$/, "");
  return newlineOf(open) === "\r\n" ? open.replace(/\r$/, "") : open;
}
