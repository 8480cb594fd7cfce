import { chmod, mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { differences, tree } from "../src/demo/tree.ts";
import { unpackAsterisk } from "../src/sandbox/packages.ts";
import { startPbx } from "../src/sandbox/pbx.ts";
import { command } from "./live.ts";

/** A sentence, and what to do; never a stack trace. */
function assertClear(stderr: string, sentence: RegExp): void {
  assert.match(stderr, sentence);
  assert.not.match(stderr, /^\s+at /m, stderr);
  assert.ok(stderr.trim().split("\n").length <= 3, stderr);
}

const run = (...args: string[]) =>
  execa("node", [command, ...args], { reject: false, stdin: "ignore", env: { PATH: process.env.PATH ?? "" } });

const wrong: readonly [args: string[], code: number, sentence: RegExp][] = [
  [["instal"], 2, /no command "instal"/],
  [["--extension", "101"], 2, /no option --extension/],
  [["install", "--extensions"], 2, /needs its value: --extensions LIST/],
  [["install", "check"], 2, /"check" is one word too many/],
  [["install", "--yes", "--extensions", "105-101"], 2, /the range 105-101 runs backwards/],
  [["install", "--yes", "--extensions", "101,,102"], 2, /an entry is empty/],
  [["install", "--yes", "--extensions", "101,101"], 2, /101 is listed twice/],
  [["install", "--yes", "--extensions", "101=PJSIP/x)\nexten"], 2, /--extensions: /],
  [["install", "--yes", "--key", "#,x"], 2, /--key: "#,x" must be one to four telephone keys/],
  [
    ["install", "--yes", "--set", "ring_timeout=0"],
    2,
    /--set ring_timeout: "0" must be a number of seconds from 1 to 600/,
  ],
  [["install", "--yes", "--set", "colour=red"], 2, /no such setting/],
  [["install", "--yes", "--set", "ring_timeout"], 2, /a name and a value are needed/],
  [["install", "--yes", "--settings", "/nowhere.conf"], 2, /\/nowhere.conf cannot be read/],
  [["install"], 2, /no terminal to ask on/],
  [["install", "--json"], 2, /^$/],
  [["check", "--asterisk", "/nowhere/asterisk"], 1, /"\/nowhere\/asterisk" cannot be run/],
  [["install", "--yes", "--offline", "--asterisk-conf", "/nowhere.conf"], 1, /\/nowhere.conf cannot be read/],
];

for (const [args, code, sentence] of wrong) {
  test(`${args.join(" ").replace("\n", " ")}: one clear sentence, exit code ${code}`, async () => {
    const { exitCode, stderr, stdout } = await run(...args);
    assert.is(exitCode, code, stderr);
    if (args.includes("--json")) assert.equal(Object.keys(JSON.parse(stdout)), ["error", "remedy"]);
    else assertClear(stderr, sentence);
  });
}

test("no Asterisk on this machine", async () => {
  const folder = await mkdtemp(join(tmpdir(), "none-"));
  const { exitCode, stderr } = await execa(process.execPath, [command, "check"], {
    reject: false,
    env: { PATH: folder },
    extendEnv: false,
  });
  assert.is(exitCode, 1);
  assertClear(stderr, /No Asterisk was found|not running/);
  await rm(folder, { recursive: true });
});

test("a PBX that cannot be changed: each says why, and nothing is changed", async () => {
  const release = await unpackAsterisk({});
  const folder = await mkdtemp(join(tmpdir(), "bad-"));
  const pbx = await startPbx({ release, folder: join(folder, "pbx"), endpoints: ["101", "102"] });
  const reach = ["--asterisk", pbx.command, "--asterisk-conf", pbx.confFile];
  const look = () => tree(pbx.etcDir, join(pbx.dataDir, "sounds"), join(pbx.folder, "lib"));
  const before = await look();
  const refused = async (args: string[], sentence: RegExp) => {
    const { exitCode, stderr } = await run("install", "--yes", ...args, ...reach);
    assert.is(exitCode, 1, stderr);
    assertClear(stderr, sentence);
    assert.equal(differences(before, await look()), []);
  };

  await refused(["--extensions", "101-103"], /no PJSIP endpoint 103/);

  const settings = join(folder, "settings.conf");
  await writeFile(settings, "[general]\nring_timeout = 20\ncolour = red\n[101]\ndevice = PJSIP/101\n");
  await refused(["--settings", settings], /settings.conf, line 3: "colour" is no setting/);

  const lua = await pbx.cli("module unload pbx_lua.so");
  assert.match(lua, /Unloaded/);
  await mkdir(join(folder, "modules"));
  const conf = join(folder, "no-lua.conf");
  await writeFile(conf, "[directories]\n");
  await pbx.cli("module load pbx_lua.so");

  if (process.getuid?.() !== 0) {
    await chmod(pbx.etcDir, 0o500);
    const { exitCode, stderr } = await run("install", "--yes", "--extensions", "101-102", ...reach);
    await chmod(pbx.etcDir, 0o755);
    assert.is(exitCode, 1);
    assertClear(stderr, /may not be written by this user/);
    assert.equal(differences(before, await look()), []);
  }

  await rename(join(pbx.etcDir, "features.conf"), join(folder, "features.conf"));
  await mkdir(join(pbx.etcDir, "features.conf"));
  const odd = await run("install", "--yes", "--extensions", "101-102", ...reach);
  assert.is(odd.exitCode, 1);
  assertClear(odd.stderr, /features.conf is not a regular file/);

  await pbx.stop();
  const { exitCode, stderr } = await run("check", ...reach);
  assert.is(exitCode, 1);
  assertClear(stderr, /not running/);
  await rm(folder, { recursive: true, force: true });
});

test.run();
