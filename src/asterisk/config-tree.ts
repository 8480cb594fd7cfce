import { join } from "node:path";
import { type ConfHeader, type ConfLine, confLines } from "./conf.ts";
import type { FileSystem } from "./files.ts";
import { matchingPaths } from "./glob.ts";
import { hiddenFrom } from "./sounds.ts";

/** A line of a configuration file or of its includes, with its place and the section to which Asterisk assigns it. */
export type TreeLine = ConfLine & {
  readonly file: string;
  readonly section: ConfHeader | undefined;
  /** For an #include: whether any file matched. */
  readonly found?: boolean;
};

/** MAX_INCLUDE_LEVEL in main/config.c. */
const deepestInclude = 10;

/**
 * Reads a configuration file and its includes in Asterisk's order, without the files of our own folder. Does not run an
 * #exec. Empty if the file does not exist.
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
    // An included file begins in the section that is open, and may leave another one open for its includer
    // (config_text_file_load).
    let section = latest;
    for (const path of paths) {
      if (path.startsWith(`${passedOver}/`)) {
        isFound = true;
        continue;
      }
      // What Asterisk itself may not read it does not include; an #include could name anything that only root may.
      const isHidden = !path.startsWith(`${etc}/`) && (await hiddenFrom(await system.ownership(etc), path, system));
      const isFile = !isHidden && (await system.list(path)) === undefined;
      const content = isFile ? (await system.read(path))?.content : undefined;
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

/** The entries in sections of this name, without templates. */
export function entriesOf(tree: readonly TreeLine[], section: string) {
  return entries(tree).filter((line) => line.section.name.toLowerCase() === section);
}

export function entries(tree: readonly TreeLine[]) {
  return tree.flatMap((line) =>
    line.kind === "entry" && line.section && !line.section.template ? [{ ...line, section: line.section }] : [],
  );
}

/** A place in words: "/etc/asterisk/features.conf, line 12". */
export function placeOf({ file, line }: { readonly file: string; readonly line: number }): string {
  return `${file}, line ${line}`;
}
