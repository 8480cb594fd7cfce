import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Diagram } from "../src/sandbox/demo/diagram.ts";
import { replay } from "../src/sandbox/demo/replay.ts";
import { type Beat, Recorder, type Recording } from "../src/sandbox/demo/story.ts";
import { abilitiesOf, wrapped } from "../src/terminal/abilities.ts";
import { painter } from "../src/terminal/paint.ts";
import { type Canvas, movingWork, plainWork } from "../src/terminal/progress.ts";

const recording: Recording = JSON.parse(readFileSync(join(import.meta.dirname, "../assets/demo.json"), "utf8"));
const terminal = { isTTY: true };
const plain = painter(false);

test("what a terminal can show", () => {
  const cases: [stream: { isTTY?: boolean }, env: Record<string, string>, colours: boolean, shows: string][] = [
    [terminal, { LANG: "en_US.UTF-8", TERM: "xterm" }, true, "unicode moves colours"],
    [terminal, { LANG: "C.utf8" }, true, "unicode moves colours"],
    [terminal, { LANG: "en_US.UTF-8", LC_ALL: "C" }, true, "moves colours"],
    [terminal, {}, true, "moves colours"],
    [terminal, { LANG: "C.UTF-8", TERM: "linux" }, true, "moves colours"],
    [terminal, { LANG: "C.UTF-8", NO_COLOR: "1" }, true, "unicode moves"],
    [terminal, { LANG: "C.UTF-8" }, false, "unicode moves"],
    [terminal, { LANG: "C.UTF-8", TERM: "dumb" }, true, "unicode"],
    [{}, { LANG: "C.UTF-8" }, true, "unicode"],
  ];
  for (const [stream, env, colours, shows] of cases) {
    const shown = Object.entries(abilitiesOf(stream, env, colours)).flatMap(([name, has]) => (has ? [name] : []));
    assert.is(shown.join(" "), shows, JSON.stringify(env));
  }
});

test("text is broken at its spaces", () => {
  assert.equal(wrapped("one two three", 7), ["one two", "three"]);
  assert.equal(wrapped("  one two three", 9, 4), ["  one two", "    three"]);
  assert.equal(wrapped("a\n\nunbreakable b", 4), ["a", "", "unbreakable", "b"]);
  assert.equal(wrapped("", 10), [""]);
});

function canvas(unicode: boolean, columns = 40) {
  let written = "";
  const on: Canvas = {
    abilities: { unicode, moves: true, colours: false },
    paint: plain,
    columns,
    write: (text) => {
      written += text;
    },
  };
  return { on, written: () => written };
}

test("work on a terminal: a line for each step, and what is under way never wider than the screen", () => {
  for (const unicode of [true, false]) {
    const { on, written } = canvas(unicode);
    const work = movingWork(on);
    work.next("one");
    work.at(`${"long ".repeat(30)}`, 0.5);
    work.next("two");
    work.end("failed");
    const lines = written()
      .split(/[\r\n]/)
      .map((line) => line.replace("\x1b[K", ""));
    assert.ok(
      lines.every((line) => line.length < 40),
      "never wider",
    );
    const [done, failed] = unicode ? ["✔ one", "✖ two"] : ["* one", "x two"];
    assert.ok(lines.includes(done) && lines.includes(failed), written());
  }
});

test("work elsewhere: a line as each step begins", () => {
  let written = "";
  const work = plainWork((text) => {
    written += text;
  });
  work.next("one");
  work.at("half of it", 0.5);
  work.next("two");
  work.end("done");
  assert.is(written, "one\ntwo\n");
});

const parties = [
  { number: "900", name: "caller" },
  { number: "101", name: "Anna" },
  { number: "102", name: "Boris" },
];
const drawn = (columns: number, unicode: boolean, ...beats: Beat[]) => {
  const diagram = new Diagram(parties, columns, { unicode, moves: true, colours: false }, plain);
  return [...diagram.scene("Title"), ...beats.flatMap((beat) => diagram.beat(beat))];
};

test("a diagram: arrows either way, over a column between, keys, and who is in a call", () => {
  assert.equal(
    drawn(
      60,
      false,
      { at: 10, how: "calls", from: "900", to: "101", says: "calls" },
      { at: 1234, how: "talks", from: "900", to: "101", says: "talks" },
      { at: 2000, how: "keys", from: "101", keys: "#", says: "presses a key and waits for a while" },
      { at: 3000, how: "hears", from: "900", says: "hears" },
      { at: 3100, how: "calls", from: "900", to: "102", says: "passed on" },
      { at: 3200, how: "ends", from: "101", says: "free" },
      { at: 61_000, how: "talks", from: "102", to: "900", says: "back" },
      { at: 61_000, how: "ends", from: "102", to: "900", says: "over" },
    ).slice(2),
    [
      "           900     101     102  ",
      "         caller   Anna    Boris ",
      "  0.01      #------>|       |     calls",
      "  1.23      #<=====>#       |     talks",
      "  2.00      #       #       |     presses a key and waits",
      "            #       #       |     for a while",
      "  3.00      ~       #       |     hears",
      "  3.10      #-------------->|     passed on",
      "  3.20      #       x       |     free",
      " 61.00      #<=============>#     back",
      " 61.00      x       |       x     over",
    ],
  );
});

test("the recorded run, at 60 columns and at 80, in ASCII too: nothing is wider, and every beat is there", async () => {
  for (const [columns, unicode] of [
    [80, true],
    [80, false],
    [60, true],
    [100, true],
  ] as const) {
    const diagram = new Diagram(recording.parties, columns, { unicode, moves: true, colours: false }, plain);
    const lines: string[] = [];
    const waits: number[] = [];
    const listener = {
      scene: (title: string) => void lines.push(...diagram.scene(title)),
      beat: (beat: Beat) => void lines.push(...diagram.beat(beat)),
    };
    await replay(recording, listener, async (ms) => void waits.push(ms));
    for (const line of lines) assert.ok([...line].length <= columns, line);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what is not ASCII
    if (!unicode) assert.not.match(lines.join("\n"), /[^\x00-\x7f]/);
    assert.ok(waits.every((ms) => ms >= 0 && ms <= 1500));
    assert.ok(lines.length > recording.scenes.flatMap(({ beats }) => beats).length);
  }
});

test("the recorded run has the three scenes and comes from a real one", () => {
  const { scenes, asterisk }: Recording = recording;
  assert.match(asterisk, /^\d+\.\d+/);
  assert.equal(
    scenes.map(({ title }) => title),
    ["Answered", "Busy: the caller waits", "No answer: the call comes back"],
  );
  const numbers = new Set(recording.parties.map(({ number }) => number));
  for (const { beats } of scenes) {
    assert.is(beats.at(-1)?.how, "talks", "each ends with people who talk");
    for (const { from, to = from } of beats) assert.ok(numbers.has(from) && numbers.has(to));
    assert.equal(
      beats.map(({ at }) => at),
      beats.map(({ at }) => at).sort((one, other) => one - other),
    );
  }
});

test("a story that is recorded is told as it was", async () => {
  const again = new Recorder();
  await replay(recording, again, async () => {});
  assert.equal(again.scenes, recording.scenes);
});

test.run();
