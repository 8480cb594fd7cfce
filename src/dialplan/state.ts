/**
 * What is known of a transfer, kept in variables of the caller's channel: he comes by in several contexts (the line's exit,
 * the way back from a mobile), each a handler of its own.
 */
import { extensionOf, phoneOf } from "./directory";
import { noteTransferer } from "./noted";
import { record, takenFor, watchForTheEnd } from "./record";
import { giveTicketBack } from "./ticket";

export interface Transfer {
  /** The transferer's extension; the phone of one who is not of the directory; empty when neither is known. */
  readonly transferer: string;
  readonly receiver: string;
}

/** Why the caller comes back, as the transferer's phone shows it. */
export type Reason = "busy" | "no answer" | "offline" | "mobile" | "back" | "declined";

/** Seconds that a person keeps a caller at least. A machine that answers and transfers by itself is faster. */
const personKeeps = 2;

/** Begins a transfer on the caller's channel, and ends the one before. */
export function begin(receiver: string): Transfer {
  // Bridging erases BLINDTRANSFER, and the transferer's channel may be gone already: its name is all there is.
  const by = channel.BLINDTRANSFER.get() ?? "";
  const phone = phoneOf(by) ?? "";
  const transferer = extensionOf(by) ?? phone;
  if (takenFor() >= personKeeps) channel.SMART_TRANSFER_RETURNS.set("");
  record();
  giveTicketBack();
  watchForTheEnd();
  // For whoever is rung for him, in a line too: to look whether he is still there, and to tell what became of it.
  channel.__SMART_TRANSFER_WAITER.set(channel.CHANNEL("name").get() ?? "");
  channel.SMART_TRANSFER_FROM.set(transferer);
  channel.SMART_TRANSFER_TO.set(receiver);
  noteTransferer(transferer, phone);
  forgetRecall();
  return { transferer, receiver };
}

/** The transfer that the caller is in. */
export function current(): Transfer {
  return { transferer: channel.SMART_TRANSFER_FROM.get() ?? "", receiver: channel.SMART_TRANSFER_TO.get() ?? "" };
}

/** Counts the caller's returns since a person took the call. */
export function countReturn(): number {
  const returns = (tonumber(channel.SMART_TRANSFER_RETURNS.get() ?? "") ?? 0) + 1;
  channel.SMART_TRANSFER_RETURNS.set(tostring(returns));
  return returns;
}

/** The caller's name as it was before any recall put its reason before it. */
export function callerName(): string {
  return channel.SMART_TRANSFER_CALLER.get() ?? "";
}

/** A recall shows its reason in the caller's name and rings in its own way; whoever is rung next sees the caller's own. */
export function forgetRecall(): void {
  const name = channel.SMART_TRANSFER_CALLER.get();
  if (name === undefined) channel.SMART_TRANSFER_CALLER.set(channel.CALLERID("name").get() ?? "");
  else channel.CALLERID("name").set(name);
  channel.__SMART_TRANSFER_ALERT.set("");
}
