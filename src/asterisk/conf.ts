import { type BareLine, withoutComments } from "./comments.ts";

/** A `name = value` line, with its line number (from 1) and the columns of the value (from 0). */
export interface ConfEntry {
  readonly name: string;
  readonly value: string;
  readonly line: number;
  readonly from: number;
  readonly to: number;
}

export interface ConfHeader {
  readonly name: string;
  readonly template: boolean;
  /** The other contents of the header's parentheses: parent templates, or `+`. */
  readonly from: readonly string[];
  readonly line: number;
}

export interface ConfSection extends ConfHeader {
  readonly entries: readonly ConfEntry[];
}

/** A line with a meaning, or one that Asterisk rejects, often together with the whole file. */
export type ConfLine =
  | ({ readonly kind: "header" } & ConfHeader)
  | ({ readonly kind: "entry" } & ConfEntry)
  | { readonly kind: "directive"; readonly name: string; readonly argument: string; readonly line: number }
  | { readonly kind: "rejected"; readonly why: string; readonly line: number };

/**
 * Parses Asterisk's configuration format, as process_text_line() in main/config.c does. Only for reading: we edit such
 * files by whole lines. `=` and `=>` mean the same.
 */
export function confLines(text: string): ConfLine[] {
  return withoutComments(text).flatMap((bare, at) => {
    const content = stripped(bare.content);
    if (content === "") return [];
    if (content.startsWith("[")) return [headerIn(content, at + 1)];
    if (content.startsWith("#")) return [directiveIn(content, at + 1)];
    return [entryIn(bare, at + 1)];
  });
}

/** Parses sections with their entries. Ignores entries before the first header. */
export function parseConf(text: string): ConfSection[] {
  const sections: (ConfHeader & { entries: ConfEntry[] })[] = [];
  for (const line of confLines(text)) {
    if (line.kind === "header") sections.push({ ...line, entries: [] });
    else if (line.kind === "entry") sections.at(-1)?.entries.push(line);
  }
  return sections;
}

/** Trims as ast_strip() does: every character up to the space is blank, but a Latin-1 no-break space is not. */
function stripped(text: string): string {
  const [from, to] = strippedRange(text, 0);
  return text.slice(from, to);
}

function strippedRange(text: string, begin: number): [from: number, to: number] {
  let [from, to] = [begin, text.length];
  while (from < to && text.charCodeAt(from) <= 32) from++;
  while (from < to && text.charCodeAt(to - 1) <= 32) to--;
  return [from, to];
}

/** Reads a section header. Spaces inside the brackets belong to the name; text after the header is ignored. */
function headerIn(content: string, line: number): ConfLine {
  const [header, name = "", options] = /^\[([^\]]*)\](?:\(([^)]*)\))?/.exec(content) ?? [];
  if (header === undefined) return { kind: "rejected", why: "the section's header has no closing ]", line };
  if (options === undefined && content[header.length] === "(")
    return { kind: "rejected", why: "the section's header has no closing )", line };
  const all = (options ?? "").split(",").filter(Boolean);
  return { kind: "header", name, template: all.includes("!"), from: all.filter((one) => one !== "!"), line };
}

function directiveIn(content: string, line: number): ConfLine {
  const [, name = "", rest = ""] = /^#([^\0- ]*)(.*)$/s.exec(content) ?? [];
  const argument = stripped(rest);
  const quoted = /^(?:"(.*)"|<(.*)>)$/s.exec(argument);
  return { kind: "directive", name: name.toLowerCase(), argument: quoted?.[1] ?? quoted?.[2] ?? argument, line };
}

function entryIn({ raw, content, columns }: BareLine, line: number): ConfLine {
  const equals = content.indexOf("=");
  if (equals < 0) return { kind: "rejected", why: "there is no = in the line", line };
  const name = stripped(content.slice(0, equals));
  if (name === "") return { kind: "rejected", why: "there is no name before the =", line };
  const begin = equals + (content[equals + 1] === ">" ? 2 : 1);
  const [from, to] = strippedRange(content, begin);
  const column = (at: number) => columns?.[at] ?? at;
  if (from === to) {
    const behind = column(begin - 1) + 1;
    return { kind: "entry", name, value: "", line, from: behind, to: behind };
  }
  const first = column(from);
  // An escaped semicolon starts at its backslash.
  const escaped = raw[first] === ";" ? 1 : 0;
  return {
    kind: "entry",
    name,
    value: content.slice(from, to),
    line,
    from: first - escaped,
    to: column(to - 1) + 1,
  };
}
