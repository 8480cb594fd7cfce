import { exitCode, Problem } from "../../terminal/problem.ts";
import type { DirectoryEntry } from "../settings/extensions.ts";
import type { Context } from "./command.ts";
import { directoryOf } from "./directory.ts";
import { type InstallInput, type Prepared, prepare, usualLanguages } from "./prepare.ts";
import { keptOf, settingsOf, undecided } from "./proposed.ts";

/**
 * Prepares without questions. What the options leave open comes from the installed settings, then from what was found.
 */
export function prepareUnasked(input: InstallInput, context: Context): Prepared {
  const proposed = undecided(input);
  const directory = directoryOf(input);
  requireSomebody(directory.entries);
  const general = { ...keptOf(input), ...settingsOf(proposed), ...directory.general, ...input.given.general };
  const answers = { ...input.given, general, directory: directory.entries };
  const settings = input.snapshot.paths.settings;
  const notes = proposed.map(({ name, says }) => {
    const option = name === "transfer_key" ? "--key KEYS" : `--set ${name}=VALUE`;
    return `${says}. ${name} in ${settings} keeps this; ${option} chooses another.`;
  });
  return prepare(
    { ...input, notes: [...input.notes, ...notes, ...directory.notes] },
    answers,
    usualLanguages(input, context),
    context,
  );
}

function requireSomebody(entries: readonly DirectoryEntry[]): void {
  if (entries.length > 0) return;
  throw new Problem(
    "This PBX has no extension with a hint, and no endpoint with a number for its name.",
    "Name those who take part: --extensions 101-110,115,201=PJSIP/alice.",
    exitCode.usage,
  );
}
