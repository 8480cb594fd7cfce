import { index, positionSounds } from "../contract/names";
import { now } from "./clock";
import { indexed } from "./config";
import { callersBefore } from "./ticket";

/** Milliseconds before a caller is told their position again, and before they are told that they moved up. */
const again = 30_000;
const movedUp = 15_000;

/** The core sounds have numbers up to here as one recording each. */
const highest = 20;

/**
 * Tells, each time it is asked, what a caller in a line is to hear now of their position: mostly nothing. Whoever is first
 * hears nothing of it, so that no announcement comes between them and a phone that becomes free.
 */
export function positionTeller(): () => string {
  let told = 0;
  let since = 0;
  return () => {
    const waited = now() - since;
    if (waited < movedUp) return "";
    const position = callersBefore() + 1;
    if (position === 1 || position > highest) return "";
    if ((position === told && waited < again) || !hasSounds()) return "";
    told = position;
    since = now();
    return `${positionSounds.before}&digits/${position}&${positionSounds.behind}`;
  };
}

/** Does Asterisk have the core sounds in the caller's language, or in the one that it falls back to (main/file.c)? */
function hasSounds(): boolean {
  const language = channel.CHANNEL("language").get() ?? "";
  const [base] = string.match(language, "^[^_]*");
  return hasSoundsIn(language) || hasSoundsIn(base ?? "") || hasSoundsIn("en");
}

function hasSoundsIn(language: string): boolean {
  return language !== "" && indexed(index.spoken, language) !== undefined;
}
