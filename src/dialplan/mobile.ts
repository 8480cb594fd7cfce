import { contexts } from "../contract/names";
import { keysWhileRinging } from "./choice";
import { now } from "./clock";
import { ask, isThere } from "./digits";
import { hasMobile, mobileOf, noteUnaccepted } from "./mobile-way";
import { noteAnswer, step } from "./record";
import { isRehearsal } from "./rehearsal/scene";
import { giveReturnKey, takeReturnKey } from "./return-key";
import { dial, music } from "./ring";
import { numberSetting, prompt, setting } from "./settings";
import type { Reason } from "./transfer";

/** The key that accepts a call on the mobile, and the seconds to press it. */
const accepts = "1";
const timeToAccept = 5;

/** Longer than any mobile rings and any prompt lasts: the far end hangs up by itself. In seconds. */
const longest = 3600;

/**
 * Calls the receiver's mobile. Returns only if nobody accepted the call; `undefined` if they have no mobile. The mobile
 * is called by the far end of a Local channel, which answers only when somebody accepted: until then the caller hears
 * music and can press the return key. A Gosub of their own Dial would drop it (main/app.c, ast_app_exec_sub).
 */
export function tryMobile(receiver: string): Reason | undefined {
  if (!hasMobile(receiver)) return undefined;
  step("mobile");
  giveReturnKey();
  dial(`Local/${receiver}@${contexts.mobile}`, longest, music(), keysWhileRinging(false));
  takeReturnKey();
  noteUnaccepted(receiver);
  return "mobile";
}

/** Runs on the far end of the Local channel. */
export function callMobile(receiver: string): void {
  // Called for its side effect: no channel of a rehearsal leaves a CDR (rehearsal/scene.ts).
  isRehearsal();
  channel._SMART_TRANSFER_CALLED_BY.set(channel.CHANNEL("name").get() ?? "");
  channel._SMART_TRANSFER_DIALLED.set(string.format("%.0f", now()));
  app.Dial(mobileOf(receiver) ?? "", numberSetting("ring_timeout"), `iU(${contexts.accept}^s^1)`);
}

/** Runs on the mobile's channel when it answers. Asks whether a person is there and accepts the call. */
export function mobileAnswers(): void {
  const taken = setting("mobile_confirm") === "yes" ? confirms() : !tooSoon();
  // If refused, Dial continues as if nobody had answered. (GOSUB_RESULT=CONTINUE would hang up, app_dial.c.)
  if (taken) noteAnswer();
  else channel.GOSUB_RESULT.set("CONGESTION");
  app.Return();
}

function confirms(): boolean {
  const [digits] = string.match(channel.CONNECTEDLINE("num").get() ?? "", "^%+?(%d+)$");
  let sounds = prompt("accept");
  // Announces the caller's number digit by digit, if it is a number.
  for (const [digit] of string.gmatch(digits ?? "", "%d")) sounds += `&digits/${digit}`;
  return ask(sounds, timeToAccept, callerIsGone) === accepts;
}

/**
 * Whether the caller hung up or went back. The channel that called this one remains until this one has decided
 * (app_dial.c), and only knows that it should end.
 */
function callerIsGone(): boolean {
  return !isThere(channel.SMART_TRANSFER_CALLED_BY.get() ?? "");
}

/** Whether a voicemail must have answered: no person is as fast. */
function tooSoon(): boolean {
  const dialled = tonumber(channel.SMART_TRANSFER_DIALLED.get() ?? "") ?? 0;
  return now() - dialled < numberSetting("mobile_too_soon") * 1000;
}
