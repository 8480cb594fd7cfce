import type { TreeLine } from "../asterisk/tree.ts";
import { features } from "../settings/files.ts";
import { type Code, codesOf, codesShown } from "./codes.ts";
import { note, type Remark, refusal, warning } from "./remark.ts";

/** Our two keys, and whether the second is ever used: only who talks to a mobile has it. */
export interface Keys {
  readonly transfer_key: string;
  readonly return_key: string;
  readonly mobile_dial: string;
}

/** What is proposed instead of a key that is taken, the handiest first. */
const proposals = ["#", "##", "#7", "*7", "*2", "*5", "#5", "#9", "*9", "**", "*#", "#*", "#0"];

/**
 * What else the keys would do, or what would be done instead of them, on the files and in the running Asterisk
 * (`features show`; undefined when it is not asked). A channel looks for a code that begins with the digits so far and
 * takes it once it is whole (main/bridge_channel.c, ast_bridge_channel_feature_digit): of two codes one of which begins
 * the other, the longer is never reached, and of two equal ones that of DYNAMIC_FEATURES, which is ours, takes the place.
 */
export function keyRemarks(keys: Keys, tree: readonly TreeLine[], shown: string | undefined): Remark[] {
  const codes = allCodes(tree, shown);
  const { transfer_key: transfer, return_key: back, mobile_dial: mobile } = keys;
  const named = codes.filter(({ feature, builtIn }) => !builtIn && Object.values<string>(features).includes(feature));
  const remarks = named.map(({ feature, what }) =>
    refusal(
      `There is another feature called ${feature}: ${what}.`,
      "Rename or delete that one, then run this again: two of one name cannot be.",
    ),
  );
  for (const code of codes) remarks.push(...transferRemarks(transfer, code, back, codes));
  // It is on no channel before there are mobiles.
  if (mobile !== "") for (const code of codes) remarks.push(...returnRemarks(back, code, transfer, codes));
  if (mobile !== "" && related(transfer, back)) {
    const free = freeKey(codes, transfer) ?? "*7";
    remarks.push(
      refusal(
        `The keys ${transfer} (transfer_key) and ${back} (return_key) cannot both be reached: one begins the other.`,
        `Take another: --return-key '${free}'.`,
      ),
    );
  }
  return remarks;
}

const usualKey = "#";

/** The usual key or, where it is refused, the first free one, and why. */
export function proposedKey(
  others: Omit<Keys, "transfer_key">,
  tree: readonly TreeLine[],
  shown: string | undefined,
): { readonly key: string; readonly because?: string } {
  const refused = keyRemarks({ ...others, transfer_key: usualKey }, tree, shown).find(({ kind }) => kind === "refusal");
  const free = refused && freeKey(allCodes(tree, shown), others.return_key);
  return free === undefined ? { key: usualKey } : { key: free, because: refused?.says ?? "" };
}

/** A key that nothing else has, begins or is begun by. */
export function freeKey(codes: readonly Code[], other: string): string | undefined {
  const isFree = (key: string, taken: readonly Code[]) =>
    !related(key, other) && !taken.some(({ code }) => related(key, code));
  // Asterisk's own defaults are live only where Dial allows them: better none of them, but better one than no key.
  const written = codes.filter(({ silent }) => !silent);
  return proposals.find((key) => isFree(key, codes)) ?? proposals.find((key) => isFree(key, written));
}

export function allCodes(tree: readonly TreeLine[], shown: string | undefined): Code[] {
  const onFile = codesOf(tree);
  const isOnFile = (one: Code) => onFile.some(({ feature, code }) => feature === one.feature && code === one.code);
  return [...onFile, ...codesShown(shown ?? "").filter((one) => !one.silent && !isOnFile(one))];
}

function transferRemarks(key: string, { feature, code, what, builtIn, silent }: Code, back: string, codes: Code[]) {
  if (!related(key, code)) return [];
  const free = freeKey(codes, back);
  const another = `Take another with --key${free === undefined ? "" : `: '${free}' is free`}.`;
  if (sameKey(key, code)) {
    if (builtIn && feature === "blindxfer" && silent) return [];
    if (builtIn && feature === "blindxfer")
      return [note(`On the phones of the directory ${key} is this transfer from now on, in place of ${what}.`)];
    return silent ? [shadow(key, what, another)] : [refusal(`The key ${key} is taken: ${what}.`, another)];
  }
  if (begins(code, key)) {
    if (silent) return [shadow(key, what, another)];
    return [refusal(`The key ${key} would never be reached: ${what} begins it and is done at once.`, another)];
  }
  return [refusal(`The key ${key} begins that of ${what}, which could then never be reached.`, another)];
}

/** The caller's key, and only while he talks to a mobile: never as bad as a transferer's that does something else. */
function returnRemarks(key: string, { code, what, silent, builtIn }: Code, transfer: string, codes: Code[]): Remark[] {
  if (silent || !begins(code, key)) return [];
  const free = freeKey(codes, transfer);
  const another = `Take another with --return-key${free === undefined ? "" : `: '${free}' is free`}.`;
  const says = `The key ${key}, from a mobile back to the transferer, is not reached where ${what} is in force.`;
  return [builtIn ? warning(says, another) : refusal(says, another)];
}

function shadow(key: string, what: string, another: string): Remark {
  return warning(
    `The key ${key} is not reached on a channel that has Asterisk's ${what}, as an option of Dial gives it.`,
    `${another} Or set that code to another, or to nothing, in [featuremap] of features.conf.`,
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
