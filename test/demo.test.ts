import { mkdir, mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { command } from "./live.ts";

const titles = ["Answered", "Busy: the caller waits", "No answer: the call comes back"];

function assertStory(shown: string): void {
  const at = titles.map((title) => shown.indexOf(`${title}  `));
  assert.ok(
    at.every((place, index) => place > (at[index - 1] ?? -1)),
    shown,
  );
  assert.match(shown, /Boris's phone rings \d+ ms after/);
  assert.match(shown, /No\s[\s\S]*caller is lost/);
  assert.match(shown, /On your own PBX: npx asterisk-smart-transfer/);
  for (const line of shown.split("\n")) assert.ok([...line].length <= 80, line);
}

test("live: three scenes by real calls, and nothing stays", async () => {
  const folder = await mkdtemp(join(tmpdir(), "demo-"));
  try {
    const run = await execa("node", [command, "demo", "--yes"], { reject: false, env: { TMPDIR: folder } });
    assert.is(run.exitCode, 0, run.stderr);
    assertStory(run.stdout);
    assert.match(run.stderr, /All \d+ files of that Asterisk are as they were, to the byte/);
    assert.equal(await readdir(folder), [], "no file is left");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test("where there is no apt: it says so at once, and shows the recorded run", async () => {
  const folder = await mkdtemp(join(tmpdir(), "demo-"));
  try {
    await mkdir(join(folder, "bin"));
    await symlink(process.execPath, join(folder, "bin/node"));
    const env = { PATH: join(folder, "bin"), XDG_CACHE_HOME: join(folder, "cache") };
    const run = await execa(process.execPath, [command, "demo"], {
      reject: false,
      env,
      extendEnv: false,
      stdin: "ignore",
    });
    assert.is(run.exitCode, 0, run.stderr);
    assert.match(run.stderr, /does not run here\..*\nSo here is a recorded run\./);
    assertStory(run.stdout);
    assert.equal(await readdir(folder), ["bin"], "nothing is made");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test.run();
