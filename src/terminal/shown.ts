/** Characters that a terminal obeys, or that reverse or hide others. Line ends and tabs are allowed. */
const harmful = /(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** The colours and weights of `painter`. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: we look for control characters
const painted = /(\x1b\[\d{1,2}m)/;

/** Makes a text safe to show: the author of a file must not control the terminal. */
export function shown(text: string): string {
  return text.replace(harmful, (letter) => {
    const code = letter.codePointAt(0) as number;
    if (code < 0x20) return `\\x${code.toString(16).padStart(2, "0")}`;
    // As in JSON, which escapes only the former by itself.
    return Array.from(
      { length: letter.length },
      (_, at) => `\\u${letter.charCodeAt(at).toString(16).padStart(4, "0")}`,
    ).join("");
  });
}

/** The same for a painted text. Messages name files, sections and values that somebody else chose. */
export function shownPainted(text: string): string {
  return text
    .split(painted)
    .map((part, at) => (at % 2 === 1 ? part : shown(part)))
    .join("");
}
