/** A `name = value` line of a section, with the line it stands on (from 1). */
export interface ConfEntry {
  readonly name: string;
  readonly value: string;
  readonly line: number;
}

export interface ConfSection {
  readonly name: string;
  readonly template: boolean;
  /** The rest of the header's parentheses: templates it takes from, or `+`. */
  readonly from: readonly string[];
  readonly line: number;
  readonly entries: readonly ConfEntry[];
}

/**
 * Reads a text in Asterisk's configuration format, for looking only: what we write into such files goes in as whole lines.
 * Follows process_text_line() in main/config.c: `;` begins a comment unless escaped, `;-- --;` encloses one, `=` and `=>`
 * mean the same.
 */
export function parseConf(text: string): ConfSection[] {
  const sections: { name: string; template: boolean; from: string[]; line: number; entries: ConfEntry[] }[] = [];
  withoutComments(text).forEach((content, at) => {
    const line = at + 1;
    const header = /^\[([^\]]*)\]\s*(?:\(([^)]*)\))?/.exec(content);
    if (header) {
      const options = (header[2] ?? "")
        .split(",")
        .map((one) => one.trim())
        .filter(Boolean);
      const from = options.filter((one) => one !== "!");
      sections.push({ name: (header[1] ?? "").trim(), template: options.includes("!"), from, line, entries: [] });
      return;
    }
    const equals = content.indexOf("=");
    if (equals < 0 || content.startsWith("#")) return;
    const value = content
      .slice(equals + 1)
      .replace(/^>/, "")
      .trim();
    sections.at(-1)?.entries.push({ name: content.slice(0, equals).trim(), value, line });
  });
  return sections;
}

/** Each line's content, trimmed, with what is commented out taken away. Blocks nest, as in config_text_file_load(). */
function withoutComments(text: string): string[] {
  let depth = 0;
  return text
    .replace(/^\u00ef\u00bb\u00bf|^\ufeff/, "")
    .split("\n")
    .map((raw) => {
      let content = "";
      for (let at = 0; at < raw.length; at++) {
        if (raw[at] !== ";") {
          if (depth === 0) content += raw[at];
        } else if (raw[at - 1] === "\\") {
          if (depth === 0) content = `${content.slice(0, -1)};`;
        } else if (raw.startsWith(";--", at) && raw[at + 3] !== "-") {
          depth++;
          at += 2;
        } else if (depth > 0 && raw.slice(Math.max(0, at - 2), at) === "--") {
          depth--;
        } else if (depth === 0) {
          break;
        }
      }
      return content.trim();
    });
}
