import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Screen } from "../src/pictures/screen.ts";
import { svgOf } from "../src/pictures/svg.ts";

const top = join(import.meta.dirname, "..");

function linesOf(written: string, columns = 20): string[] {
  const screen = new Screen(columns);
  screen.write(written);
  return screen.runs().map((runs) => runs.reduce((line, { column, text }) => line.padEnd(column) + text, "").trimEnd());
}

const scenes: readonly [what: string, written: string, lines: string[]][] = [
  ["letters, at the left of each line", "one\r\ntwo", ["one", "two"]],
  ["a line feed alone keeps the column", "a\nb", ["a", " b"]],
  ["what is too long goes on below", "abcdefgh", ["abcd", "efgh"]],
  ["a line is written anew", "abc\r\x1b[Kd", ["d"]],
  ["the cursor goes up, and what was below goes", "one\r\ntwo\x1b[1A\x1b[2K\x1b[Gnew\x1b[J", ["new"]],
  ["it is put back where it was", "a\x1b7bc\x1b8x", ["axc"]],
  ["it is hidden and shown", "\x1b[?25la\x1b[?25h", ["a"]],
];

for (const [what, written, lines] of scenes) {
  test(`a screen: ${what}`, () => assert.equal(linesOf(written, 4), lines));
}

test("colours and weights make runs of their own, and a picture escapes what they say", () => {
  const screen = new Screen(20);
  screen.write("\x1b[32m<ok>\x1b[39m \x1b[1mbold\x1b[22m &");
  assert.equal(screen.runs(), [
    [
      { column: 0, text: "<ok>", colour: "green" },
      { column: 5, text: "bold", bold: true },
      { column: 9, text: " &", bold: false, dim: false },
    ],
  ]);
  const svg = svgOf("title", 20, screen.runs());
  assert.match(svg, /fill="#98c379">&lt;ok&gt;<\/text>/);
  assert.match(svg, /font-weight="bold">bold<\/text>/);
  assert.match(svg, />&amp;<\/text>/);
});

test("the pictures that the README shows are there, and name no machine's folders", () => {
  const shown = [...readFileSync(join(top, "README.md"), "utf8").matchAll(/!\[.*?\]\((.*?)\)/g)].map(
    ([, file]) => file,
  );
  const files = readdirSync(join(top, "assets")).filter((name) => name.endsWith(".svg"));
  assert.equal(shown.sort(), files.map((name) => `assets/${name}`).sort());
  for (const name of files) assert.not.match(readFileSync(join(top, "assets", name), "utf8"), /\/tmp|\/home|\/root/);
});

test.run();
