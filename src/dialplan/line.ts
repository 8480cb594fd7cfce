import type { Rung } from "../contract/causes";
import { waitAtHome } from "./across";
import { isRecall } from "./alert";
import { chosen } from "./choice";
import { now } from "./clock";
import { ask, keyWithin } from "./digits";
import { isOnDoNotDisturb } from "./directory";
import { isRemote } from "./nodes";
import { positionTeller } from "./position";
import { step } from "./record";
import { isRehearsal, tell } from "./rehearsal/scene";
import { music, ring } from "./ring";
import { numberSetting, prompt, setting } from "./settings";
import { mayRing, takeTicket } from "./ticket";
import { mailboxOf } from "./voicemail";

/** Seconds between checks whether it is the caller's turn. */
export const betweenTurnChecks = 0.5;

/**
 * Seconds before another try with a phone that did not ring although its device is free, for instance in
 * do-not-disturb.
 */
const beforeNextTry = 2;

/** Why a caller left a line without an answer. */
export type LeftLine = Rung | "back";

/**
 * The receiver is busy. The caller hears so, and waits in the receiver's line unless they press a key (choice.ts).
 *
 * @param isOver called during the prompt; it ends early if the phone becomes free for the caller
 */
export function waitInLine(receiver: string, isOver?: () => boolean): LeftLine {
  if (setting("busy") === "return") return "busy";
  step("line");
  if (chosen(ask(offer(receiver), 0, isOver)) === "back") return "back";
  return stayInLine(receiver);
}

/** What the caller hears of the keys that they have. */
function offer(receiver: string): string {
  const offered = prompt("busy");
  return mailboxOf(receiver) === undefined ? offered : `${offered}&${prompt("voicemail")}`;
}

/**
 * Keeps the caller in an extension's line for at most wait_timeout, with music, and checks repeatedly whether it is
 * their turn. They keep their place if the phone does not ring.
 */
export function stayInLine(extension: string): LeftLine {
  if (isRemote(extension)) return waitAtHome(extension);
  const position = positionTeller();
  takeTicket(extension);
  if (isRehearsal()) tell("waits in the line");
  const left = rungInTurn<"back">(extension, {
    heard: music(),
    begin: () => startMusic(),
    pass: (at, mayRingNow) => chosen(listen(position(at), mayRingNow)),
  });
  if (left === "busy") app.StopMusicOnHold();
  return left;
}

/** How a caller waits. */
interface Waiting<Left> {
  /** What they hear while the phone rings, as an option of Dial. */
  readonly heard: string;
  /** Called before they wait, and again after a phone has been tried in vain. */
  readonly begin: () => void;
  /** Passes some time. What it returns ends the wait. */
  readonly pass: (at: number, mayRingNow: () => boolean) => Left | undefined;
}

/** Rings an extension whenever it is the caller's turn, for at most wait_timeout. */
export function rungInTurn<Left>(extension: string, { heard, begin, pass }: Waiting<Left>): Rung | Left {
  const until = now() + numberSetting("wait_timeout") * 1000;
  // Whoever has sent the caller away gets them back.
  const mayRingNow = () => mayRing(extension) && (isRecall() || !isOnDoNotDisturb(extension));
  let nextTry = 0;
  begin();
  for (let at = now(); at < until; at = now()) {
    if (at >= nextTry && mayRingNow()) {
      const result = ring(extension, heard);
      if (result === "no answer" || result === "declined") return result;
      nextTry = now() + beforeNextTry * 1000;
      begin();
    }
    const left = pass(at, mayRingNow);
    if (left !== undefined) return left;
  }
  return "busy";
}

/** Reads one key while the caller hears sounds, or music until the next check. */
function listen(sounds: string, isOver: () => boolean): string | undefined {
  if (sounds === "") return keyWithin(betweenTurnChecks);
  const key = ask(sounds, 0, isOver);
  startMusic();
  return key;
}

function startMusic(): void {
  app.StartMusicOnHold(setting("music_class"));
}
