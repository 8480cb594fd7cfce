import { test } from "uvu";
import * as assert from "uvu/assert";
import { contexts, plainContexts } from "../src/contract/names.ts";
import { mobiles } from "../src/tools/chaos/cast.ts";
import type { Event, LegEvent } from "../src/tools/chaos/event.ts";
import { storyOf } from "../src/tools/chaos/generate.ts";
import { historyOf } from "../src/tools/chaos/history.ts";
import { judge, rules } from "../src/tools/chaos/rules/table.ts";

/** An event of a leg, at so many seconds. */
const at = (seconds: number, leg: string, event: LegEvent): Event => ({ at: seconds * 1000, leg, ...event });
const begins = (seconds: number, leg: string, party: string) =>
  at(seconds, leg, { what: "begins", party, channel: leg });
const dials = (seconds: number, leg: string, other: string, party: string) => [
  begins(seconds, other, party),
  at(seconds, leg, { what: "dials", other }),
];
const gone = (seconds: number, leg: string) => at(seconds, leg, { what: "ends", cause: 16 });
const acts = (seconds: number, leg: string, act: string) => at(seconds, leg, { what: "acts", act });
const keys = (seconds: number, leg: string, text: string) =>
  [...text].map((key, index) => at(seconds + index / 10, leg, { what: "keys", key }));
const runs = (seconds: number, leg: string, application: string, data = "", context: string = contexts.receiver) =>
  at(seconds, leg, { what: "runs", application, data, context });
const talk = (from: number, to: number, one: string, other: string): Event[] => [
  at(from, one, { what: "is up" }),
  at(from, other, { what: "is up" }),
  ...[one, other].map((leg) => at(from, leg, { what: "joins", bridge: `${one}-${other}` })),
  ...[one, other].map((leg) => at(to, leg, { what: "leaves", bridge: `${one}-${other}` })),
];
const passed = (seconds: number, leg: string, by: string, to: string, context: string = plainContexts.sent) =>
  at(seconds, leg, { what: "is passed on", by, to, context });
const recorded = (seconds: number, leg: string, from: string, to: string, outcome: string) =>
  runs(
    seconds,
    leg,
    "Log",
    `NOTICE,smart-transfer: caller=900 from=${from} to=${to} outcome=${outcome} desk=1.0`,
    contexts.end,
  );
const edits = (seconds: number, name: string, value: string): Event => ({
  at: seconds * 1000,
  what: "edits",
  name,
  value,
});
const hears = (since: number, leg: string, sound: boolean) =>
  at(since + 0.8, leg, { what: "hears", sound, since: since * 1000 });

/** 900 talks to 101, who passes them on to 102 at the fifth second. */
const begun: readonly Event[] = [
  begins(0, "a", "900"),
  at(0, "a", { what: "plays", call: 1 }),
  ...dials(0, "a", "b", "101"),
  ...talk(1, 5, "a", "b"),
  ...keys(4, "b", "#102"),
  passed(5, "a", "b", "102"),
  gone(5, "b"),
];
/** 102 answers at the seventh second, and hangs up at the tenth. */
const answered: readonly Event[] = [
  ...dials(5, "a", "c", "102"),
  ...talk(7, 10, "a", "c"),
  acts(10, "c", "hangs up"),
  gone(10, "c"),
  recorded(10, "a", "101", "102", "answered"),
  gone(10, "a"),
];
const healthy = [...begun, ...answered];
/** Nobody answers; the caller returns at the tenth second, and 101 takes them. */
const returned: readonly Event[] = [
  ...begun,
  ...dials(5, "a", "c", "102"),
  gone(8, "c"),
  runs(8, "a", "Playback", "smart-transfer/returning"),
  ...dials(10, "a", "d", "101"),
  at(10, "d", { what: "shows", name: "RT 102 no answer: 900" }),
  ...talk(11, 13, "a", "d"),
  acts(13, "d", "hangs up"),
  gone(13, "d"),
  recorded(13, "a", "101", "102", "returned"),
  gone(13, "a"),
];
const without = (events: readonly Event[], isOut: (event: Event) => boolean) => events.filter((event) => !isOut(event));
/** Another caller, who comes to 102 later and waits there. */
const second: readonly Event[] = [
  begins(0, "x", "901"),
  at(0, "x", { what: "plays", call: 2 }),
  ...dials(0, "x", "y", "103"),
  ...talk(1, 6, "x", "y"),
  ...keys(5.5, "y", "#102"),
  passed(6, "x", "y", "102"),
  gone(6, "y"),
];

const found = (events: readonly Event[]) => [...new Set(judge(historyOf(events)).findings.map(({ rule }) => rule))];

test("a call that is as it should be: nothing is found", () => {
  assert.equal(found(healthy), []);
  assert.equal(found(returned), []);
});

/** A story that breaks each rule. */
const broken: Readonly<Record<keyof typeof rules, readonly Event[]>> = {
  "nobody hears silence": [...returned, ...[5, 6, 7, 8, 9].map((since) => hears(since, "a", false))],
  "nobody is cut off": [
    ...begun,
    ...dials(5, "a", "c", "102"),
    gone(8, "c"),
    recorded(8, "a", "101", "102", "abandoned"),
    gone(8, "a"),
  ],
  "every call comes to an end": [...healthy, acts(9.9, "a", "gives up")],
  "one place rings for a call": [...healthy, ...dials(5, "a", "e", mobiles["102"] ?? ""), gone(6.9, "e")],
  "no phone is rung that is in use": [
    ...healthy,
    ...second,
    ...dials(8, "x", "z", "102"),
    acts(9, "x", "hangs up"),
    gone(9, "z"),
    recorded(9, "x", "103", "102", "abandoned"),
    gone(9, "x"),
  ],
  "no phone is rung too long": [
    ...begun,
    ...answered.map((event) => ({ ...event, at: event.at === 5_000 ? 5_000 : event.at + 10_000 })),
  ],
  "who has refused is not rung at once again": [
    ...begun,
    ...dials(5, "a", "e", "102"),
    acts(6, "e", "refuses"),
    gone(6, "e"),
    ...answered.map((event) => ({ ...event, at: event.at === 5_000 ? 6_100 : event.at })),
  ],
  "nobody in a line is overtaken": [
    ...begun,
    ...second,
    runs(5, "a", "StartMusicOnHold"),
    ...dials(8, "x", "z", "102"),
    ...talk(9, 10, "x", "z"),
    acts(10, "x", "hangs up"),
    gone(10, "x"),
    gone(10, "z"),
    recorded(10, "x", "103", "102", "answered"),
    acts(11, "a", "hangs up"),
    recorded(11, "a", "101", "102", "abandoned"),
    gone(11, "a"),
  ],
  "only who may passes a caller on": without(healthy, (event) => "leg" in event && event.what === "keys"),
  "an outsider's key does nothing": [...healthy, runs(3, "a", "Read", "", plainContexts.digits)],
  "nobody is rung whom no rule names": [...healthy, ...dials(5, "a", "e", "109"), gone(5.1, "e")],
  "nobody talks to who was not rung for them": [...healthy, ...second.slice(0, -1), ...talk(6.1, 6.2, "x", "c")],
  "a mobile takes a call with 1 only": [
    ...begun,
    ...dials(5, "a", "c", mobiles["102"] ?? ""),
    ...talk(7, 10, "a", "c"),
    acts(10, "c", "hangs up"),
    gone(10, "c"),
    recorded(10, "a", "101", "102", "answered-mobile"),
    gone(10, "a"),
  ],
  "nobody is sent to who cannot take the call": [
    { at: 1_000, what: "offline", party: "103" },
    ...healthy.map((event) => ("leg" in event && event.what === "is passed on" ? { ...event, to: "103" } : event)),
  ],
  "the transferer is let go at once": healthy.map((event) =>
    event.at === 5_000 && "leg" in event && event.what === "ends" ? { ...event, at: 7_000 } : event,
  ),
  "1 takes the caller back": [
    ...healthy.map((event) => (event.at > 6_000 ? { ...event, at: event.at + 2_000 } : event)),
    ...keys(5.6, "a", "1"),
  ],
  "2 leads to the voicemail": [
    ...healthy.map((event) => (event.at > 6_000 ? { ...event, at: event.at + 2_000 } : event)),
    ...keys(5.6, "a", "2"),
  ],
  "who is to be asked is asked": [
    edits(0, "busy", "ask"),
    ...begun,
    begins(0.1, "m", "109"),
    ...dials(0.1, "m", "n", "102"),
    ...talk(0.5, 12, "m", "n"),
  ],
  "a mobile that nobody accepted is left alone": [
    edits(0, "mobile_memory", "1"),
    ...begun,
    ...dials(6, "a", "c", mobiles["102"] ?? ""),
    acts(7, "c", "refuses"),
    gone(7, "c"),
    ...dials(9, "a", "e", mobiles["102"] ?? ""),
  ],
  "a recall says why": returned.map((event) =>
    "leg" in event && event.what === "shows" ? { ...event, name: "Line 900" } : event,
  ),
  "every transfer has its record": without(
    healthy,
    (event) => "leg" in event && event.what === "runs" && event.application === "Log",
  ),
};

for (const rule of Object.keys(rules)) {
  test(`what breaks "${rule}" is found`, () => {
    assert.ok(found(broken[rule] ?? []).includes(rule), `found: ${found(broken[rule] ?? []).join("; ")}`);
  });
}

test("a record that says something else is found", () => {
  for (const outcome of ["returned", "waited", "abandoned", "answered-mobile"]) {
    const events = [
      ...without(healthy, (event) => "leg" in event && event.what === "runs"),
      recorded(10, "a", "101", "102", outcome),
    ];
    assert.equal(found(events), ["every transfer has its record"], outcome);
  }
});

test("who pressed keys at the same moment as the other one may hear nothing, until they hear something again", () => {
  const quiet = (...sounds: boolean[]) => sounds.map((sound, index) => hears(1 + index, "a", sound));
  const talking = [
    ...begun.slice(0, 4),
    ...talk(1, 20, "a", "b"),
    ...keys(1.5, "b", "7"),
    acts(20, "a", "hangs up"),
    gone(20, "a"),
    gone(20, "b"),
  ];
  const silent = Array.from({ length: 6 }, () => false);
  assert.equal(found([...talking, ...quiet(...silent)]), ["nobody hears silence"]);
  assert.equal(found([...talking, ...keys(1.6, "a", "5"), ...quiet(...silent)]), []);
  assert.equal(found([...talking, acts(1.2, "a", "keys 5"), ...quiet(...silent)]), [], "a key that never arrives");
  assert.equal(found([...talking, ...keys(1.6, "a", "5"), ...quiet(false, false, true, ...silent)]), [
    "nobody hears silence",
  ]);
});

test("what is not in force binds nobody: an edit that is taken back, or one in the midst of it", () => {
  for (const rule of ["who is to be asked is asked", "a mobile that nobody accepted is left alone"]) {
    const events = broken[rule] ?? [];
    const name = rule.startsWith("who") ? "busy" : "mobile_memory";
    for (const seconds of [0.1, 4.5]) assert.not.ok(found([...events, edits(seconds, name, "0")]).includes(rule), rule);
  }
});

test("who keys 1 lets the caller wait", () => {
  const events = [...(broken["who is to be asked is asked"] ?? []), ...keys(4.8, "b", "1")];
  assert.not.ok(found(events).includes("who is to be asked is asked"));
});

test("a mobile that is called through a Local channel is rung for the caller", () => {
  const mobile = mobiles["102"] ?? "";
  const { legs } = historyOf([
    ...begun,
    at(6, "a", { what: "dials", other: "one" }),
    at(6, "two", { what: "is called through", half: "one" }),
    ...dials(6.1, "two", "m", mobile),
    gone(7, "m"),
  ]);
  const leg = legs.find(({ party }) => party === mobile);
  assert.equal([leg?.call, leg?.rungBy?.party], [1, "900"]);
  assert.equal(leg?.rungBy?.rings.map((ring) => [ring.at.party, ring.from, ring.to]).at(-1), [mobile, 6_100, 7_000]);
});

test("whose phone is in a call can be wanted, registered or not", () => {
  const offline = broken["nobody is sent to who cannot take the call"] ?? [];
  const inCall = [...dials(0.1, "m", "n", "103"), acts(20, "n", "hangs up"), gone(20, "n")];
  assert.ok(!found([...offline, ...inCall]).includes("nobody is sent to who cannot take the call"));
});

test("what is found while the machine has no time is told apart", () => {
  const late: Event = { at: 9_000, what: "late", by: 600 };
  const { findings, doubtful } = judge(historyOf([...(broken["every transfer has its record"] ?? []), late]));
  assert.equal([findings.length, doubtful.length], [0, 1]);
});

test("a seed gives one story, and each call is the same however many there are", () => {
  assert.equal(storyOf(7, 40), storyOf(7, 40));
  assert.equal(storyOf(7, 40).calls.slice(0, 10), storyOf(7, 10).calls);
  assert.not.equal(storyOf(7, 40), storyOf(8, 40));
});

test("a thousand calls have all that people, phones and admins do", () => {
  const { calls, happenings } = storyOf(1, 1_000);
  const acts = calls.flatMap(({ talks }) => talks.flat());
  const kinds = (values: readonly string[]) => [...new Set(values)].sort();
  assert.equal(kinds(calls.flatMap(({ reactions }) => reactions.map(({ how }) => how))), [
    "answers",
    "ignores",
    "is busy",
    "refuses",
  ]);
  assert.equal(kinds(acts.map(({ does }) => does)), ["button", "hangs up", "holds", "keys"]);
  assert.equal(kinds(calls.flatMap(({ waits }) => waits.map(({ does }) => does))), ["hangs up", "keys", "waits"]);
  assert.equal(kinds(happenings.map(({ does }) => does)), ["edits", "goes offline", "reloads", "runs"]);
});

test.run();
