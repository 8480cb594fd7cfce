import { join } from "node:path";
import { type ConfHeader, type ConfLine, confLines } from "./conf.ts";
import type { FileSystem } from "./files.ts";
import { matchingPaths } from "./glob.ts";

/** A line of a configuration with all that it includes: where it stands, and in which section Asterisk reads it. */
export type TreeLine = ConfLine & {
  readonly file: string;
  readonly section: ConfHeader | undefined;
  /** Of an #include: were there files of that name? */
  readonly found?: boolean;
};

/** main/config.c, MAX_INCLUDE_LEVEL */
const deepestInclude = 10;

/**
 * Reads a configuration file of Asterisk and what it includes, in the order in which Asterisk does, but for the files of
 * one folder: our own. An #exec stays unread. Nothing where there is no such file.
 */
export async function configTree(
  system: FileSystem,
  etc: string,
  name: string,
  passedOver: string,
): Promise<TreeLine[]> {
  const lines: TreeLine[] = [];
  let latest: ConfHeader | undefined;

  const load = async (pattern: string, level: number): Promise<boolean> => {
    const paths = await matchingPaths(system, pattern);
    let isFound = false;
    // A file begins in the section that was opened last, and leaves the one of its includer open (config_text_file_load).
    let section = latest;
    for (const path of paths) {
      if (path.startsWith(`${passedOver}/`)) {
        isFound = true;
        continue;
      }
      const content = (await system.list(path)) === undefined ? (await system.read(path))?.content : undefined;
      if (content === undefined) continue;
      isFound = true;
      for (const line of confLines(content.toString("latin1"))) {
        if (line.kind === "header") {
          section = line;
          latest = line;
        }
        if (line.kind !== "directive" || !/^(?:try)?include$/.test(line.name)) {
          lines.push({ ...line, file: path, section });
          continue;
        }
        const at = lines.push({ ...line, file: path, section }) - 1;
        const target = line.argument.startsWith("/") ? line.argument : join(etc, line.argument);
        const found = level < deepestInclude && (await load(target, level + 1));
        lines[at] = { ...line, file: path, section, found };
      }
    }
    return isFound;
  };
  await load(join(etc, name), 1);
  return lines;
}

/** The entries that count in sections of a name; templates do not. */
export function entriesOf(tree: readonly TreeLine[], section: string) {
  return entries(tree).filter((line) => line.section.name.toLowerCase() === section);
}

export function entries(tree: readonly TreeLine[]) {
  return tree.flatMap((line) =>
    line.kind === "entry" && line.section && !line.section.template ? [{ ...line, section: line.section }] : [],
  );
}

/** "/etc/asterisk/features.conf, line 12" */
export function placeOf({ file, line }: { readonly file: string; readonly line: number }): string {
  return `${file}, line ${line}`;
}
