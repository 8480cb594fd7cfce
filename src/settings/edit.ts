import { withoutComments } from "../asterisk/comments.ts";
import type { ConfEntry, ConfSection } from "../asterisk/conf.ts";

/** The lines of a text that is being edited; what is taken out is undefined, so that the others keep their numbers. */
export type Lines = (string | undefined)[];

/** Sets values of a section, each in the first line that has it, which is the one that counts, or else below the header. */
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

/** The line with another value. What stands behind it stays: a comment set apart by several spaces in its column. */
function withValue(line: string, { from, to }: ConfEntry, value: string): string {
  const head = line.slice(0, from);
  const assigned = value === "" ? head.trimEnd() : `${/[ \t]$/.test(head) ? head : `${head} `}${value}`;
  const [, gap = "", comment] = /^([ \t]*)(;.*)$/s.exec(line.slice(to)) ?? [];
  if (comment === undefined) return assigned + line.slice(to);
  if (/^ {2,}$/.test(gap)) return `${assigned.padEnd(to + gap.length - 1)} ${comment}`;
  return `${assigned}${gap || " "}${comment}`;
}

/** Takes sections out. Each begins with the comment that stands right above its header. */
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
    // Not within a block of comments that began behind something else.
    while (bare[begin]?.inBlock && begin < line - 1) begin++;
    return begin;
  });
  for (const [at, section] of sections.entries())
    if (isGone(section)) lines.fill(undefined, begins[at], begins[at + 1] ?? lines.length);
}
