import { entriesOf, placeOf, type TreeLine } from "../../asterisk/config-tree.ts";
import { features } from "../../contract/names.ts";
import { brokenLines } from "./broken-lines.ts";
import { type Finding, refusal } from "./finding.ts";

/** The options that the running Asterisk knows, by section of features.conf. */
export interface KnownOptions {
  readonly general: ReadonlySet<string>;
  readonly featuremap: ReadonlySet<string>;
}

/** The options of every version from 16 to 22, if Asterisk cannot be asked. */
const everKnown: KnownOptions = {
  general: new Set([
    "featuredigittimeout",
    "courtesytone",
    "recordingfailsound",
    "transferdigittimeout",
    "atxfernoanswertimeout",
    "atxferdropcall",
    "atxferloopdelay",
    "atxfercallbackretries",
    "xfersound",
    "xferfailsound",
    "atxferabort",
    "atxfercomplete",
    "atxferthreeway",
    "atxferswap",
    "pickupexten",
    "pickupsound",
    "pickupfailsound",
    "transferdialattempts",
    "transferretrysound",
    "transferinvalidsound",
    "transferannouncesound",
  ]),
  featuremap: new Set(["blindxfer", "disconnect", "automon", "atxfer", "parkcall", "automixmon"]),
};

/**
 * Parking options that older versions had in features.conf. Asterisk ignores them with a warning (unsupported_handler).
 */
const passedOver = new Set([
  "context",
  "parkext",
  "parkext_exclusive",
  "parkinghints",
  "parkedmusicclass",
  "parkingtime",
  "parkpos",
  "findslot",
  "parkedcalltransfers",
  "parkedcallreparking",
  "parkedcallhangup",
  "parkedcallrecording",
  "comebackcontext",
  "comebacktoorigin",
  "comebackdialtime",
  "parkeddynamic",
  "adsipark",
]);

const numbers = new Set([
  "featuredigittimeout",
  "transferdigittimeout",
  "atxfernoanswertimeout",
  "atxferloopdelay",
  "atxfercallbackretries",
  "transferdialattempts",
]);

/** Parses lines such as `atxferdropcall            -- Hang up the call entirely if ...`, with or without colours. */
export function optionsIn(help: string): Set<string> {
  const from = help.indexOf("Config Options");
  return new Set(
    [...help.slice(Math.max(from, 0)).matchAll(/^(\w+) +--/gm)].map(([, name = ""]) => name.toLowerCase()),
  );
}

/**
 * Refuses every line that makes Asterisk reject all of features.conf: at a reload it keeps the old configuration, at
 * the next start it uses only defaults, without our key (main/config_options.c, main/features_config.c).
 */
export function featuresConfFindings(tree: readonly TreeLine[], known: KnownOptions = everKnown): Finding[] {
  return [
    ...brokenLines(tree).map(({ line, why }) => rejects(line, why)),
    ...unknownOptions(tree, known),
    ...brokenEntries(tree),
    ...emptyReferences(tree),
  ];
}

function unknownOptions(tree: readonly TreeLine[], known: KnownOptions): Finding[] {
  const check = (section: keyof KnownOptions, isFine: (name: string) => boolean) =>
    entriesOf(tree, section)
      .filter(({ name }) => !isFine(name.toLowerCase()))
      .map((line) => rejects(line, `this Asterisk does not know \`${line.name}\` in [${section}]`));
  return [
    ...check("general", (name) => known.general.has(name) || passedOver.has(name)),
    ...check("featuremap", (name) => known.featuremap.has(name)),
    ...entriesOf(tree, "general")
      .filter(({ name, value }) => numbers.has(name.toLowerCase()) && !/^[-+]?\d/.test(value))
      .map((line) => rejects(line, `\`${line.name}\` must be a number`)),
  ];
}

/** Entries that applicationmap_handler() rejects. */
function brokenEntries(tree: readonly TreeLine[]): Finding[] {
  return entriesOf(tree, "applicationmap").flatMap((line) => {
    const [code = "", side = "", app = ""] = line.value.split(",").map((part) => part.trim());
    if (code === "" || side === "" || app.split("(")[0] === "")
      return [rejects(line, `\`${line.name}\` lacks its key, its side or its application`)];
    const isSide = /^(?:self|peer|caller|callee)$/i.test(side.split("/")[0] ?? "");
    return isSide ? [] : [rejects(line, `\`${line.name}\`: "${side}" is neither self nor peer`)];
  });
}

/** Every entry of a feature group must be in the application map (check_featuregroup). */
function emptyReferences(tree: readonly TreeLine[]): Finding[] {
  const names = entriesOf(tree, "applicationmap").map(({ name }) => name);
  const entries = new Set([...names, ...Object.values(features)].map((name) => name.toLowerCase()));
  return tree.flatMap((line) => {
    if (line.kind !== "entry" || line.section === undefined || line.section.template) return [];
    if (/^(?:general|featuremap|applicationmap|parkinglot_.*)$/i.test(line.section.name)) return [];
    if (entries.has(line.name.toLowerCase())) return [];
    return [rejects(line, `[${line.section.name}] is a group of features, and none is called \`${line.name}\``)];
  });
}

function rejects(line: TreeLine, why: string): Finding {
  return refusal(
    `${placeOf(line)}: ${why}. Because of this one line Asterisk will ignore all of features.conf when it starts.`,
    "Correct or delete that line, run `asterisk -rx 'module reload features'`, then run this again.",
  );
}
