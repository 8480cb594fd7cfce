import { setting, split } from "./settings";

/** The keys that each wildcard of an Asterisk pattern stands for (main/pbx.c). */
const letters: Record<string, string> = { X: "[0-9]", Z: "[1-9]", N: "[2-9]" };

type Match = "whole" | "part" | "none";

/** The context to which these digits are sent without a check: a queue, a conference, a parking lot. */
export function passThrough(digits: string): string | undefined {
  for (const entry of split(setting("pass_through"), ",")) {
    const [pattern, context] = string.match(entry, "^([^@]+)@(.+)$");
    if (pattern !== undefined && match(pattern, digits) === "whole") return context;
  }
  return undefined;
}

/** Whether more digits could lead to such a context. */
export function mayPassThrough(digits: string): boolean {
  for (const entry of split(setting("pass_through"), ",")) {
    const [pattern] = string.match(entry, "^([^@]+)@");
    if (pattern !== undefined && match(pattern, digits) === "part") return true;
  }
  return false;
}

/** Matches digits with a pattern: literal keys, X, Z, N and [1-3]; a final `.` means one or more further keys. */
function match(pattern: string, digits: string): Match {
  let rest = pattern;
  for (const [digit] of string.gmatch(digits, ".")) {
    if (rest === ".") return "whole";
    const [set, after] = firstOf(rest);
    if (set === "" || string.match(digit, `^${set}$`)[0] === undefined) return "none";
    rest = after;
  }
  return rest === "" ? "whole" : "part";
}

/** Splits off the first element of a pattern, as a Lua pattern for one key. Both parts are empty at the end. */
function firstOf(pattern: string): LuaMultiReturn<[string, string]> {
  const [set, behind] = string.match(pattern, "^(%[[0-9*#-]+%])(.*)$");
  if (set !== undefined && behind !== undefined) return $multi(set, behind);
  const letter = string.sub(pattern, 1, 1);
  if (string.match(letter, "^[0-9*#]$")[0] !== undefined) return $multi(`[${letter}]`, string.sub(pattern, 2));
  return $multi(letters[letter] ?? "", string.sub(pattern, 2));
}
