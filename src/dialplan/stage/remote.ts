import { causes } from "../../contract/causes";
import { peerDials } from "../../contract/names";
import { cast, stageSuffix } from "../../contract/scenes";
import { now } from "../clock";
import { hears, patience, press, sound } from "./actors";

/** What the node on whose stage a scene is played dials at this one. */
const parts: Record<string, () => void> = {
  [`${peerDials.ask}${cast.remote}${stageSuffix}`]: () => app.Hangup(causes.free),
  [`${cast.remote}${stageSuffix}`]: receiver,
};

/** Takes part in a rehearsal of another node, for some seconds and without a phone. Returns whether the call is of one. */
export function playedForPeer(dialled: string): boolean {
  const part = parts[dialled];
  part?.();
  return part !== undefined;
}

/** Answers, and lets the caller hear that they are heard. */
function receiver(): void {
  channel.CDR_PROP("disable").set("1");
  app.Ringing();
  app.Wait(0.2);
  app.Answer();
  const until = now() + patience;
  if (hears(patience / 1000)) {
    while (now() < until) {
      press(sound());
      app.Wait(0.15);
    }
  }
  app.Hangup();
}
