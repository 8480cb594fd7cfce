import { askedContext, peerDials } from "../contract/names";
import { type Rung, toldByCause } from "./causes";
import { now } from "./clock";
import { type Refusal, reach } from "./directory";
import { hasMobile } from "./mobile-way";
import { isRemote, trunkTo } from "./nodes";
import { dial, music, onTheWay, whenRung } from "./ring";
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
  const line = `PJSIP/${peerDials.line}${extension}-${string.format("%.0f", ticketAge())}@${trunkTo(extension)}`;
  dial(line, limit, `${music()}${whenRung(extension)}`);
  if (channel.DIALSTATUS.get() !== "NOANSWER") return toldByCause();
  return now() - began < limit * 1000 ? "no answer" : "busy";
}

/**
 * Why the caller cannot be sent to a remote extension, as its home node says. Asked only while the transferer can still
 * hear it. Nobody answers such a call; should something else do at a trunk of the admin's, it is refused
 * (plan/dial-contexts.ts), because the transferer is in a call.
 */
export function refusalAtHome(extension: string): Refusal | undefined {
  if (!isRemote(extension) || reach(extension) === "offline") return undefined;
  app.Dial(`PJSIP/${peerDials.ask}${extension}@${trunkTo(extension)}`, onTheWay, `iU(${askedContext})`);
  const answer = toldByCause();
  if (answer === "dnd") return "dnd";
  return answer === "busy" || hasMobile(extension) ? undefined : "offline";
}
