import type { History } from "../history.ts";
import { asked, spared, voicemailKey } from "./choices.ts";
import { comesToAnEnd, cutOff } from "./ends.ts";
import { record } from "./records.ts";
import { freePhone, inOrder, inTime, onePlace, refused } from "./rings.ts";
import type { Finding, Rule } from "./rule.ts";
import { silence } from "./sound.ts";
import {
  backKey,
  letGo,
  mobileAccepts,
  outsidersKey,
  passedOn,
  reachable,
  recallSays,
  stranger,
  talksWith,
} from "./who.ts";

/** All rules, by their names. */
export const rules: Readonly<Record<string, Rule>> = {
  "nobody hears silence": silence,
  "nobody is cut off": cutOff,
  "every call comes to an end": comesToAnEnd,
  "one place rings for a call": onePlace,
  "no phone is rung that is in use": freePhone,
  "no phone is rung too long": inTime,
  "who has refused is not rung at once again": refused,
  "nobody in a line is overtaken": inOrder,
  "only who may passes a caller on": passedOn,
  "an outsider's key does nothing": outsidersKey,
  "nobody is rung whom no rule names": stranger,
  "nobody talks to who was not rung for them": talksWith,
  "a mobile takes a call with 1 only": mobileAccepts,
  "nobody is sent to who cannot take the call": reachable,
  "the transferer is let go at once": letGo,
  "1 takes the caller back": backKey,
  "2 leads to the voicemail": voicemailKey,
  "who is to be asked is asked": asked,
  "a mobile that nobody accepted is left alone": spared,
  "a recall says why": recallSays,
  "every transfer has its record": record,
};

/** For how long around a delay of the machine nothing is held against anybody, in ms. */
const disturbed = { before: 6_000, after: 1_000 };

/** What the rules find, in the order in which it happened. What a machine that had no time may have done is told apart. */
export function judge(history: History): { findings: Finding[]; doubtful: Finding[] } {
  const late = history.events.flatMap((event) => (event.what === "late" ? [event] : []));
  const isDoubtful = ({ at }: Finding) =>
    late.some((one) => one.at > at - disturbed.before && one.at - one.by < at + disturbed.after);
  const all = Object.entries(rules)
    .flatMap(([rule, judges]) => judges(history).map(({ leg, at, says }) => ({ rule, call: leg.call ?? 0, at, says })))
    .sort((one, other) => one.at - other.at);
  return { findings: all.filter((finding) => !isDoubtful(finding)), doubtful: all.filter(isDoubtful) };
}
