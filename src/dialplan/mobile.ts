import { contexts, features } from "../contract/names";
import { now } from "./clock";
import { ask, isThere } from "./digits";
import { noteAnswer, step } from "./record";
import { dial, music } from "./ring";
import { extensionSetting, numberSetting, prompt, setting } from "./settings";
import type { Reason } from "./transfer";

/** The key that accepts a call on the mobile, and the seconds to press it. */
const accepts = "1";
const timeToAccept = 5;

/** Calls the receiver's mobile. Returns only if nobody accepted the call; `undefined` if they have no mobile. */
export function tryMobile(receiver: string): Reason | undefined {
  const number = extensionSetting(receiver, "mobile");
  const template = setting("mobile_dial");
  if (number === "" || template === "") return undefined;
  step("mobile");
  const [devices] = string.gsub(template, "[$]{NUMBER}", number);
  const before = channel.DYNAMIC_FEATURES.get() ?? "";
  // The return key, for the caller and for this call only.
  channel.DYNAMIC_FEATURES.set(before === "" ? features.return : `${before}#${features.return}`);
  channel._SMART_TRANSFER_DIALLED.set(string.format("%.0f", now()));
  dial(devices, numberSetting("ring_timeout"), `${music()}U(${contexts.accept}^s^1)`);
  channel.DYNAMIC_FEATURES.set(before);
  return "mobile";
}

/**
 * Runs on the mobile's channel when it answers, while the caller still hears music. Asks whether a person is there and
 * accepts the call.
 */
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
 * Whether the caller hung up. Their channel remains until this one has decided (app_dial.c), and only knows that it
 * should end.
 */
function callerIsGone(): boolean {
  return !isThere(channel.SMART_TRANSFER_WAITER.get() ?? "");
}

/** Whether a voicemail must have answered: no person is as fast. */
function tooSoon(): boolean {
  const dialled = tonumber(channel.SMART_TRANSFER_DIALLED.get() ?? "") ?? 0;
  return now() - dialled < numberSetting("mobile_too_soon") * 1000;
}
