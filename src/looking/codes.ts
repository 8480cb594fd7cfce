import { entries, entriesOf, placeOf, type TreeLine } from "../asterisk/tree.ts";
import { features } from "../settings/files.ts";

/** A code that does something when it is pressed in a call. */
export interface Code {
  /** As features.conf calls it: `blindxfer`, or the name of an application map's entry. */
  readonly feature: string;
  readonly code: string;
  /** The line as one would write it, and where it stands. */
  readonly what: string;
  readonly builtIn: boolean;
  /** Nobody wrote it: it is Asterisk's own default. */
  readonly silent: boolean;
}

/** main/features_config.c, DEFAULT_FEATUREMAP_...; the others have none. */
const defaults = { blindxfer: "#", disconnect: "*" } as const;
const isGroup = (section: string) => !/^(?:general|featuremap|applicationmap|parkinglot_.*)$/i.test(section);
const ours: readonly string[] = Object.values(features);

/** The codes in features.conf and what it includes, Asterisk's defaults where it is silent. */
export function codesOf(tree: readonly TreeLine[]): Code[] {
  const builtIn = new Map<string, Code>();
  for (const [feature, code] of Object.entries(defaults))
    builtIn.set(feature, { feature, code, what: `\`${feature}\`, by default ${code}`, builtIn: true, silent: true });
  // The last one counts.
  for (const line of entriesOf(tree, "featuremap")) {
    const feature = line.name.toLowerCase();
    const what = `\`${line.name} => ${line.value}\` (${placeOf(line)})`;
    builtIn.set(feature, { feature, code: line.value, what, builtIn: true, silent: false });
  }
  const dynamic = entriesOf(tree, "applicationmap").map((line) => dynamicCode(line, line.value.split(",")[0] ?? ""));
  // An entry without a value has the code of the application map.
  const grouped = entries(tree)
    .filter(({ section }) => isGroup(section.name))
    .map((line) => dynamicCode(line, line.value));
  return [...builtIn.values(), ...dynamic, ...grouped].filter(({ code }) => code !== "");
}

function dynamicCode(line: TreeLine & { kind: "entry" }, code: string): Code {
  const what = `\`${line.name} => ${line.value}\` (${placeOf(line)})`;
  return { feature: line.name, code: code.trim(), what, builtIn: false, silent: false };
}

/** Titles in `features show` (main/features_config.c, handle_feature_show). */
const titles: Readonly<Record<string, string>> = {
  "Blind Transfer": "blindxfer",
  "Attended Transfer": "atxfer",
  "One Touch Monitor": "automon",
  "Disconnect Call": "disconnect",
  "Park Call": "parkcall",
  "One Touch MixMonitor": "automixmon",
};

/**
 * The codes that the running Asterisk has, but for ours. What its files do not say may come from an #exec, from a database,
 * or from before an edit that was never loaded.
 */
export function codesShown(shown: string): Code[] {
  const running = (feature: string, code: string, builtIn: boolean, silent = false): Code[] => {
    const what = `\`${feature} => ${code}\` of the running Asterisk (\`features show\`)`;
    return code === "" ? [] : [{ feature, code, what, builtIn, silent }];
  };
  return shown.split("\n").flatMap((line) => {
    const feature = titles[line.slice(0, 25).trim()];
    // Three columns of 25, 7 and 7; the middle one may be empty.
    const current = line.slice(34).trim();
    if (feature !== undefined) return running(feature, current, true, current === line.slice(26, 33).trim());
    const [, name, key, grouped, override] = /^(\S+) +no def +(\S+)\s*$|^===> --> (\S+) \((\S+)\)/.exec(line) ?? [];
    const dynamic = name ?? grouped ?? "";
    return ours.includes(dynamic) ? [] : running(dynamic, key ?? override ?? "", false);
  });
}
