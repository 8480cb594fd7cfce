import { contexts, features } from "../contract/names";
import { now } from "./clock";
import { ask, isThere } from "./digits";
import { noteAnswer, step } from "./record";
import { dial, music } from "./ring";
import { extensionSetting, prompt, seconds, setting } from "./settings";
import type { Reason } from "./state";

/** What whoever answers the mobile presses to take the call, and how many seconds he has for it. */
const accepts = "1";
const timeToAccept = 5;

/** The receiver's mobile. Comes back only when nobody took the call there; `undefined` when he has none. */
export function tryMobile(receiver: string): Reason | undefined {
  const number = extensionSetting(receiver, "mobile");
  const template = setting("mobile_dial");
  if (number === "" || template === "") return undefined;
  step("mobile");
  const [devices] = string.gsub(template, "[$]{NUMBER}", number);
  const before = channel.DYNAMIC_FEATURES.get() ?? "";
  // The way back, for the caller and for this leg only.
  channel.DYNAMIC_FEATURES.set(before === "" ? features.return : `${before}#${features.return}`);
  channel._SMART_TRANSFER_DIALLED.set(string.format("%.0f", now()));
  dial(devices, seconds("ring_timeout"), `${music()}U(${contexts.accept}^s^1)`);
  channel.DYNAMIC_FEATURES.set(before);
  return "mobile";
}

/** On the mobile's leg as it answers, while the caller still hears music: is it a person, and does he want the call? */
export function mobileAnswers(): void {
  const taken = setting("mobile_confirm") === "yes" ? confirms() : !tooSoon();
  // Refused: Dial goes on as if nobody had answered. (CONTINUE would hang up, app_dial.c.)
  if (taken) noteAnswer();
  else channel.GOSUB_RESULT.set("CONGESTION");
  app.Return();
}

function confirms(): boolean {
  const [digits] = string.match(channel.CONNECTEDLINE("num").get() ?? "", "^%+?(%d+)$");
  let sounds = prompt("accept");
  // Who is calling, digit by digit; what is no number is not said.
  for (const [digit] of string.gmatch(digits ?? "", "%d")) sounds += `&digits/${digit}`;
  return ask(sounds, timeToAccept, callerIsGone) === accepts;
}

/** Who has hung up keeps his channel until this leg has decided (app_dial.c): it only knows that it is to end. */
function callerIsGone(): boolean {
  return !isThere(channel.SMART_TRANSFER_WAITER.get() ?? "");
}

/** No person answers as fast as a voicemail does. */
function tooSoon(): boolean {
  const dialled = tonumber(channel.SMART_TRANSFER_DIALLED.get() ?? "") ?? 0;
  return now() - dialled < seconds("mobile_too_soon") * 1000;
}
