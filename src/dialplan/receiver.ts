import { isOnDoNotDisturb, reach } from "./directory";
import { waitInLine } from "./line";
import { tryMobile } from "./mobile";
import { recall } from "./recall";
import { step } from "./record";
import { ring } from "./ring";
import { setting } from "./settings";
import { giveTicketBack, mayRing, takeTicket } from "./ticket";
import { beginTransfer, type Reason, type Transfer } from "./transfer";
import { leaveMessage } from "./voicemail";

/** The transferer has released the caller, who goes to the receiver. */
export function callReceiver(receiver: string): void {
  deliver(beginTransfer(receiver));
}

/**
 * Calls the receiver, then their voicemail or the transferer if nobody answered. Somebody always gets the caller. The code ends where
 * somebody answers: Dial does not come back from an answered call.
 */
export function deliver(transfer: Transfer): void {
  const reason = tryReceiver(transfer);
  const isUnanswered = reason === "no answer" || reason === "mobile";
  if (isUnanswered && setting("no_answer") === "voicemail") leaveMessage();
  recall(transfer, reason);
}

/** Tries the receiver's desk or line, then their mobile. Returns why nobody answered. */
function tryReceiver({ receiver }: Transfer): Reason {
  let reason = tryDesk(receiver);
  giveTicketBack();
  const isAway = reason === "no answer" || reason === "offline";
  if (isAway && !isOnDoNotDisturb(receiver)) reason = tryMobile(receiver) ?? reason;
  return reason;
}

/** Rings the receiver, or lets the caller wait in the line. */
function tryDesk(receiver: string): Reason {
  takeTicket(receiver);
  if (!mayRing(receiver)) {
    return reach(receiver) === "offline" ? "offline" : waitInLine(receiver, () => mayRing(receiver));
  }
  step("desk");
  const result = ring(receiver);
  // The phone itself says that it is busy. Its device state is free and would show nothing.
  return result === "busy" ? waitInLine(receiver) : result;
}
