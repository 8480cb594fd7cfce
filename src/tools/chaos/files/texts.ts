/**
 * The admin's files as texts of Latin-1: with our line or block, without it, and edited by hand. Nothing here is shared with the
 * installer, which is what these texts judge.
 */

const line = /^#tryinclude "smart_transfer\.d\/[\w.-]+" ; asterisk-smart-transfer/m;
const block = /^-- asterisk-smart-transfer begins: [^\n]*\n[\s\S]*?^-- asterisk-smart-transfer ends/m;

/** A statement that no Lua reads, in a line of its own. */
export const brokenLua = "local x = = 1";

export const isLua = (name: string) => name.endsWith(".lua");
const markOf = (name: string) => (isLua(name) ? block : line);
const commentOf = (name: string) => (isLua(name) ? "--" : ";");
const newlineOf = (text: string) => (text.includes("\r\n") ? "\r\n" : "\n");

/** How often our line or block is in a file. */
export function marksIn(name: string, text: string): number {
  return [...text.matchAll(new RegExp(markOf(name), "gm"))].length;
}

/** A file without our lines. What somebody wrote behind one of them was a comment, and stays one. */
export function unmarked(name: string, text: string): string {
  const found = markOf(name).exec(text);
  if (found === null) return text;
  const before = text.slice(0, found.index);
  const after = text.slice(found.index + found[0].length);
  if (/^\r?\n/.test(after)) return unmarked(name, before + after.replace(/^\r?\n/, ""));
  // An open last line: the line end before ours is ours as well.
  if (after === "") return unmarked(name, before.replace(/\r?\n$/, ""));
  return unmarked(name, before + commentOf(name) + after);
}

/** Whether a file begins as our generated ones do. */
export function isTitled(content: string): boolean {
  return /^(?:; Made by|--) asterisk-smart-transfer /.test(content);
}

export const handEdits = [
  "writes above",
  "writes below",
  "writes in between",
  "deletes a comment",
  "turns the line ends",
  "cuts the last line end",
  "deletes our line",
  "comments our line out",
  "writes behind our line",
  "repeats our line",
  "breaks it",
  "mends it",
] as const;
export type HandEdit = (typeof handEdits)[number];

/** A file as it is, and as it would be without us. */
export interface Both {
  readonly text: string;
  readonly theirs: string;
}

/**
 * Edits a file by hand. `undefined` if there is nothing to edit in this way.
 *
 * @param where which of the lines that come into question, from 0 to 1
 * @param words what is written, without line ends
 */
export function editedByHand(name: string, how: HandEdit, both: Both, where: number, words: string): Both | undefined {
  const { text, theirs } = both;
  const newline = newlineOf(text);
  const comment = `${commentOf(name)} ${words}`;
  const each = (edit: (one: string) => string) => ({ text: edit(text), theirs: edit(theirs) });
  const alone = (edited: string) => ({ text: edited, theirs: unmarked(name, edited) });
  const found = markOf(name).exec(text);
  const isOnce = found !== null && marksIn(name, text) === 1;
  switch (how) {
    case "writes above":
      return each((one) => comment + newline + one);
    case "writes below":
      return each((one) => closed(one, newline) + comment + newline);
    case "writes in between":
      return atTheirs(
        name,
        both,
        where,
        () => true,
        (one) => one + comment + newline,
      );
    case "deletes a comment":
      return atTheirs(
        name,
        both,
        where,
        (one) => isPlainComment(name, one),
        () => "",
      );
    case "turns the line ends":
      // One open line that gets its first line end from us cannot be told from one that ends in a carriage return.
      return theirs.includes("\n") ? each((one) => one.replace(/\r?\n/g, "\r\n")) : undefined;
    case "cuts the last line end":
      return each((one) => one.replace(/\r?\n$/, ""));
    case "deletes our line":
      return isOnce
        ? alone(text.slice(0, found.index) + text.slice(found.index + found[0].length).replace(/^\r?\n/, ""))
        : undefined;
    case "comments our line out":
      return isOnce && !isLua(name) ? alone(`${text.slice(0, found.index)};${text.slice(found.index)}`) : undefined;
    case "writes behind our line":
      return isOnce ? alone(text.replace(found[0], () => `${found[0]} ${words}`)) : undefined;
    case "repeats our line":
      return isOnce ? { text: text.replace(found[0], () => found[0] + newline + found[0]), theirs } : undefined;
    case "breaks it":
      return isLua(name) && !text.includes(brokenLua) ? each((one) => brokenLua + newline + one) : undefined;
    case "mends it":
      return text.includes(brokenLua) ? each((one) => one.replace(/local x = = 1\r?\n/, "")) : undefined;
  }
}

function closed(text: string, newline: string): string {
  return text === "" || text.endsWith("\n") ? text : text + newline;
}

/** Does the same to one of the admin's own lines in both texts. The last line is left alone where it is open. */
function atTheirs(
  name: string,
  { text, theirs }: Both,
  where: number,
  fits: (line: string) => boolean,
  edit: (line: string) => string,
): Both | undefined {
  const own = linesOf(theirs);
  const wanted = own.flatMap((one, at) => (one.endsWith("\n") && fits(one) ? [at] : []));
  const at = wanted[Math.floor(where * wanted.length)];
  if (at === undefined) return undefined;
  const found = markOf(name).exec(text);
  const span = found ? linesOf(text.slice(0, found.index)).length : Number.POSITIVE_INFINITY;
  const shift = found && at >= span ? linesOf(found[0]).length : 0;
  const lines = linesOf(text);
  if (lines[at + shift] !== own[at]) return undefined;
  lines[at + shift] = edit(own[at] as string);
  own[at] = edit(own[at] as string);
  return { text: lines.join(""), theirs: own.join("") };
}

const linesOf = (text: string) => text.split(/(?<=\n)/).filter((one) => one !== "");

/** Not one that begins or ends a comment of several lines. */
function isPlainComment(name: string, one: string): boolean {
  return isLua(name) ? /^-- ?\w/.test(one) : /^; ?\w/.test(one) && !one.includes("--");
}
