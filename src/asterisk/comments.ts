/** A line of a configuration file without its comments. */
export interface BareLine {
  readonly raw: string;
  readonly content: string;
  /** For each character of `content`, its column in the raw line. Without it, the columns are the same. */
  readonly columns?: readonly number[];
  /** The line begins inside a comment block. */
  readonly inBlock: boolean;
}

const byteOrderMark = /^(?:\u00ef\u00bb\u00bf|\ufeff)/;

/**
 * Removes comments as config_text_file_load() in main/config.c does: `;` begins a comment unless escaped, `;-- --;`
 * encloses a block and nests, and `;---` begins an ordinary comment.
 */
export function withoutComments(text: string): BareLine[] {
  return read(text).lines;
}

/** The line (from 1) of a comment block that is never closed. Asterisk ignores everything below it. */
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
    // Characters before this index already belong to a marker: in `;--;` the opening dashes do not also close the
    // block.
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
