import { onTheWay, type Rung, type Told } from "../contract/causes";
import { askedContext, peerDials } from "../contract/names";
import { toldByCause, whyUnanswered } from "./causes";
import { now } from "./clock";
import { type Refusal, reach } from "./directory";
import { hasMobile } from "./mobile-way";
import { isRemote, wayHome } from "./nodes";
import { dial, music, whenRung } from "./ring";
import { numberSetting } from "./settings";
import { ticketAge } from "./ticket";

/**
 * The caller waits for a remote extension, in its line at its home node (peer.ts), and hears music of this node. They
 * take their place there from when they came here: each node has a clock of its own, so what is told is how long ago. A
 * node that dies keeps silent, and the caller is back here when their time is over.
 */
export function waitAtHome(extension: string): Rung {
  const limit = numberSetting("wait_timeout") + numberSetting("ring_timeout") + onTheWay;
  const began = now();
  dial(
    wayHome(extension, peerDials.line, string.format("-%.0f", ticketAge())),
    limit,
    `${music()}${whenRung(extension)}`,
  );
  if (channel.DIALSTATUS.get() !== "NOANSWER") return whyUnanswered();
  return now() - began < limit * 1000 ? "no answer" : "busy";
}

/**
 * Why the caller cannot be sent to a remote extension, as its home node says. Asked only while the transferer can still
 * hear it.
 */
export function refusalAtHome(extension: string): Refusal | undefined {
  if (!isRemote(extension) || reach(extension) === "offline") return undefined;
  const told = askHome(extension);
  if (told === "dnd") return "dnd";
  return told === "free" || told === "busy" || hasMobile(extension) ? undefined : "offline";
}

/**
 * Asks the home node of a remote extension for its state. Nobody answers such a call; should something else do at a trunk
 * of the admin's, it is refused (plan/dial-contexts.ts), because the transferer is in a call. If extensions.conf has just
 * asked, that answer counts: a dead node would keep the transferer waiting twice.
 */
export function askHome(extension: string): Told {
  const isAnswered = channel.SMART_TRANSFER_ASKED.get() === extension;
  channel.SMART_TRANSFER_ASKED.set("");
  if (!isAnswered) app.Dial(wayHome(extension, peerDials.ask), onTheWay, `iU(${askedContext})`);
  return toldByCause();
}
