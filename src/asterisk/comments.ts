/** A line of a configuration file without what is commented out. */
export interface BareLine {
  readonly raw: string;
  readonly content: string;
  /** The column of the raw line that each character of `content` stands in; without it, the same one. */
  readonly columns?: readonly number[];
  /** Does a block of comments go on into it? */
  readonly inBlock: boolean;
}

const byteOrderMark = /^(?:\u00ef\u00bb\u00bf|\ufeff)/;

/**
 * As config_text_file_load() in main/config.c: `;` begins a comment unless escaped, `;-- --;` encloses one and nests, and
 * a ruler of `;---` is a plain one.
 */
export function withoutComments(text: string): BareLine[] {
  return read(text).lines;
}

/** The line (from 1) on which a block of comments begins that is never closed: all behind it is of no account. */
export function openComment(text: string): number | undefined {
  return read(text).open;
}

function read(text: string): { lines: BareLine[]; open: number | undefined } {
  let depth = 0;
  let open = 0;
  const lines = text.split("\n").map((raw, index) => {
    const inBlock = depth > 0;
    const begin = index === 0 ? (byteOrderMark.exec(raw)?.[0].length ?? 0) : 0;
    if (begin === 0 && !raw.includes(";")) return { raw, content: inBlock ? "" : raw, inBlock };
    const columns: number[] = [];
    // Up to where the signs are used up: the dashes that open a block do not close it in `;--;`.
    let used = begin;
    for (let at = begin; at < raw.length; at++) {
      if (raw[at] !== ";") {
        if (depth === 0) columns.push(at);
        continue;
      }
      if (at > used && raw[at - 1] === "\\") {
        if (depth === 0) columns.splice(-1, 1, at);
      } else if (raw.startsWith("--", at + 1) && raw[at + 3] !== "-") {
        if (depth === 0) open = index + 1;
        depth++;
        at += 2;
      } else if (depth > 0) {
        if (at >= used + 2 && raw.startsWith("--", at - 2)) depth--;
      } else {
        break;
      }
      used = at + 1;
    }
    return { raw, content: columns.map((column) => raw[column]).join(""), columns, inBlock };
  });
  return { lines, open: depth > 0 ? open : undefined };
}
