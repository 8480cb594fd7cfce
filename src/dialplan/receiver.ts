import { reach } from "./directory";
import { waitInLine } from "./line";
import { tryMobile } from "./mobile";
import { recall } from "./recall";
import { step } from "./record";
import { ring } from "./ring";
import { begin, type Reason, type Transfer } from "./state";
import { giveTicketBack, isHisTurn, takeTicket } from "./ticket";

/** The transferer has let the caller go, who goes to the receiver. */
export function callReceiver(receiver: string): void {
  pursue(begin(receiver));
}

/** Calls the receiver, and the transferer where that came to nothing: somebody has the caller next. */
export function pursue(transfer: Transfer): void {
  recall(transfer, descend(transfer));
}

/** Down the ladder: his desk or his line, his mobile. Comes back with the reason when nobody took the caller. */
function descend({ receiver }: Transfer): Reason {
  let reason = tryDesk(receiver);
  giveTicketBack();
  if (reason === "no answer" || reason === "offline") reason = tryMobile(receiver) ?? reason;
  return reason;
}

/** Rings the receiver, or lets the caller wait in the line. */
function tryDesk(receiver: string): Reason {
  takeTicket(receiver);
  if (!isHisTurn(receiver)) {
    return reach(receiver) === "offline" ? "offline" : waitInLine(receiver, () => isHisTurn(receiver));
  }
  step("desk");
  const result = ring(receiver);
  // The phone itself says so: by its state it is free, so nothing can be seen there.
  return result === "busy" ? waitInLine(receiver) : result;
}
