import { features } from "../contract/names";

/** Gives the caller the key that takes them from a mobile back to the transferer. */
export function giveReturnKey(): void {
  const before = channel.DYNAMIC_FEATURES.get() ?? "";
  channel.DYNAMIC_FEATURES.set(before === "" ? features.return : `${before}#${features.return}`);
}

/** Takes the key away, if the caller has it: with anybody but the mobile it would end their call. */
export function takeReturnKey(): void {
  const before = channel.DYNAMIC_FEATURES.get() ?? "";
  const [left, given] = string.gsub(before, `#?${string.gsub(features.return, "%-", "%%-")[0]}$`, "");
  if (given > 0) channel.DYNAMIC_FEATURES.set(left);
}
