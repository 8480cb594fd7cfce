import { contexts, features } from "../../contract/names";
import { buttonContext, cast, keyVariables, noExtension, type Scene, stageSuffix } from "../../contract/scenes";
import { letsWait } from "../asked";
import { now } from "../clock";
import { configured } from "../config";
import { readDigit } from "../digits";
import { device } from "../rehearsal/rehearsed";
import { enter, isTold, sceneOf, tell } from "../rehearsal/scene";
import { setting } from "../settings";

/** The role played on a channel of the rehearsal, by the last letter of its extension. */
const roles: Record<string, (scene: Scene, name: string) => void> = {
  t: transferersLine,
  k: transferer,
  x: transfererIsFree,
  c: caller,
  r: receiver,
  o: receiversOtherCall,
  m: mobilesOwner,
  b: transferersPhoneRingsAgain,
  d: callersLine,
  f: atFallback,
  n: atNoExtension,
  w: nobody,
};

export function act(name: string, role: string): void {
  enter(name);
  roles[role](sceneOf(name), name);
}

/**
 * Asterisk's own transfer key on these channels. Telephones do not have these keys, so no other code begins with them.
 */
const ownTransferKey = "DD";

/** The key that the parties send to prove that they are connected. It means nothing else. */
export function sound(): string {
  const taken = string.sub(setting("transfer_key"), 1, 1) + setting("return_key_line");
  return string.match("567", `[^${taken}]`)[0] ?? "5";
}

/** The transferer's channel inside the PBX, with the variables of a directory endpoint. */
function transferersLine({ to, byButton }: Scene, name: string): void {
  app.Answer();
  channel.CHANNEL("hangup_handler_push").set(`${contexts.rehearsal},${name}-x,1`);
  if (byButton) {
    channel.FEATUREMAP("blindxfer").set(ownTransferKey);
    channel.TRANSFER_CONTEXT.set(buttonContext);
  } else {
    channel.DYNAMIC_FEATURES.set(features.transfer);
    channel[keyVariables.stage].set(stageSuffix);
    channel[keyVariables.standIn].set(configured(to, "device") ?? "");
    channel[keyVariables.standInNode].set(configured(to, "node") ?? "");
  }
  const before = `b(${contexts.rehearsal}^${name}-d^1)`;
  app.Dial(`${device(name, "c")}/n`, patience / 1000, byButton ? `${before}T` : before);
}

/** The caller's channel before it dials. Its first leg decides whether calls are recorded (main/cdr.c). */
function callersLine(): void {
  app.Return();
}

/** The transferer, at the other end of that channel. */
function transferer({ to, byButton, busy }: Scene): void {
  const line = otherHalf();
  if (!waitFor(() => (channel.IMPORT(line, "BRIDGEPEER").get() ?? "") !== "")) return;
  const key = byButton ? ownTransferKey : setting("transfer_key");
  tell(`transferer presses ${key}`);
  press(key);
  if (!byButton && !waitFor(() => hearsDial(line))) return;
  tell(`transferer keys ${to}`);
  press(to);
  if (busy && setting("busy") === "ask" && waitFor(() => isTold("hears ask"))) {
    tell(`transferer keys ${letsWait}`);
    press(`${letsWait}#`);
  }
  // After a transfer this channel ends here. If nobody can be reached, the transferer stays and hears so.
  hearAndAnswer("transferer");
}

/**
 * Whether the dial prompt plays. Lua reports its own prompts; the one in extensions.conf sets a variable while it
 * plays.
 */
function hearsDial(line: string): boolean {
  if (isTold("hears dial")) return true;
  if ((channel.IMPORT(line, keyVariables.sound).get() ?? "") === "") return false;
  tell("hears dial");
  return true;
}

/** A hangup handler of the transferer's channel. */
function transfererIsFree(): void {
  tell("transferer is let go");
  app.Return();
}

/** The caller at the phone. */
function caller({ to, caller: decides, impatient, mobile }: Scene): void {
  app.Answer();
  if (to === cast.remote) {
    speakAcross();
    return;
  }
  if (impatient && waitFor(() => isTold("receiver's phone rings"))) {
    tell(`caller presses ${setting("return_key_line")}`);
    press(setting("return_key_line"));
  }
  if (decides !== undefined && setting("busy") !== "return" && waitFor(() => isTold("hears busy"))) {
    const key = setting("return_key_line");
    // Any other key ends the prompt.
    const pressed = decides === "goes back" ? key : key === "9" ? "8" : "9";
    tell(`caller presses ${pressed}`);
    press(pressed);
  }
  const until = now() + patience;
  while (!isTold("hears the caller") && now() < until) {
    press(sound());
    app.Wait(0.1);
  }
  // In Asterisk 16, Read on a channel that heard Dial's music logs a complaint (main/channel.c, ast_waitfordigit_full).
  const canListen = mobile !== true && decides !== "waits" && setting("hear") === "ringing";
  if (canListen && hears(2)) tell("caller hears the answer");
  tell("over");
}

/** Only what comes back tells that the other node has heard the caller. */
function speakAcross(): void {
  const until = now() + patience;
  let isHeard = false;
  while (!isHeard && now() < until) {
    press(sound());
    isHeard = hears(0.3);
  }
  if (isHeard) tell("caller hears the answer");
  tell("over");
}

function receiver({ silent }: Scene): void {
  tell("receiver's phone rings");
  app.Ringing();
  if (silent) {
    waitFor(() => isTold("over"));
  } else {
    app.Wait(0.2);
    app.Answer();
    tell("receiver answers");
    hearAndAnswer("receiver");
  }
}

/** Keeps the receiver busy while this channel exists. */
function receiversOtherCall({ caller: decides }: Scene): void {
  app.Answer();
  waitFor(() => isTold("over") || (decides === "waits" && isTold("waits in the line")));
  tell("receiver hangs up");
}

/** The far half of a channel that nobody listens to. It ends with the other half. */
function nobody(): void {
  waitFor(() => isTold("over"));
}

/** Answers the mobile and declines the call. */
function mobilesOwner(): void {
  // Report first, because declining ends this channel at once.
  tell("mobile answers");
  app.Answer();
  if (waitFor(() => isTold("hears accept"))) press("2");
}

/** Plays the transferer's phone during a recall. */
function transferersPhoneRingsAgain({ recall }: Scene): void {
  const [reason] = string.match(channel.CALLERID("name").get() ?? "", "^([^:]*)");
  tell(`transferer's phone rings: ${reason}`);
  if (recall === "refused") {
    tell("transferer refuses");
    app.Hangup();
  }
  app.Answer();
  tell("transferer answers");
  hearAndAnswer("transferer");
}

/** The fallback for callers whom nobody answered: the operator, or voicemail. */
function atFallback(): void {
  tell("fallback answers");
  hearAndAnswer("fallback");
}

/** The destination outside the directory: a queue, a conference, a parking lot. */
function atNoExtension(): void {
  tell(`${noExtension.number} answers`);
  hearAndAnswer(noExtension.number);
}

/** Waits until it hears the caller, and sends its own sound until the caller hears it. */
function hearAndAnswer(who: "receiver" | "transferer" | "fallback" | typeof noExtension.number): void {
  if (!hears(patience / 1000)) return;
  tell(`${who} hears the caller`);
  while (!isTold("over")) {
    press(sound());
    app.Wait(0.15);
  }
}

export function hears(seconds: number): boolean {
  return (readDigit(undefined, seconds) ?? "") !== "";
}

/** The length of a key and of the pause after it, in ms. */
const tone = 100;

export function press(keys: string): void {
  app.SendDTMF(keys, tone, tone);
}

/** The other half of this Local channel, inside the PBX, which hears what this half sends. */
function otherHalf(): string {
  const [name, half] = string.match(channel.CHANNEL("name").get() ?? "", "^(.*);([12])$");
  return `${name};${half === "1" ? 2 : 1}`;
}

/** The longest wait of an actor, in ms. */
export const patience = 9_000;

function waitFor(condition: () => boolean): boolean {
  const until = now() + patience;
  while (now() < until) {
    if (condition()) return true;
    app.Wait(0.03);
  }
  return false;
}
