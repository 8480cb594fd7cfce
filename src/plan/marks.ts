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
  return without(text, `${line} ${mark}`);
}

/** Puts our block at the end, or where it is already. */
export function withBlock(text: string, lines: readonly string[]): string {
  const block = [blockBegins, ...lines, blockEnds].join(newlineOf(text));
  const old = blockIn(text);
  if (old === undefined) return appended(text, block);
  const at = placeOf(text, old);
  return text.slice(0, at) + block + text.slice(at + old.length);
}

export function withoutBlock(text: string): string {
  const block = blockIn(text);
  return block === undefined ? text : without(text, block);
}

function blockIn(text: string): string | undefined {
  const from = placeOf(text, blockBegins);
  const to = from < 0 ? -1 : text.indexOf(blockEnds, from);
  return to < 0 ? undefined : text.slice(from, to + blockEnds.length);
}

/** Where an addition stands at the beginning of a line; -1 when nowhere. */
function placeOf(text: string, addition: string): number {
  let at = text.indexOf(addition);
  while (at > 0 && text[at - 1] !== "\n") at = text.indexOf(addition, at + 1);
  return at;
}

function newlineOf(text: string): string {
  return /\r\n/.test(text) ? "\r\n" : "\n";
}

function appended(text: string, addition: string): string {
  const newline = newlineOf(text);
  return text === "" || text.endsWith("\n") ? `${text}${addition}${newline}` : `${text}${newline}${addition}`;
}

function without(text: string, addition: string): string {
  const from = placeOf(text, addition);
  if (from < 0) return text;
  const before = text.slice(0, from);
  const after = text.slice(from + addition.length);
  const ended = /^\r?\n/.exec(after);
  if (ended) return before + after.slice(ended[0].length);
  return after === "" ? before.replace(/\r?\n$/, "") : before + after;
}
