import { contexts, plainContexts, takebackExtensions } from "../contract/names";
import type { Step } from "../contract/record";
import { forgetRecall } from "./alert";
import { isThere } from "./digits";
import { dialKeys, extensionOf, mayTransfer } from "./directory";
import { recall } from "./recall";
import { endStep, noteAnswer, step } from "./record";
import { takeReturnKey } from "./return-key";
import { sentBy } from "./sent";
import { prompt } from "./settings";
import { giveTicketBack } from "./ticket";
import { current } from "./transfer";

/** A variable of the caller's channel: the channel of the transferer who takes them back. */
const taker = "SMART_TRANSFER_TAKER";

/**
 * Runs for a transferer who dialled takeback_code, and for a caller whom they take back. The transferer hears a prompt if
 * there is nobody.
 */
export function takeBack(extension: string): void {
  if (extension === takebackExtensions.dialled) takeNewest();
  else if (extension !== takebackExtensions.tookNobody) goBackTo(extension);
  app.Playback(prompt("takeback"));
  app.Hangup();
}

/**
 * Takes the newest of the transferer's callers for whom nobody has answered. The caller's channel leaves what it is
 * doing, which ends the call of a phone that rings for them, and connects itself with this one. This one waits in
 * extensions.conf, because Bridge moves it to another channel (main/bridge.c, ast_bridge_add_channel): it must not run Lua
 * meanwhile.
 */
function takeNewest(): void {
  app.Answer();
  const own = channel.CHANNEL("name").get() ?? "";
  const transferer = extensionOf(own);
  if (transferer === undefined || !mayTransfer(own)) return;
  for (const caller of sentBy(transferer)) {
    if (isOnTheWay(caller, transferer)) {
      channel.SHARED(taker, caller).set(own);
      app.ChannelRedirect(caller, contexts.takeback, transferer, 1);
      app.Goto(plainContexts.taking, "s", 1);
    }
  }
}

/** The steps at which a caller has arrived, though no phone of ours has answered. */
const arrived: Partial<Record<Step, true>> = { voicemail: true, fallback: true };

/** Whether a caller was sent on by this transferer, and nobody has answered. */
function isOnTheWay(caller: string, transferer: string): boolean {
  if (channel.IMPORT(caller, "SMART_TRANSFER_FROM").get() !== transferer) return false;
  if ((channel.IMPORT(caller, "SMART_TRANSFER_TO").get() ?? "") === "") return false;
  if (arrived[(channel.IMPORT(caller, "SMART_TRANSFER_STEP").get() ?? "") as Step]) return false;
  // These last: the caller may hang up, or a phone may be answered, at this moment.
  return isThere(caller) && (channel.IMPORT(caller, "SHARED(SMART_TRANSFER_ANSWERED)").get() ?? "") === "";
}

/** Connects this caller with the transferer. If they have hung up meanwhile, the caller goes on as by the return key. */
function goBackTo(transferer: string): void {
  app.StopMusicOnHold();
  app.StopPlaytones();
  giveTicketBack();
  forgetRecall();
  takeReturnKey();
  step("takeback");
  noteAnswer();
  app.Bridge(channel.SHARED(taker).get() ?? "", `x${dialKeys(transferer)}`);
  if (channel.BRIDGERESULT.get() === "SUCCESS") app.Hangup();
  endStep();
  recall(current(), "back");
}
