import { withoutComments } from "../../asterisk/comments.ts";
import type { ConfEntry, ConfSection } from "../../asterisk/conf.ts";

/**
 * The lines of a text that is being edited. A removed line becomes undefined, so that the others keep their numbers.
 */
export type Lines = (string | undefined)[];

/**
 * Sets values in a section: in the first line with that name, which is the one that Asterisk uses, or else below the
 * header.
 */
export function setValues(
  lines: Lines,
  section: ConfSection,
  values: readonly (readonly [name: string, value: string])[],
): void {
  for (const [name, value] of values) {
    const entry = section.entries.find((one) => one.name === name);
    if (entry?.value === value) continue;
    const at = (entry ?? section).line - 1;
    const line = lines[at] ?? "";
    lines[at] = entry
      ? withValue(line, entry, value)
      : `${line}\n${assignment(name, value)}${line.endsWith("\r") ? "\r" : ""}`;
  }
}

export function assignment(name: string, value: string): string {
  return `${name} = ${value}`.trimEnd();
}

/** Replaces the value in a line. A trailing comment that is aligned by spaces stays in its column. */
function withValue(line: string, { from, to }: ConfEntry, value: string): string {
  const head = line.slice(0, from);
  const assigned = value === "" ? head.trimEnd() : `${/[ \t]$/.test(head) ? head : `${head} `}${value}`;
  const [, gap = "", comment] = /^([ \t]*)(;.*)$/s.exec(line.slice(to)) ?? [];
  if (comment === undefined) return assigned + line.slice(to);
  if (/^ {2,}$/.test(gap)) return `${assigned.padEnd(to + gap.length - 1)} ${comment}`;
  return `${assigned}${gap || " "}${comment}`;
}

/** Removes sections, including the comment right above each header. */
export function removeSections(
  lines: Lines,
  text: string,
  sections: readonly ConfSection[],
  isGone: (section: ConfSection) => boolean,
): void {
  if (!sections.some(isGone)) return;
  const bare = withoutComments(text);
  const isComment = (at: number) => {
    const line = bare[at];
    return line !== undefined && line.content.trim() === "" && (line.inBlock || line.raw.trim() !== "");
  };
  const begins = sections.map(({ line }) => {
    let begin = line - 1;
    while (isComment(begin - 1)) begin--;
    // Do not cut a comment block that begins after something else.
    while (bare[begin]?.inBlock && begin < line - 1) begin++;
    return begin;
  });
  for (const [at, section] of sections.entries())
    if (isGone(section)) lines.fill(undefined, begins[at], begins[at + 1] ?? lines.length);
}
