import { callerAt, refusalOf } from "./directory";
import { recall } from "./recall";
import { deliver } from "./receiver";
import { beginTransfer } from "./transfer";

/**
 * A phone's Transfer button or Asterisk's own blindxfer key sent the caller to an extension of the directory. The
 * transferer has already left. So what they would have heard after the key becomes a recall with its reason.
 */
export function buttonPressed(receiver: string): void {
  const transfer = beginTransfer(receiver);
  const refusal = refusalOf(receiver, transfer.transferer, callerAt(channel.CHANNEL("name").get() ?? ""));
  if (refusal === undefined) deliver(transfer);
  else recall(transfer, refusal);
}
