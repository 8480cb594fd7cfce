import type { TreeLine } from "../../asterisk/config-tree.ts";

/** Lines at which Asterisk gives up a configuration file (main/config.c, process_text_line). */
export function brokenLines(tree: readonly TreeLine[]): { readonly line: TreeLine; readonly why: string }[] {
  return tree.flatMap((line) => {
    const why = faultOf(line);
    return why === undefined ? [] : [{ line, why }];
  });
}

function faultOf(line: TreeLine): string | undefined {
  if (line.kind === "rejected" && line.why.startsWith("the section's header")) return line.why;
  if (line.kind === "entry" && line.section === undefined) return `\`${line.name}\` stands before any section`;
  if (line.kind === "directive" && line.name === "include" && line.found === false)
    return `there is no file ${line.argument}`;
  return undefined;
}
