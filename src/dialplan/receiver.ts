import { dial } from "./dial";
import { extensionOf, reach } from "./directory";
import { type Reason, recall } from "./recall";

/** What Dial's outcome means for the recall; an answered call does not come back from Dial. */
const reasons: Record<string, Reason> = { BUSY: "busy", NOANSWER: "no answer" };

/** The caller, let go by the transferer, goes to the receiver; whatever becomes of it, somebody has him next. */
export function callReceiver(receiver: string): void {
  autoservice_stop();
  // Bridging erases BLINDTRANSFER, and the transferer's channel may be gone already: his name is all there is.
  const transferer = extensionOf(channel.BLINDTRANSFER.get() ?? "") ?? "";
  recall(transferer, receiver, tryReceiver(receiver));
}

/** Rings the receiver. Comes back only when he was not reached, with the reason. */
function tryReceiver(receiver: string): Reason {
  if (reach(receiver) === "busy") return "busy";
  return reasons[dial(receiver, "ring_timeout")] ?? "offline";
}
