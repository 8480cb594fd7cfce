/** What a terminal would obey, or what turns around or hides the letters beside it; lines and tabs are ours. */
const harmful = /(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** The colours and weights of `painter`. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const painted = /(\x1b\[\d{1,2}m)/;

/** The text of a file as it may be shown: whoever wrote the file must not have its letters do anything to a terminal. */
export function shown(text: string): string {
  return text.replace(harmful, (letter) => {
    const code = letter.codePointAt(0) as number;
    if (code < 0x20) return `\\x${code.toString(16).padStart(2, "0")}`;
    // As JSON has it too, which escapes only the former by itself.
    return Array.from(
      { length: letter.length },
      (_, at) => `\\u${letter.charCodeAt(at).toString(16).padStart(4, "0")}`,
    ).join("");
  });
}

/** The same of what is painted already: messages name files, sections and values that somebody else chose. */
export function shownPainted(text: string): string {
  return text
    .split(painted)
    .map((part, at) => (at % 2 === 1 ? part : shown(part)))
    .join("");
}
