/**
 * The state of a transfer, in variables of the caller's channel: the caller passes through several contexts (the
 * Transfer button, the receiver, the way back), and each runs a separate handler.
 */
import { forgetRecall } from "./alert";
import { callerAt, extensionOf, phoneOf } from "./directory";
import { noteTransferer } from "./noted";
import { recordAtHangup, recordTransfer, takenFor } from "./record";
import { noteSent } from "./sent";
import { giveTicketBack } from "./ticket";

export interface Transfer {
  /** The transferer's extension; if they are not in the directory, their phone; empty if both are unknown. */
  readonly transferer: string;
  readonly receiver: string;
}

/** The reason of a recall, as the transferer's phone displays it. */
export type Reason = "busy" | "no answer" | "offline" | "mobile" | "back" | "declined" | "dnd";

/** A person talks to a caller for at least this long, in seconds. A machine that answers and transfers is faster. */
const personKeeps = 2;

/** Begins a transfer on the caller's channel. */
export function beginTransfer(receiver: string): Transfer {
  // Bridging erases BLINDTRANSFER, and the transferer's channel may already be gone. Its name is all we have.
  const by = channel.BLINDTRANSFER.get() ?? "";
  const phone = phoneOf(by) ?? "";
  const transferer = extensionOf(by) ?? phone;
  if (channel.SMART_TRANSFER_FROM.get() === undefined) recordAtHangup();
  else endTheOneBefore();
  // For the phones that ring for this caller: to check that the caller is still there, and to report the result to
  // them.
  const own = channel.CHANNEL("name").get() ?? "";
  channel.__SMART_TRANSFER_WAITER.set(own);
  channel.__SMART_TRANSFER_FOR.set(callerAt(own) ?? "");
  // A dialplan behind a Local channel (`dial`) shall see it, as after Asterisk's own transfer.
  channel._BLINDTRANSFER.set(by);
  channel.SMART_TRANSFER_FROM.set(transferer);
  channel.SMART_TRANSFER_TO.set(receiver);
  noteTransferer(transferer, phone);
  if (transferer !== phone) noteSent(transferer, own);
  forgetRecall();
  return { transferer, receiver };
}

function endTheOneBefore(): void {
  if (takenFor() >= personKeeps) channel.SMART_TRANSFER_RETURNS.set("");
  recordTransfer();
  giveTicketBack();
}

/** The transfer that the caller is in. */
export function current(): Transfer {
  return { transferer: channel.SMART_TRANSFER_FROM.get() ?? "", receiver: channel.SMART_TRANSFER_TO.get() ?? "" };
}

/** Counts the recalls since a person last talked to the caller. */
export function countReturn(): number {
  const returns = (tonumber(channel.SMART_TRANSFER_RETURNS.get() ?? "") ?? 0) + 1;
  channel.SMART_TRANSFER_RETURNS.set(tostring(returns));
  return returns;
}
