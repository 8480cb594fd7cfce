import { desks, fallback, lines, mobiles, noNumber } from "./cast.ts";
import { dice } from "./dice.ts";
import type { Act, CallStory, Happening, paces, Reaction, Story, Wait } from "./story.ts";

/** The mean time between the starts of two calls, in ms: as many calls overlap as ten phones can take. */
const between = 1_250;

type Dice = ReturnType<typeof dice>;

/** The same story for the same seed; its first calls are the same however many there are. */
export function storyOf(seed: number, calls: number): Story {
  const numbers = Array.from({ length: calls }, (_, at) => at + 1);
  return {
    calls: numbers.map((number) => callOf(diceFor(seed, number), number, wantedAt(seed, number))),
    happenings: numbers.flatMap((number) => happeningsBeside(diceFor(seed, -number), number, wantedAt(seed, number))),
  };
}

/** So many calls one after the other are mostly sent to the same person: a line forms. Every other one has a mobile. */
const rush = 8;

function wantedAt(seed: number, number: number): string {
  const time = Math.floor(number / rush);
  return diceFor(seed, -1_000_000 - time).one(time % 2 === 0 ? Object.keys(mobiles) : desks);
}

/** Dice of its own for each call. Neighbouring seeds begin alike, so the first throws are left out. */
function diceFor(seed: number, number: number): Dice {
  const own = dice(Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(number, 0xc2b2ae35));
  for (let turn = 0; turn < 8; turn++) own.next();
  return own;
}

function timeOf(number: number, { below }: Dice): number {
  return (number - 1) * between + below(between);
}

/** One of several, by their weights. */
function weighed<T>({ below }: Dice, choices: readonly (readonly [weight: number, choice: T])[]): T {
  let left = below(choices.reduce((sum, [weight]) => sum + weight, 0));
  for (const [weight, choice] of choices) {
    left -= weight;
    if (left < 0) return choice;
  }
  throw new Error("the weights sum up to what was thrown");
}

function callOf(own: Dice, number: number, wanted: string): CallStory {
  const at = timeOf(number, own);
  const kind = weighed(own, [
    [70, "from outside"],
    [15, "inside"],
    [15, "to outside"],
  ]);
  const from = kind === "from outside" ? own.one(lines) : own.one(desks);
  const others = desks.filter((desk) => desk !== from);
  const to = kind === "to outside" ? own.one(lines) : own.one(others);
  const list = <T>(longest: number, one: () => T) => Array.from({ length: own.below(longest + 1) }, one);
  return {
    number,
    at,
    from,
    to,
    reactions: [first(own), ...list(6, () => reaction(own))],
    talks: [[...list(2, () => idle(own)), ...passOn(own, wanted)], ...list(3, () => talk(own, wanted))],
    waits: list(4, () => wait(own)),
  };
}

/** To the first ring: without an answer there is no call to pass on. */
function first(own: Dice): Reaction {
  return own.below(100) < 94 ? { how: "answers", after: 200 + own.below(900) } : reaction(own);
}

function reaction(own: Dice): Reaction {
  const how = weighed<Reaction["how"]>(own, [
    [45, "answers"],
    [12, "refuses"],
    [15, "is busy"],
    [28, "ignores"],
  ]);
  const accepts = weighed(own, [
    [50, "1"],
    [25, "5"],
    [25, ""],
  ]);
  return { how, after: 100 + own.below(own.below(3) === 0 ? 2_800 : 900), accepts };
}

function talk(own: Dice, wanted: string): Act[] {
  const acts = Array.from({ length: own.below(3) }, () => idle(own));
  const end = weighed<() => Act[]>(own, [
    [45, () => passOn(own, wanted)],
    [55, () => [{ who: one(own), after: 300 + own.below(2_000), does: "hangs up" }]],
  ]);
  return [...acts, ...end()];
}

const one = (own: Dice) => own.one(["caller", "called"] as const);

const receiver = (own: Dice, wanted: string) => (own.below(5) < 3 ? wanted : own.one(desks));

/** Who is called passes on more often than who calls. */
function passOn(own: Dice, wanted: string): Act[] {
  const who = own.below(4) === 0 ? "caller" : "called";
  const after = 300 + own.below(1_200);
  if (own.below(100) < 35)
    return [{ who, after, does: "button", keys: own.below(12) === 0 ? own.one(lines) : receiver(own, wanted) }];
  const pace = weighed<keyof typeof paces>(own, [
    [10, "slow"],
    [65, "hurried"],
    [25, "machine"],
  ]);
  const keys = `${own.below(15) === 0 ? "##" : "#"}${receiver(own, wanted)}`;
  return [{ who, after, does: "keys", keys, pace }, ...decision(own, who, wanted)];
}

/** What they key who may be asked whether the caller shall wait. */
function decision(own: Dice, who: Act["who"], wanted: string): Act[] {
  const keys = weighed(own, [
    [45, ""],
    [35, "1"],
    [10, "*"],
    [10, receiver(own, wanted)],
  ]);
  return keys === "" ? [] : [{ who, after: 1_200 + own.below(4_000), does: "keys", keys, pace: "hurried" }];
}

/** Something after which they still talk: see the oracle. */
function idle(own: Dice): Act {
  const who = one(own);
  const after = 200 + own.below(1_500);
  const keys = (text: string): Act => ({
    who,
    after,
    does: "keys",
    keys: text,
    pace: own.one(["slow", "hurried", "machine"]),
  });
  return weighed<() => Act>(own, [
    [10, () => keys(`#${noNumber}`)],
    [6, () => keys(`#${own.one(desks).slice(0, 2)}`)],
    [6, () => keys(`#${own.one(desks)}${own.below(10)}`)],
    [8, () => keys("#*")],
    [5, () => keys("#")],
    [8, () => keys("1")],
    [8, () => keys("*0")],
    [5, () => keys(String(own.below(10_000)))],
    [10, () => ({ who, after, does: "holds", for: 500 + own.below(2_500) })],
    [6, () => ({ who, after, does: "button", keys: noNumber })],
  ])();
}

function wait(own: Dice): Wait {
  const after = 100 + own.below(own.below(2) === 0 ? 1_000 : 6_000);
  return weighed<() => Wait>(own, [
    [45, () => ({ does: "waits", after: 0 })],
    [20, () => ({ does: "keys", keys: "1", after })],
    [10, () => ({ does: "keys", keys: "2", after })],
    [12, () => ({ does: "keys", keys: "*0", after })],
    [8, () => ({ does: "keys", keys: `#${own.one(desks)}`, after })],
    [15, () => ({ does: "hangs up", after })],
  ])();
}

const modules = ["pbx_lua.so", "pbx_config.so", "features", "res_pjsip.so"] as const;

/** Edits that count at once: good ones, and some that Asterisk or we cannot use. None changes how long something may take. */
const edits = [
  ["hear", "music"],
  ["busy", "return"],
  ["mobile_confirm", "no"],
  ["transfer_button", "maybe"],
  ["fallback", `${fallback.extension}@${fallback.context}`],
  ["fallback", "nobody@nowhere"],
  ["hear", "loud"],
  ["busy", "perhaps"],
  ["music_class", "no such class"],
  ["recall_prefix", "(RT)"],
  ["prompt_dial", "no sound at all"],
  ["dial_attempts", "many"],
  ["voicemail", "nobody@nowhere"],
] as const;

/** Other ways to work, which are in force for a while. */
const choices = [
  ["busy", "ask"],
  ["no_answer", "voicemail"],
  ["mobile_memory", "1"],
  ["voicemail", ""],
  ["fallback", `\${RECEIVER}@${fallback.context}`],
] as const;

function happeningsBeside(own: Dice, number: number, wanted: string): Happening[] {
  const at = timeOf(number, own);
  const happens = weighed<() => Happening[]>(own, [
    [70, () => []],
    [9, () => [{ at, does: "goes offline", who: receiver(own, wanted), for: 1_000 + own.below(8_000) }]],
    [
      8,
      () => {
        const [name, value] = own.one(edits);
        return [{ at, does: "edits", name, value, for: 2_000 + own.below(10_000) }];
      },
    ],
    [
      6,
      () => {
        const [name, value] = own.one(choices);
        return [{ at, does: "edits", name, value, for: 15_000 + own.below(20_000) }];
      },
    ],
    [5, () => [{ at, does: "reloads", module: own.one(modules) }]],
    [2, () => [{ at, does: "runs", command: own.one(["check", "install"] as const) }]],
  ]);
  return happens();
}
