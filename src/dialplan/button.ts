import { extensionOf, refusalOf } from "./directory";
import { recall } from "./recall";
import { callReceiver, transfererByName } from "./receiver";
import { begin } from "./state";

/**
 * A phone's own Transfer button or Asterisk's own blindxfer key sent the caller to an extension of the directory. The
 * transferer is gone already, so what the key would have told him becomes a recall with its reason.
 */
export function buttonPressed(receiver: string): void {
  const transferer = transfererByName();
  const refusal = refusalOf(receiver, transferer, extensionOf(channel.CHANNEL("name").get() ?? ""));
  if (refusal === undefined) callReceiver(receiver);
  else recall(begin(transferer, receiver), refusal);
}
