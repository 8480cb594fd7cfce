import { lookAgain } from "./config";
import { isExtension, reach } from "./directory";
import { stand } from "./line";
import { step } from "./record";
import { holdOn, ring } from "./ring";
import { count, prompt, seconds, setting } from "./settings";
import { callerName, countReturn, forgetRecall, type Reason, type Transfer } from "./state";
import { giveTicketBack, isHisTurn, takeTicket } from "./ticket";

/** The caller goes back to the transferer, then to the fallback; he never comes out of here in silence. */
export function recall(transfer: Transfer, reason: Reason): void {
  // Minutes may have passed: smart_transfer.conf is read anew.
  lookAgain();
  const { transferer, receiver } = transfer;
  const again = countReturn() > count("max_returns");
  app.Verbose(3, `smart-transfer: ${receiver} ${reason}, back to ${again ? "the fallback" : transferer}`);
  if (!again && reach(transferer) !== "offline") {
    app.Playback(prompt("returning"));
    showReason(`${receiver} ${reason}`);
    ringTransferer(transfer);
  }
  fallBack();
}

function showReason(why: string): void {
  const name = callerName();
  const who = name === "" ? (channel.CALLERID("num").get() ?? "") : name;
  channel.CALLERID("name").set(`${setting("recall_prefix")} ${why}: ${who}`);
  channel.__SMART_TRANSFER_ALERT.set("recall");
}

/** Seconds between two recalls that rang: until then the device state is that of the phone still ringing. */
const breath = 1;

/**
 * Rings the transferer, or waits in their line while they are busy, as often as recall_attempts allows. Spends no time on one
 * who has no phone to ring.
 */
function ringTransferer({ transferer }: Transfer): void {
  const attempts = count("recall_attempts");
  for (const attempt of $range(1, attempts)) {
    if (reach(transferer) === "offline") return;
    takeTicket(transferer);
    if (isExtension(transferer) && !isHisTurn(transferer)) {
      step("recall-line");
      stand(transferer);
      giveTicketBack();
    } else {
      step("recall");
      const result = ring(transferer);
      giveTicketBack();
      if (result === "offline") return;
      // Refused at once: time must pass before it is worth another try.
      if (attempt < attempts) holdOn(result === "no answer" ? breath : seconds("recall_timeout"));
    }
  }
}

function fallBack(): void {
  forgetRecall();
  const [extension, context] = string.match(setting("fallback"), "^([^@]+)@([^@]+)$");
  if (extension !== undefined && context !== undefined) {
    if (channel.DIALPLAN_EXISTS(context, extension, 1).get() === "1") {
      step("fallback");
      app.Goto(context, extension, 1);
    }
    app.Log("WARNING", `smart_transfer.conf: fallback ${extension}@${context} does not exist`);
  }
  step("goodbye");
  app.Playback(prompt("goodbye"));
  app.Hangup();
}
