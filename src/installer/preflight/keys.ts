import type { TreeLine } from "../../asterisk/config-tree.ts";
import { features } from "../../contract/names.ts";
import { defaultSettings } from "../settings/model.ts";
import { type Code, codesOf, codesShown } from "./codes.ts";
import { type Finding, note, refusal, warning } from "./finding.ts";

/** Our two keys. Without `mobile_dial` the return key is never used: only callers who talk to a mobile have it. */
export interface Keys {
  readonly transfer_key: string;
  readonly return_key: string;
  readonly mobile_dial: string;
}

/** Replacements for a taken key, the handiest first. */
const proposals = ["#", "##", "#7", "*7", "*2", "*5", "#5", "#9", "*9", "**", "*#", "#*", "#0"];

/**
 * Reports conflicts between our keys and other feature codes, in the files and in the running Asterisk. Asterisk
 * collects digits while they begin some code, and runs a code once it is complete (main/bridge_channel.c,
 * ast_bridge_channel_feature_digit). So if one code begins another, the longer is never reached; of two equal codes,
 * the one in DYNAMIC_FEATURES, ours, wins.
 *
 * @param shown the output of `features show`; undefined if Asterisk is not asked
 */
export function keyFindings(keys: Keys, tree: readonly TreeLine[], shown: string | undefined): Finding[] {
  const codes = allCodes(tree, shown);
  const { transfer_key: transfer, return_key: back, mobile_dial: mobile } = keys;
  const named = codes.filter(({ feature, builtIn }) => !builtIn && Object.values<string>(features).includes(feature));
  const findings = named.map(({ feature, what }) =>
    refusal(
      `There is another feature called ${feature}: ${what}.`,
      "Rename or delete that one, then run this again: two features cannot have one name.",
    ),
  );
  for (const code of codes) findings.push(...transferFindings(transfer, code, back, codes));
  // The return key is on no channel until somebody has a mobile.
  if (mobile !== "") for (const code of codes) findings.push(...returnFindings(back, code, transfer, codes));
  if (mobile !== "" && related(transfer, back)) {
    const free = freeKey(codes, transfer) ?? "*7";
    findings.push(
      refusal(
        `The keys ${transfer} (transfer_key) and ${back} (return_key) cannot both work: one begins the other.`,
        `Take another: --return-key '${free}'.`,
      ),
    );
  }
  return findings;
}

const usualKey = defaultSettings.general.transfer_key;

/** Proposes the default key. If that is refused, proposes the first free one and says why. */
export function proposedKey(
  others: Omit<Keys, "transfer_key">,
  tree: readonly TreeLine[],
  shown: string | undefined,
): { readonly key: string; readonly because?: string } {
  const refused = keyFindings({ ...others, transfer_key: usualKey }, tree, shown).find(
    ({ kind }) => kind === "refusal",
  );
  const free = refused && freeKey(allCodes(tree, shown), others.return_key);
  return free === undefined ? { key: usualKey } : { key: free, because: refused?.says ?? "" };
}

/** Finds a key that neither equals, begins nor extends another code. */
export function freeKey(codes: readonly Code[], other: string): string | undefined {
  const isFree = (key: string, taken: readonly Code[]) =>
    !related(key, other) && !taken.some(({ code }) => related(key, code));
  // Asterisk's default codes work only where Dial allows them. So avoid them, but a default code is better than no key.
  const written = codes.filter(({ silent }) => !silent);
  return proposals.find((key) => isFree(key, codes)) ?? proposals.find((key) => isFree(key, written));
}

export function allCodes(tree: readonly TreeLine[], shown: string | undefined): Code[] {
  const onFile = codesOf(tree);
  const isOnFile = (one: Code) => onFile.some(({ feature, code }) => feature === one.feature && code === one.code);
  return [...onFile, ...codesShown(shown ?? "").filter((one) => !one.silent && !isOnFile(one))];
}

function transferFindings(key: string, { feature, code, what, builtIn, silent }: Code, back: string, codes: Code[]) {
  if (!related(key, code)) return [];
  const free = freeKey(codes, back);
  const another = `Take another with --key${free === undefined ? "" : `: '${free}' is free`}.`;
  if (sameKey(key, code)) {
    if (builtIn && feature === "blindxfer" && silent) return [];
    if (builtIn && feature === "blindxfer")
      return [note(`On the phones of the directory ${key} starts this transfer from now on, in place of ${what}.`)];
    return silent ? [shadow(key, what, another)] : [refusal(`The key ${key} is taken: ${what}.`, another)];
  }
  if (begins(code, key)) {
    if (silent) return [shadow(key, what, another)];
    return [refusal(`The key ${key} would never work: ${what} begins it and acts at once.`, another)];
  }
  return [refusal(`The key ${key} begins that of ${what}, which would then never work.`, another)];
}

/**
 * Only warns: this key is on the caller, and only while they talk to a mobile. A conflict does less harm than on a
 * transferer.
 */
function returnFindings(
  key: string,
  { code, what, silent, builtIn }: Code,
  transfer: string,
  codes: Code[],
): Finding[] {
  if (silent || !begins(code, key)) return [];
  const free = freeKey(codes, transfer);
  const another = `Take another with --return-key${free === undefined ? "" : `: '${free}' is free`}.`;
  const says = `The key ${key}, from a mobile back to the transferer, does not work on a channel that has ${what}.`;
  return [builtIn ? warning(says, another) : refusal(says, another)];
}

function shadow(key: string, what: string, another: string): Finding {
  return warning(
    `The key ${key} does not work on a channel to which an option of Dial gives Asterisk's ${what}.`,
    `${another} Or change or empty that code in [featuremap] of features.conf.`,
  );
}

function related(one: string, other: string): boolean {
  return begins(one, other) || begins(other, one);
}

function begins(shorter: string, longer: string): boolean {
  return longer.toLowerCase().startsWith(shorter.toLowerCase());
}

function sameKey(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
