import { contexts } from "../contract/names";
import { showReason } from "./alert";
import { forgetSettings } from "./config";
import { isExtension, reach } from "./directory";
import { fallBack } from "./fallback";
import { stayInLine } from "./line";
import { step } from "./record";
import { ring, waitAudibly } from "./ring";
import { numberSetting, prompt } from "./settings";
import { giveTicketBack, mayRing, takeTicket } from "./ticket";
import { countReturn, current, type Reason, type Transfer } from "./transfer";

/** Sends the caller back to the transferer, else to the fallback. Neither way leaves them in silence. */
export function recall(transfer: Transfer, reason: Reason): void {
  // Minutes may have passed: read smart_transfer.conf again.
  forgetSettings();
  const { transferer, receiver } = transfer;
  const again = countReturn() > numberSetting("max_returns");
  app.Verbose(3, `smart-transfer: ${receiver} ${reason}, back to ${again ? "the fallback" : transferer}`);
  if (!again && reach(transferer) !== "offline") {
    app.Playback(prompt("returning"));
    showReason(`${receiver} ${reason}`);
    // Leads to callTransferer(), through onTheWayBack() in back.ts. The caller must be at the transferer's extension:
    // Dial gives it to the phone, and Pickup finds the call by it (app_dial.c, app_directed_pickup.c).
    app.Goto(contexts.recall, transferer, 1);
  }
  fallBack();
}

/** The caller is at the transferer's extension, on the way back. */
export function callTransferer(): void {
  ringTransferer(current().transferer);
  giveTicketBack();
  fallBack();
}

/** Seconds between recalls that rang. Before that, the device state still says that the phone rings. */
const pauseAfterRinging = 1;

/**
 * Rings the transferer, or waits in their line while they are busy, up to recall_attempts times. Skips this if they
 * have no phone to ring. Ends early if the caller presses the return key.
 */
function ringTransferer(transferer: string): void {
  const attempts = numberSetting("recall_attempts");
  for (const attempt of $range(1, attempts)) {
    if (reach(transferer) === "offline") return;
    takeTicket(transferer);
    const mustWait = isExtension(transferer) && !mayRing(transferer);
    step(mustWait ? "recall-line" : "recall");
    const result = mustWait ? stayInLine(transferer) : ring(transferer);
    // Whoever has waited in vain waits on, and keeps their place.
    const waitsOn = mustWait && result === "busy";
    if (!waitsOn) giveTicketBack();
    if (result === "offline" || result === "back") return;
    // Declined at once: wait before the next try.
    if (attempt < attempts && !waitsOn) {
      const pause = result === "no answer" ? pauseAfterRinging : numberSetting("recall_timeout");
      if (waitAudibly(pause) === "back") return;
    }
  }
}
