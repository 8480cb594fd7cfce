import { causes, type Rung, type Told, unknownExtension } from "../contract/causes";
import { peerDials } from "../contract/names";
import { callerAt, isExtension, isOnDoNotDisturb, phoneOf, type Reach, reach } from "./directory";
import { hearHello } from "./hello";
import { betweenTurnChecks, rungInTurn } from "./line";
import { isAtHome, isUp } from "./nodes";
import { ring } from "./ring";
import { extensionSetting } from "./settings";
import { playedForPeer } from "./stage/remote";
import { mayRing, takeTicket } from "./ticket";

/** What another node may want of an extension, by the beginning of what it dials. */
const wishes: Record<string, (extension: string, waited: number) => Told> = {
  "": ringDesk,
  [peerDials.line]: keepInLine,
  [peerDials.ask]: stateOf,
};

/** A caller's place in line is at most this old, in milliseconds: no node can put all of its callers first. */
const oldest = 60_000;

/**
 * Another node wants an extension: its dialplan (across.ts, ring.ts), or an admin's own. The call is not answered before
 * a phone answers it, and goes nowhere but to the phones of an extension that is at home here. If none answers, the
 * cause says why, and the caller's own node goes on from there.
 */
export function peerCalls(dialled: string): void {
  if (playedForPeer(dialled)) return;
  const [wish, extension, waited] = string.match(dialled, "^(%l*%-?)(%d+)%-?(%d*)$");
  if (wish === peerDials.hello) hearHello(dialled);
  const serve = wishes[wish ?? ""];
  if (serve === undefined || extension === undefined || !isOpenToPeers(extension)) {
    app.Hangup(unknownExtension);
    return;
  }
  const own = channel.CHANNEL("name").get() ?? "";
  channel.__SMART_TRANSFER_WAITER.set(own);
  channel.__SMART_TRANSFER_FOR.set(callerAt(own) ?? "");
  app.Hangup(causes[serve(extension, math.min(tonumber(waited ?? "") ?? 0, oldest))]);
}

function isOpenToPeers(extension: string): boolean {
  return isExtension(extension) && isAtHome(extension) && extensionSetting(extension, "receive") !== "no";
}

/** What an `ask` is told where extensions.conf has not told it already (plan/peer-context.ts). */
function stateOf(extension: string): Reach | "dnd" {
  return isOnDoNotDisturb(extension) ? "dnd" : reach(extension);
}

function ringDesk(extension: string): Rung {
  const state = stateOf(extension);
  if (state === "dnd" || state === "offline") return state;
  takeTicket(extension);
  return mayRing(extension) ? ring(extension, "") : "busy";
}

/** Keeps the caller in line while their node answers. A node that is gone has left a caller behind who hears nobody. */
function keepInLine(extension: string, waited: number): Rung {
  const [trunk] = string.gsub(phoneOf(channel.CHANNEL("name").get() ?? "") ?? "", "^PJSIP/", "");
  takeTicket(extension, waited);
  return rungInTurn<"offline">(extension, {
    heard: "",
    begin: () => {},
    pass: () => {
      app.Wait(betweenTurnChecks);
      return isUp(trunk) ? undefined : "offline";
    },
  });
}
