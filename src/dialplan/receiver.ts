import { now } from "./clock";
import { extensionOf, reach } from "./directory";
import { waitInLine } from "./line";
import { tryMobile } from "./mobile";
import { recall } from "./recall";
import { step } from "./record";
import { ring } from "./ring";
import { seconds } from "./settings";
import { begin, type Reason, type Transfer } from "./state";
import { isHisTurn, leaveTurn } from "./turn";

/** The caller, let go by the transferer, goes to the receiver; whatever becomes of it, somebody has him next. */
export function callReceiver(receiver: string): void {
  const transfer = begin(transfererByName(), receiver);
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
  const status = ring(receiver, "ring_timeout");
  const rangOut = now() - began >= seconds("ring_timeout") * 1000;
  if (!rangOut && isRefusal(status, channel.HANGUPCAUSE.get())) return "declined";
  // The phone itself says so: by its state it is free, so nothing can be seen there.
  if (status === "BUSY") return waitInLine(receiver);
  return status === "NOANSWER" ? "no answer" : "offline";
}

/** Refused by hand (SIP 603)? As Q.850 has it: call rejected; of the PJSIP of Asterisk 16, normal clearing. */
function isRefusal(status: string, cause: string | undefined): boolean {
  return cause === "21" || (cause === "16" && status === "NOANSWER");
}

/** Bridging erases BLINDTRANSFER, and the transferer's channel may be gone already: its name is all there is. */
export function transfererByName(): string {
  return extensionOf(channel.BLINDTRANSFER.get() ?? "") ?? "";
}
