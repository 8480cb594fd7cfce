import { exitCode, Problem } from "../../terminal/problem.ts";
import { proposedKey } from "../preflight/keys.ts";
import { type Answers, gives } from "../settings/document.ts";
import { inspectSettings } from "../settings/model.ts";
import type { Context } from "./command.ts";
import { generalOf, type InstallInput, type Prepared, prepare, usualLanguages } from "./prepare.ts";

/**
 * Prepares without questions. What the options leave open comes from the installed settings, then from what was found.
 */
export function prepareUnasked(input: InstallInput, context: Context): Prepared {
  const { key, note } = keyFor(input);
  const answers = { ...input.given, general: { ...key, ...input.given.general }, directory: directoryFor(input) };
  const notes = [...input.notes, ...(note === undefined ? [] : [note])];
  return prepare({ ...input, notes }, answers, usualLanguages(input, context), context);
}

function directoryFor({ given, installed, pbx: { survey } }: InstallInput): NonNullable<Answers["directory"]> {
  const directory = given.directory ?? (installed?.directory.length ? installed.directory : (survey?.candidates ?? []));
  if (directory.length > 0) return directory;
  throw new Problem(
    "No extension was found on this PBX, by hint or by endpoint.",
    "Name those who take part: --extensions 101-110,115,201=PJSIP/alice.",
    exitCode.usage,
  );
}

/**
 * The key if no option names one: the installed key, else the default or the first free one, which is then written to
 * the settings.
 */
function keyFor(input: InstallInput): { readonly key: Record<string, string>; readonly note?: string } {
  const { given, current, installed, snapshot, inspection } = input;
  if (given.general.transfer_key !== undefined || (current !== undefined && gives(current, "transfer_key")))
    return { key: {} };
  const before = snapshot.files.get(snapshot.paths.settings)?.content.toString("latin1");
  const kept = before === undefined ? undefined : inspectSettings(before).settings.general.transfer_key;
  if (kept !== undefined && kept !== installed?.general.transfer_key) return { key: { transfer_key: kept } };
  const { key, because } = proposedKey(generalOf(input), inspection.features, inspection.running?.features);
  if (because === undefined) return { key: {} };
  const note = `${because} So the transfer key is ${key}: transfer_key in ${snapshot.paths.settings} keeps it, --key KEYS takes another.`;
  return { key: { transfer_key: key }, note };
}
