import { entries, entriesOf, placeOf, type TreeLine } from "../../asterisk/config-tree.ts";
import { features } from "../../contract/names.ts";

/** A feature code: digits that do something when pressed during a call. */
export interface Code {
  /** Its name in features.conf: `blindxfer`, or an entry of the application map. */
  readonly feature: string;
  readonly code: string;
  /** The line that defines it, and its place. */
  readonly what: string;
  readonly builtIn: boolean;
  /** It is Asterisk's built-in default; no file sets it. */
  readonly silent: boolean;
}

/** DEFAULT_FEATUREMAP_... in main/features_config.c. The other features have no default code. */
const defaults = { blindxfer: "#", disconnect: "*" } as const;
const isGroup = (section: string) => !/^(?:general|featuremap|applicationmap|parkinglot_.*)$/i.test(section);
const ours: readonly string[] = Object.values(features);

/** The codes in features.conf and its includes, plus Asterisk's defaults for what is not set. */
export function codesOf(tree: readonly TreeLine[]): Code[] {
  const builtIn = new Map<string, Code>();
  for (const [feature, code] of Object.entries(defaults))
    builtIn.set(feature, { feature, code, what: `\`${feature}\`, by default ${code}`, builtIn: true, silent: true });
  // Asterisk uses the last line of a name.
  for (const line of entriesOf(tree, "featuremap")) {
    const feature = line.name.toLowerCase();
    const what = `\`${line.name} => ${line.value}\` (${placeOf(line)})`;
    builtIn.set(feature, { feature, code: line.value, what, builtIn: true, silent: false });
  }
  const dynamic = entriesOf(tree, "applicationmap").map((line) => dynamicCode(line, line.value.split(",")[0] ?? ""));
  // A group's entry without a value uses the code in the application map.
  const grouped = entries(tree)
    .filter(({ section }) => isGroup(section.name))
    .map((line) => dynamicCode(line, line.value));
  return [...builtIn.values(), ...dynamic, ...grouped].filter(({ code }) => code !== "");
}

function dynamicCode(line: TreeLine & { kind: "entry" }, code: string): Code {
  const what = `\`${line.name} => ${line.value}\` (${placeOf(line)})`;
  return { feature: line.name, code: code.trim(), what, builtIn: false, silent: false };
}

/** The titles in `features show` (main/features_config.c, handle_feature_show). */
const titles: Readonly<Record<string, string>> = {
  "Blind Transfer": "blindxfer",
  "Attended Transfer": "atxfer",
  "One Touch Monitor": "automon",
  "Disconnect Call": "disconnect",
  "Park Call": "parkcall",
  "One Touch MixMonitor": "automixmon",
};

/**
 * The codes of the running Asterisk, without ours. Some are in no file: they come from an #exec, from a database, or
 * were loaded before an edit.
 */
export function codesShown(shown: string): Code[] {
  return runningCodes(shown).filter(({ feature, builtIn }) => builtIn || !ours.includes(feature));
}

/** The key of one of our features in the running Asterisk. */
export function keyShown(name: string, shown: string): string | undefined {
  return runningCodes(shown).find(({ feature }) => feature === name)?.code;
}

/** Every code in the output of `features show`. */
function runningCodes(shown: string): Code[] {
  const running = (feature: string, code: string, builtIn: boolean, silent = false): Code[] => {
    const what = `\`${feature} => ${code}\` of the running Asterisk (\`features show\`)`;
    return code === "" ? [] : [{ feature, code, what, builtIn, silent }];
  };
  return shown.split("\n").flatMap((line) => {
    const feature = titles[line.slice(0, 25).trim()];
    // The columns are 25, 7 and 7 wide; the middle one may be empty.
    const current = line.slice(34).trim();
    if (feature !== undefined) return running(feature, current, true, current === line.slice(26, 33).trim());
    const [, name, key, grouped, override] = /^(\S+) +no def +(\S+)\s*$|^===> --> (\S+) \((\S+)\)/.exec(line) ?? [];
    const dynamic = name ?? grouped ?? "";
    return running(dynamic, key ?? override ?? "", false);
  });
}
