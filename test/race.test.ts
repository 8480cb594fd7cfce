// A race gives Asterisk's user nothing. In the suite each racer meets a few of root's runs, with DRILL=all 500.
import { lstatSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { mayOnlyRoot } from "./as-root.ts";
import { isWhole } from "./drill.ts";
import { type Race, racer, races } from "./racer.ts";
import {
  commands,
  etc,
  expectInstalls,
  former,
  type Ground,
  namesOf,
  onGround,
  uid,
  uninstall,
  varLib,
} from "./theirs.ts";

/** How many runs are raced at least and at most, and how many of them the racer must have hit half way. */
const [fewest, most, hitRuns] = isWhole ? [500, 500, 50] : [6, 30, 1];

/** After so many runs the race goes on at a fresh PBX: the racer has destroyed much of this one. */
const perGround = 24;

interface Count {
  runs: number;
  hit: number;
  hits: number;
  well: number;
}

for (const kind of races) {
  test(`a race by ${kind}, against install, check and uninstall`, async () => {
    if (!mayOnlyRoot("lose a race against Asterisk's user")) return;
    const count: Count = { runs: 0, hit: 0, hits: 0, well: 0 };
    const isOver = () => count.runs >= fewest && (count.hit >= hitRuns || count.runs >= most);
    while (!isOver()) await onGround((ground) => raceOn(ground, kind, count, isOver));
    const { runs, hit, hits, well } = count;
    console.log(`${kind}: ${runs} runs, ${hit} of them hit half way, ${hits} hits; ${well} runs ended well`);
    assert.ok(hit >= hitRuns, `${hit} runs were hit`);
    assert.ok(well > 0, "no run ended well");
  });
}

async function raceOn(ground: Ground, kind: Race, count: Count, isOver: () => boolean): Promise<void> {
  const racing = racer(kind, ground.root, await namesOf(ground), uid);
  try {
    for (let runs = 0; runs < perGround && !isOver(); runs++) {
      const before = racing.hits();
      const { code, said } = await ground.run(commands[runs % commands.length] as string[]);
      count.runs++;
      if (code === 0) count.well++;
      if (racing.hits() > before) count.hit++;
      await ground.expectNothingGained(`${kind} ${count.runs}: ${said}`);
    }
  } finally {
    await racing.stop();
  }
  count.hits += racing.hits();
  await tidy(ground);
  await expectInstalls(ground);
}

/** What the racer left, what a disturbed run could not remove, and what was then still installed. */
async function tidy({ root, run }: Ground): Promise<void> {
  rmSync(join(root, former), { recursive: true, force: true });
  for (const folder of [etc, varLib].map((path) => join(root, path))) {
    const names = readdirSync(folder, { recursive: true, withFileTypes: true });
    for (const entry of names) {
      const path = join(entry.parentPath ?? entry.path, entry.name);
      const stats = lstatSync(path, { throwIfNoEntry: false });
      const isRoots = stats?.isDirectory() === true && stats.uid === 0;
      const isLeft = isRoots || entry.isSymbolicLink() || /\.(?:mine|away)$|^\..*\.smart-transfer$/.test(entry.name);
      if (isLeft) rmSync(path, { recursive: true, force: true });
    }
  }
  await run(uninstall);
}

test.run();
