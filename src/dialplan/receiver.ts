import { now } from "./clock";
import { reach } from "./directory";
import { waitInLine } from "./line";
import { tryMobile } from "./mobile";
import { recall } from "./recall";
import { step } from "./record";
import { isRefused, phonesThatTold } from "./refused";
import { ring } from "./ring";
import { seconds } from "./settings";
import { begin, type Reason, type Transfer } from "./state";
import { isHisTurn, leaveTurn } from "./turn";

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
  leaveTurn();
  if (reason === "no answer" || reason === "offline") reason = tryMobile(receiver) ?? reason;
  return reason;
}

/** Rings him, or lets the caller wait in his line. */
function tryDesk(receiver: string): Reason {
  if (!isHisTurn(receiver)) {
    return reach(receiver) === "offline" ? "offline" : waitInLine(receiver, () => isHisTurn(receiver));
  }
  step("desk");
  const began = now();
  const before = phonesThatTold();
  const status = ring(receiver, "ring_timeout");
  const rangOut = now() - began >= seconds("ring_timeout") * 1000;
  if (!rangOut && isRefused(before)) return "declined";
  // The phone itself says so: by its state it is free, so nothing can be seen there.
  if (status === "BUSY") return waitInLine(receiver);
  return status === "NOANSWER" ? "no answer" : "offline";
}
