/** Longer than any line of Asterisk's logger (main/logger.c, LOGMSG_SIZE), even in JSON, where a letter may take six bytes. */
const longestLine = 64 * 1024;
const newline = 0x0a;

/**
 * Takes a log in pieces and returns the complete lines that contain a mark. An unfinished line waits for the next piece; it is
 * skipped if it grows longer than any line of a log.
 */
export function sifter(mark: string): (piece: Buffer) => string[] {
  const needle = Buffer.from(mark);
  let rest = Buffer.alloc(0);
  let isTooLong = false;

  const keep = (piece: Buffer) => {
    isTooLong ||= rest.length + piece.length > longestLine;
    // Copy it, because the piece's buffer is reused.
    rest = isTooLong ? Buffer.alloc(0) : Buffer.concat([rest, piece]);
  };
  return (piece) => {
    const first = piece.indexOf(newline);
    if (first < 0) {
      keep(piece);
      return [];
    }
    const lines: string[] = [];
    if (rest.length + first > 0 && !isTooLong) {
      const whole = Buffer.concat([rest, piece.subarray(0, first)]);
      if (whole.includes(needle)) lines.push(whole.toString());
    }
    let from = first + 1;
    const end = piece.lastIndexOf(newline) + 1;
    for (let at = piece.indexOf(needle, from); at >= 0 && at < end; at = piece.indexOf(needle, from)) {
      const begin = piece.lastIndexOf(newline, at) + 1;
      from = piece.indexOf(newline, at) + 1;
      if (from - begin <= longestLine) lines.push(piece.toString("utf8", begin, from - 1));
    }
    rest = Buffer.alloc(0);
    isTooLong = false;
    keep(piece.subarray(end));
    return lines;
  };
}
