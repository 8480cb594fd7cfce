import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { linesShown } from "../src/tools/pictures/screen.ts";
import { svgOf } from "../src/tools/pictures/svg.ts";

const top = join(import.meta.dirname, "..");

test("every line is there as it was left, those too that scrolled away", async () => {
  const lines = await linesShown("1\r\n2\r\n\x1b[2K\x1b[1A\x1b[Ktwo\r\n\r\n4\r\n5\r\n\r\n", 4, 3);
  assert.equal(lines, [
    [{ column: 0, text: "1   " }],
    [{ column: 0, text: "two " }],
    [],
    [{ column: 0, text: "4   " }],
    [{ column: 0, text: "5   " }],
  ]);
});

test("colours and weights make runs of their own, and a picture escapes what they say", async () => {
  const lines = await linesShown("\x1b[32m<ok>\x1b[39m \x1b[1mbold\x1b[22m &\x1b[90mgray\x1b[4m \x1b[m", 16, 3);
  assert.equal(lines, [
    [
      { column: 0, text: "<ok>", colour: "green" },
      { column: 5, text: "bold", bold: true },
      { column: 9, text: " &" },
      { column: 11, text: "gray", colour: "gray" },
      { column: 15, text: " ", colour: "gray", underlined: true },
    ],
  ]);
  const svg = svgOf("title", 20, lines);
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
