import { dial } from "./dial";
import { extensionOf, reach } from "./directory";
import { type Reason, recall } from "./recall";

/** What Dial's outcome means for the recall; an answered call does not come back from Dial. */
const reasons: Record<string, Reason> = { BUSY: "busy", NOANSWER: "no answer" };

/** The caller, let go by the transferer, goes to the receiver; whatever becomes of it, somebody has him next. */
export function callReceiver(receiver: string): void {
  // Bridging erases BLINDTRANSFER, and the transferer's channel may be gone already: his name is all there is.
  const transferer = extensionOf(channel.BLINDTRANSFER.get() ?? "") ?? "";
  restoreName();
  recall(transferer, receiver, tryReceiver(receiver));
}

/** A recall that was answered has left its own name on the caller; whoever is rung next sees the caller's. */
function restoreName(): void {
  const name = channel.SMART_TRANSFER_CALLER.get();
  if (name === undefined) channel.SMART_TRANSFER_CALLER.set(channel.CALLERID("name").get() ?? "");
  else channel.CALLERID("name").set(name);
}

/** Rings the receiver. Comes back only when he was not reached, with the reason. */
function tryReceiver(receiver: string): Reason {
  if (reach(receiver) === "busy") return "busy";
  return reasons[dial(receiver, "ring_timeout")] ?? "offline";
}
