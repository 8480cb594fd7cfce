import { Diagram } from "../../sandbox/demo/diagram.ts";
import type { Beat } from "../../sandbox/demo/story.ts";
import type { Abilities } from "../../terminal/abilities.ts";
import { painter } from "../../terminal/paint.ts";
import { everybody } from "./cast.ts";
import type { History, Leg } from "./history.ts";
import type { Finding } from "./rules/rule.ts";

const columns = 150;

/** The story of one call, as the demo's diagram; times are in seconds since the story began. */
export function pictureOf(
  history: History,
  call: number,
  findings: readonly Finding[],
  began: number,
  abilities: Abilities,
): string {
  const legs = history.legs.filter((leg) => leg.call === call);
  const found = findings.filter((finding) => finding.call === call);
  const parties = everybody.filter(({ number }) => legs.some(({ party }) => party === number));
  if (parties.length === 0) return "";
  const diagram = new Diagram(parties, columns, abilities, painter(abilities.colours));
  const first = legs[0]?.party ?? "";
  const beats = [
    ...legs.flatMap(beatsOf),
    ...found.map(({ at, rule, says }): Beat => ({ at, how: "hears", from: first, says: `!!! ${rule}: ${says}` })),
  ].sort((one, other) => one.at - other.at);
  const lines = beats.flatMap((beat) => diagram.beat({ ...beat, at: beat.at - began }));
  return [...diagram.scene(`Call ${call}`), ...lines].join("\n");
}

function beatsOf(leg: Leg): Beat[] {
  const from = leg.party;
  const beats: Beat[] = [
    ...leg.rings.map((ring): Beat => {
      const to = ring.at.party;
      return {
        at: ring.from,
        how: "calls",
        from,
        to,
        says: `${to} rings${ring.at.shows ? `: "${ring.at.shows}"` : ""}`,
      };
    }),
    ...leg.talks
      .filter(({ caller }) => caller === leg)
      .map(({ called, from: at }): Beat => ({ at, how: "talks", from, to: called.party, says: "they talk" })),
    ...leg.acts.map(({ at, act }): Beat => {
      const keys = /^(?:keys|sends) (.*)$/.exec(act)?.[1];
      return { at, how: "keys", from, keys: keys ?? "!", says: `${from} ${act}` };
    }),
    ...leg.passings.map(({ at, by, to, context }): Beat => {
      return { at, how: "hears", from, says: `${from} is passed on to ${to} by ${by.party} (${context})` };
    }),
    ...leg.runs.filter(isTold).map(({ at, application, data }): Beat => {
      return { at, how: "hears", from, says: application === "Log" ? data : `${from}: ${application} ${data}` };
    }),
  ];
  if (leg.ended !== undefined) beats.push({ at: leg.ended, how: "ends", from, says: `${from} is gone` });
  return beats;
}

const told: readonly string[] = ["Playback", "Log", "StartMusicOnHold", "MusicOnHold", "Playtones", "BlindTransfer"];

/** What a caller hears, and what is written down. */
function isTold({ application, data }: { application: string; data: string }): boolean {
  return told.includes(application) || (application === "Read" && data.includes("smart-transfer/"));
}
