import { join } from "node:path";
import { placeOf } from "../../asterisk/config-tree.ts";
import { markedFiles } from "../plan/admin-files.ts";
import { adminFiles } from "../plan/snapshot.ts";
import { brokenLines } from "./broken-lines.ts";
import { type Finding, refusal } from "./finding.ts";
import type { Inspection } from "./inspection.ts";

/**
 * Refuses a line because of which Asterisk would never come to ours: it stops reading that file there, and goes on with
 * the file that includes it (main/config.c, config_text_file_load). Of extensions.conf itself it then uses nothing.
 */
export function dialplanFindings({ dialplan, snapshot }: Pick<Inspection, "dialplan" | "snapshot">): Finding[] {
  const main = adminFiles.extensions;
  const ours = markedFiles(snapshot).filter((file) => file.main === main);
  const files = [join(snapshot.directories.etc, main), ...ours.map(({ path }) => path)];
  return brokenLines(dialplan)
    .filter(({ line }) => files.includes(line.file))
    .map(({ line, why }) =>
      refusal(
        `${placeOf(line)}: ${why}. Asterisk stops reading that file there, and would not come to our line at its end.`,
        "Correct or delete that line, run `asterisk -rx 'module reload pbx_config.so'`, then run this again.",
      ),
    );
}
