import { index } from "../contract/names";
import { indexed } from "./config";
import { prompt } from "./settings";
import { callersBefore } from "./ticket";

/** Milliseconds until a caller hears their position again, and until they hear that they moved up. */
const again = 30_000;
const movedUp = 15_000;

/** The core sounds have one recording for each number up to this one. */
const highest = 20;

/**
 * Creates a function that returns what to announce at a time, in milliseconds since 1970, about the position; mostly
 * nothing. The first caller never hears it, so that no announcement delays them when a phone becomes free.
 */
export function positionTeller(): (at: number) => string {
  let told = 0;
  let since = 0;
  return (at) => {
    const waited = at - since;
    if (waited < movedUp) return "";
    const position = callersBefore() + 1;
    if (position === 1) since = at;
    if (position === 1 || (position === told && waited < again)) return "";
    const number = soundOfNumber(position);
    if (number === "") return "";
    told = position;
    since = at;
    return `${prompt("position")}&${number}`;
  };
}

/** The sound that says a number of callers; empty for none, or if Asterisk has no sound for it. */
export function soundOfNumber(number: number): string {
  return number >= 1 && number <= highest && hasSounds() ? `digits/${number}` : "";
}

/** Whether Asterisk has the core sounds in the caller's language or in its fallback (main/file.c). */
function hasSounds(): boolean {
  const language = channel.CHANNEL("language").get() ?? "";
  const [base] = string.match(language, "^[^_]*");
  return hasSoundsIn(language) || hasSoundsIn(base ?? "") || hasSoundsIn("en");
}

function hasSoundsIn(language: string): boolean {
  return language !== "" && indexed(index.spoken, language) !== undefined;
}
