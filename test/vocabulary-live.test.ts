import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { command, type Live, leavesNothing, type Result, startLive } from "./live.ts";

const started = startLive();
const live = async () => (await started).begin();

/** The command of a build whose dialplan calls one more application and one more function. */
async function withMore(story: (run: (...args: string[]) => Promise<Result>) => Promise<void>, { pbx }: Live) {
  const folder = await mkdtemp(join(tmpdir(), "vocabulary-"));
  try {
    const bundle = await readFile(command, "utf8");
    const more = bundle
      .replace('"applications":[', '"applications":["Frobnicate",')
      .replace('"functions":[', '"functions":["FROB",');
    assert.is(more.length, bundle.length + '"Frobnicate","FROB",'.length, "both are put in");
    const file = join(folder, "install.cjs");
    await writeFile(file, more);
    await story(async (...args) => {
      const ran = await execa("node", [file, ...args, ...pbx.reach], { reject: false, stdin: "ignore" });
      return { code: ran.exitCode, stdout: ran.stdout, stderr: ran.stderr };
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test("every application and function that the dialplan calls is known to this Asterisk", async () => {
  const office = await live();
  const { stdout } = await office.run("check", "--json", "--no-rehearsal");
  const { checks } = JSON.parse(stdout) as { checks: { id: string; status: string; seen: string }[] };
  const row = checks.find(({ id }) => id === "applications");
  assert.is(row?.status, "pass", row?.seen);
  assert.match(row?.seen ?? "", /^Asterisk has all \d\d, and all \d\d functions$/);
  await office.clean();
});

test("what it does not know is named by check, and nothing is rehearsed", async () => {
  const office = await live();
  await withMore(async (run) => {
    const { code, stdout } = await run("check", "--json");
    const { checks, rehearsal } = JSON.parse(stdout) as Record<string, { id: string; status: string; seen: string }[]>;
    const row = checks?.find(({ id }) => id === "applications");
    assert.is(code, 3);
    assert.is(row?.status, "fail");
    assert.is(row?.seen, "missing in this Asterisk: application Frobnicate, function FROB");
    assert.ok(
      rehearsal?.every(
        ({ status, seen }) => status === "skipped" && seen === "not rehearsed, because applications failed",
      ),
    );
  }, office);
  await office.clean();
});

test("an install is refused by their names before it changes anything", async () => {
  const office = await live();
  const { pbx, run } = office;
  assert.is((await run("uninstall", "--yes")).code, 0);
  const before = await readdir(pbx.etcDir);
  await withMore(async (more) => {
    const { code, stderr } = await more("install", "--yes", "--extensions", "101");
    assert.is(code, 1);
    assert.match(stderr, "This Asterisk has no application Frobnicate.");
    assert.match(stderr, "This Asterisk has no function FROB.");
    assert.match(stderr, "npx asterisk-smart-transfer@latest");
  }, office);
  assert.equal(await readdir(pbx.etcDir), before);
});

test("nothing is left", () => leavesNothing(started));

test.run();
