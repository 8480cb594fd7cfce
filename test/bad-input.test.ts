import { existsSync } from "node:fs";
import {
  chmod,
  chown,
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { differences, fileStates } from "../src/sandbox/demo/file-states.ts";
import { unpackAsterisk } from "../src/sandbox/packages.ts";
import { type Pbx, startPbx } from "../src/sandbox/pbx.ts";
import type { Release } from "../src/sandbox/release.ts";
import { isRoot, mayOnlyRoot } from "./as-root.ts";
import { command } from "./live.ts";

/** Asserts that the command says what is wrong and what to do, without a stack trace. */
function assertClear(stderr: string, sentence: RegExp): void {
  assert.match(stderr, sentence, stderr);
  assert.not.match(stderr, /^\s+at /m, stderr);
  assert.ok(stderr.trim().split("\n").length <= 3, stderr);
}

const run = (...args: string[]) =>
  execa("node", [command, ...args], { reject: false, stdin: "ignore", env: { PATH: process.env.PATH ?? "" } });

const wrong: readonly [args: string[], code: number, sentence: RegExp][] = [
  [["instal"], 2, /no command "instal"/],
  [["--extensionss", "101"], 2, /no option --extensionss/],
  [["--extension", "101"], 2, /--extension belongs to the command log/],
  [["install", "--extensions"], 2, /needs a value: --extensions LIST/],
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
  const { exitCode, all } = await execa(process.execPath, [command, "check"], {
    reject: false,
    all: true,
    env: { PATH: folder },
    extendEnv: false,
  });
  // The command finds Asterisk in its usual place even without PATH.
  assert.is(exitCode, all.includes("not running") ? 3 : 1);
  assertClear(all, /No Asterisk was found|not running/);
  await rm(folder, { recursive: true });
});

/** A PBX of its own for a story, with the options that reach it. */
const onPbx = (story: (bed: Bed) => Promise<void>) => async () => {
  const release = await unpackAsterisk({});
  const folder = await mkdtemp(join(tmpdir(), "bad-"));
  const pbx = await startPbx({ release, folder: join(folder, "pbx"), endpoints: ["101", "102"] });
  try {
    await story({ release, folder, pbx, reach: pbx.reach });
  } finally {
    await pbx.stop();
    await rm(folder, { recursive: true, force: true });
  }
};

interface Bed {
  release: Release;
  folder: string;
  pbx: Pbx;
  reach: readonly string[];
}

const everything = ({ pbx }: Bed) => fileStates(pbx.etcDir, join(pbx.dataDir, "sounds"), join(pbx.folder, "lib"));

test(
  "a PBX that cannot be changed: each says why, and nothing is changed",
  onPbx(async (bed) => {
    const { pbx, folder, reach } = bed;
    const look = () => everything(bed);
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
    await refused(["--settings", settings], /settings.conf, line 3: "colour" is not a setting/);

    await rename(join(pbx.etcDir, "features.conf"), join(folder, "features.conf"));
    await mkdir(join(pbx.etcDir, "features.conf"));
    const odd = await run("install", "--yes", "--extensions", "101-102", ...reach);
    assert.is(odd.exitCode, 1);
    assertClear(odd.stderr, /features.conf is not a regular file/);

    await pbx.stop();
    const { exitCode, stderr } = await run("install", "--yes", "--extensions", "101-102", ...reach);
    assert.is(exitCode, 1);
    assertClear(stderr, /not running/);
    const checked = await run("check", ...reach);
    assert.is(checked.exitCode, 3);
    assertClear(checked.stdout, /asterisk +Asterisk is not running/);
  }),
);

test(
  "an Asterisk without pbx_lua: it says which file is missing and which package has it",
  onPbx(async (bed) => {
    const { pbx, folder, release, reach } = bed;
    const modules = join(folder, "modules");
    await mkdir(modules);
    for (const name of await readdir(release.moduleDir))
      if (name !== "pbx_lua.so") await symlink(join(release.moduleDir, name), join(modules, name));
    const conf = await readFile(pbx.confFile, "utf8");
    await writeFile(pbx.confFile, conf.replace(release.moduleDir, modules));
    await pbx.restart();
    const before = await everything(bed);
    const { exitCode, stderr } = await run("install", "--yes", "--extensions", "101-102", ...reach);
    assert.is(exitCode, 1);
    assertClear(stderr, /has no Lua dialplan: .*\/modules\/pbx_lua\.so is missing/);
    assert.match(stderr, /asterisk-modules/);
    assert.equal(differences(before, await everything(bed)), []);
  }),
);

const nobody = 65534;

test(
  "a user who may not: neither read, nor write, nor reach the command line",
  onPbx(async (bed) => {
    if (!mayOnlyRoot("run a command as somebody else")) return assert.not(isRoot);
    const { pbx, folder, release } = bed;
    const script = join(folder, "install.js");
    await copyFile(command, script);
    for (const path of [folder, pbx.folder]) await chmod(path, 0o755);
    const refused = async (args: string[], sentence: RegExp) => {
      const before = await everything(bed);
      const { exitCode, stderr } = await execa("node", [script, ...args], {
        reject: false,
        stdin: "ignore",
        cwd: folder,
        uid: nobody,
        gid: nobody,
      });
      assert.is(exitCode, 1, stderr);
      // A run shows its changes before it writes anything.
      const complaint = stderr.trim().split("\n").slice(-2).join("\n");
      assertClear(complaint, sentence);
      assert.match(complaint, /as root or as Asterisk's own user/);
      assert.not.match(stderr, /^\s+at /m, stderr);
      assert.equal(differences(before, await everything(bed)), []);
    };

    const install = ["install", "--yes", "--extensions", "101-102"];
    const offline = [...install, "--offline", "--asterisk-conf", pbx.confFile];
    await refused(offline, /(This user may not read \S+asterisk\.conf|asterisk\.conf cannot be read)/);
    await chmod(pbx.confFile, 0o644);
    await refused(offline, /This user may not write \S+lib\/smart-transfer\./);
    await chown(join(pbx.folder, "lib"), nobody, nobody);
    // The command reads all files at the same time. If it may not read several, any of them can be reported.
    const names = await readdir(pbx.etcDir);
    for (const name of names.filter((one) => /\.(ael|lua)$/.test(one))) await chmod(join(pbx.etcDir, name), 0o644);
    await refused(offline, /This user may not read \S+\.conf \(EACCES\)/);
    for (const name of names) await chmod(join(pbx.etcDir, name), name.includes(".") ? 0o644 : 0o755);
    await refused(offline, /This user may not write \S+etc\/asterisk\/smart_transfer.d\./);

    // Links to the program must be hard ones: the release is in a folder that only root may enter.
    const copy = join(folder, "release");
    await mkdir(join(copy, "usr"), { recursive: true });
    for (const name of ["lib", "usr/lib", "usr/sbin"])
      if (existsSync(join(release.root, name))) await execa("cp", ["-al", join(release.root, name), join(copy, name)]);
    const program = release.command.join(" ").replaceAll(release.root, copy);
    await refused([...install, "--asterisk", program, "--asterisk-conf", pbx.confFile], /control socket is closed/);
    await refused([...install, ...pbx.reach], /cannot be run as Asterisk's/);
  }),
);

test.run();
