/**
 * A share of `npm run chaos -- --files`: what people and runs do to a PBX's files, of a fixed seed and of the date's. And what
 * judges them finds installers that are broken on purpose.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { sequenceOf } from "../src/tools/chaos/files/generate.ts";
import { reportOf } from "../src/tools/chaos/files/main.ts";
import { play } from "../src/tools/chaos/files/play.ts";
import { FileSite } from "../src/tools/chaos/files/site.ts";
import type { Ground, Step } from "../src/tools/chaos/files/step.ts";
import { command } from "./live.ts";

const suite = process.env.ASTERISK_SUITE;
const former = process.env.FORMER_COMMAND;
const aDay = 86_400_000;
const today = Math.floor(Date.now() / aDay);
const site = FileSite.start({ suite, former });

for (const seed of [1, today]) {
  test(`files, as sequence ${seed} has it`, async () => {
    const { steps, findings } = await play(sequenceOf(seed), await site);
    assert.equal(findings, [], reportOf(seed, steps, findings));
    assert.ok(steps.length > 2, "something was done");
  });
}

test("a seed gives one sequence, and a hundred have all that is done to files", () => {
  assert.equal(sequenceOf(7), sequenceOf(7));
  const all = Array.from({ length: 100 }, (_, seed) => sequenceOf(seed));
  assert.equal([...new Set(all.flatMap(({ steps }) => steps.map(({ does }) => does)))].sort(), [
    "adds a file",
    "deletes a prompt",
    "edits",
    "edits ours",
    "edits the settings",
    "installs",
    "installs the former version",
    "kills",
    "loses the manifest",
    "records a prompt",
    "reloads",
    "uninstalls",
  ]);
  for (const main of ["CRLF", "open", "usual", "link"])
    assert.ok(all.some(({ ground }) => Object.values(ground.files).some((kind) => kind === main)));
});

/** An installer that is broken in one place of its bundle. */
interface Mutant {
  readonly title: string;
  /** What is in the bundle once, whatever esbuild calls its variables. */
  readonly from: RegExp;
  readonly to: string;
  readonly steps: readonly Step[];
  readonly says: RegExp;
}

const ground: Ground = {
  isAsterisks: false,
  files: { "features.conf": "usual", "extensions.conf": "usual", "pjsip.conf": "usual", "extensions.lua": "usual" },
  isTaken: false,
};
const install: Step = { does: "installs", wish: { extensions: "101-103" } };

const mutants: readonly Mutant[] = [
  {
    title: "uninstall leaves what it made",
    from: /digest\(file\.content\) === sha256\)/,
    to: 'digest(file.content) === sha256 && !file.content.includes("SMART_TRANSFER_DIALPLAN"))',
    steps: [install],
    says: /smart_transfer\.d\/dialplan\.lua is there/,
  },
  {
    title: "what somebody wrote into our file is lost",
    from: /previous\.made\[\w+\] === digest\(file\.content\)/,
    to: 'previous.version !== ""',
    steps: [install, { does: "edits ours", name: "features.conf", how: "is edited" }, install],
    says: /what somebody wrote into \S+features\.conf is lost/,
  },
  {
    title: "the admin's last line gets an end",
    from: /unended\(before\)/,
    to: "before",
    steps: [{ does: "edits", main: "pjsip.conf", how: "cuts the last line end", where: 0 }, install],
    says: /etc\/pjsip\.conf differs/,
  },
  {
    title: "check does not look at our lines",
    from: /!isMarked\(snapshot, \w+\)\)/,
    to: "false)",
    steps: [install, { does: "edits", main: "features.conf", how: "deletes our line", where: 0 }],
    says: /check does not say that this is broken: includes/,
  },
  {
    title: "a killed run is forgotten",
    from: /if \(journal === void 0\) return;/,
    to: "return;",
    steps: [
      install,
      { does: "uninstalls" },
      ...[0.6, 0.7, 0.8].map((at): Step => ({ does: "kills", run: "install", wish: {}, at })),
    ],
    says: /after a kill/,
  },
];

for (const { title, from, to, steps, says } of mutants) {
  test(`found: ${title}`, async () => {
    const bundle = readFileSync(command, "utf8");
    assert.is(bundle.split(from).length, 2, `the bundle has it once: ${from}`);
    const folder = mkdtempSync(join(tmpdir(), "mutant-"));
    const mutant = join(folder, "install.js");
    writeFileSync(
      mutant,
      bundle.replace(from, () => to),
    );
    try {
      const { findings } = await play({ seed: 0, ground, steps }, (await site).with(mutant));
      assert.match(findings.join("\n"), says);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}

test("nothing is left", async () => {
  await (await site).stop();
  assert.equal((await site).stateFolders(), []);
});

test.run();
