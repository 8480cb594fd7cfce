import { extensionOf, refusalOf } from "./directory";
import { recall } from "./recall";
import { pursue } from "./receiver";
import { begin } from "./state";

/**
 * A phone's own Transfer button or Asterisk's own blindxfer key sent the caller to an extension of the directory. The
 * transferer is gone already, so what the key would have told him becomes a recall with its reason.
 */
export function buttonPressed(receiver: string): void {
  const transfer = begin(receiver);
  const refusal = refusalOf(receiver, transfer.transferer, extensionOf(channel.CHANNEL("name").get() ?? ""));
  if (refusal === undefined) pursue(transfer);
  else recall(transfer, refusal);
}
