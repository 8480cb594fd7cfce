// A run is killed, refused, left hanging or interrupted between its writes and its reloads. Afterwards the files are as
// before, and Asterisk has loaded exactly these.
import { chmod, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { differences, fileStates } from "../src/sandbox/demo/file-states.ts";
import { startOffice } from "../src/sandbox/office.ts";
import { unpackAsterisk } from "../src/sandbox/packages.ts";
import { isWhole } from "./drill.ts";
import { command } from "./live.ts";

async function open() {
  const office = await startOffice({ release: await unpackAsterisk(), endpoints: ["101", "102", "103"] });
  const { pbx, folder } = office;
  const wrapper = join(folder, "asterisk");
  const once = join(folder, "once");
  const run = async (...args: string[]) => {
    const reach = ["--no-rehearsal", "--asterisk", wrapper, "--asterisk-conf", pbx.confFile];
    const ran = await execa("node", [command, ...args, ...reach], { reject: false, stdin: "ignore", all: true });
    return { code: ran.exitCode, signal: ran.signal, said: ran.all };
  };
  /** Runs a line of shell the next time that the command line is asked this. */
  const when = async (asked: string, happens: string) => {
    await writeFile(once, "");
    const strike = `case "$*" in *"${asked}"*) if [ -e ${once} ]; then rm ${once}; ${happens}; fi;; esac`;
    await writeFile(wrapper, `#!/bin/sh\n${strike}\nexec ${pbx.command} "$@"\n`);
    await chmod(wrapper, 0o755);
  };
  /** The parts of Asterisk's configuration that our files can change, as loaded. */
  const running = async () => {
    const shown = [
      "features show",
      "pjsip show endpoint 101",
      "pjsip show endpoint 101",
      "module show like pbx_lua",
      "dialplan show",
    ];
    const said = await Promise.all(shown.map((one) => pbx.cli(one)));
    const ours = said.join("\n").match(/^.*(smart-transfer|DYNAMIC_FEATURES|TRANSFER_CONTEXT).*$|pbx_lua.*ing/gm) ?? [];
    return ours.map((line) => line.replace(/has taken no calls yet.*/, "").trim()).sort();
  };
  const look = () => fileStates(pbx.etcDir, join(pbx.dataDir, "sounds"), join(pbx.folder, "lib"));
  await when("nothing", "true");
  return {
    ...office,
    run,
    when,
    running,
    look,
    struck: () =>
      rm(once).then(
        () => false,
        () => true,
      ),
  };
}

const opened = open();
const install = ["install", "--yes", "--extensions", "101-102"];
const upgrade = ["install", "--yes", "--extensions", "101-103", "--key", "*7"];
const uninstall = ["uninstall", "--yes"];
const undone = /Everything is as it was before\./;

/** Disturbs a run, starts the next where the drill wants one, and compares the files and Asterisk with those before. */
async function drill(args: readonly string[], asked: string, happens: string, next?: readonly string[]) {
  const { run, when, running, look, struck } = await opened;
  const before = { files: await look(), running: await running() };
  await when(asked, happens);
  const ran = await run(...args);
  assert.ok(await struck(), `${asked} was asked: ${ran.said}`);
  const settled = next && (await run(...next));
  assert.equal(differences(before.files, await look()), [], ran.said);
  assert.equal(await running(), before.running, `${ran.said}\n${settled?.said}`);
  return { ...ran, next: settled?.said ?? "" };
}

/** The acts, before and after the install, and the commands between which each is struck. */
const reloads = [
  "module reload pbx_lua.so",
  "module reload pbx_config.so",
  "module reload res_pjsip.so",
  "module reload features",
];

async function works(run: Awaited<typeof opened>["run"]): Promise<void> {
  const { code, said } = await run("check");
  assert.is(code, 0, said);
}

function killed(args: readonly string[], asked: readonly string[]) {
  return async () => {
    // Each run of the suite takes two others.
    const drilled = isWhole ? asked : [...asked].sort(() => Math.random() - 0.5).slice(0, 2);
    for (const command of drilled) {
      const { signal, next } = await drill(args, command, "kill -9 $PPID; exit", ["uninstall"]);
      assert.is(signal, "SIGKILL");
      assert.match(next, /was killed half way\. Everything is as it was before\./, command);
    }
  };
}

test(
  "an install killed between its writes and its reloads, or while it checks",
  killed(install, [...reloads, "pjsip show endpoint 101"]),
);

test("a reload that Asterisk refuses takes the install back", async () => {
  const { code, said } = await drill(
    install,
    "module reload features",
    `echo "Module 'features' reported a reload failure"; exit`,
  );
  assert.is(code, 1);
  assert.match(said, /"module reload features" failed: .* reported a reload failure/);
  assert.match(said, undone);
});

test("an install that is interrupted takes itself back, and Asterisk reads its files again", async () => {
  for (const [signal, asked] of [
    ["INT", "module reload res_pjsip.so"],
    ["TERM", "pjsip show endpoint 101"],
    ["HUP", "module reload features"],
  ]) {
    const { code, said } = await drill(install, asked as string, `kill -${signal} $PPID; sleep 0.2`);
    assert.is(code, 130, said);
    assert.match(said, /^Interrupted\. Everything is as it was before\.$/m);
  }
});

test("an Asterisk that hangs in the check is waited for only so long, and the install is taken back", async () => {
  const started = Date.now();
  const { code, said } = await drill(install, "pjsip show endpoint 101", "sleep 100");
  assert.is(code, 1);
  assert.match(
    said,
    /Asterisk did not answer "pjsip show endpoint 101" within 15 s\. Everything is as it was before\./,
  );
  assert.ok(Date.now() - started < 40_000);
});

test("an Asterisk that stops between write and reload: its files are as before, and so it starts again", async () => {
  const { pbx } = await opened;
  const { run, running, look } = await opened;
  const before = { files: await look(), running: await running() };
  const { when } = await opened;
  await when("module reload pbx_config.so", `kill -9 ${pbx.pid}; sleep 0.3`);
  const { code, said } = await run(...install);
  assert.is(code, 1);
  assert.match(said, /Asterisk is not running.* Everything is as it was before\./);
  await pbx.restart();
  assert.equal(await running(), before.running);
  assert.equal(
    differences(before.files, await look()).filter((path) => !path.includes("/lib/")),
    [],
  );
  assert.is((await run("check")).code, 3);
});

test("killed, and then Asterisk is down: the next run puts the files back all the same", async () => {
  const { pbx, run, running, look, when } = await opened;
  const before = { files: await look(), running: await running() };
  await when("module reload res_pjsip.so", `kill -9 ${pbx.pid}; kill -9 $PPID; exit`);
  assert.is((await run(...install)).signal, "SIGKILL");
  await sleep(300);
  assert.ok(differences(before.files, await look()).length > 0);
  const { code, said } = await run(...install);
  assert.is(code, 1);
  assert.match(said, /was killed half way\. Everything is as it was before\./);
  assert.match(said, /Asterisk is not running/);
  assert.equal(
    differences(before.files, await look()).filter((path) => !path.includes("/lib/")),
    [],
  );
  await pbx.restart();
  assert.equal(await running(), before.running);
});

test("an upgrade, killed in the same places: the old key is live again", async () => {
  const { run, pbx } = await opened;
  const installed = await run(...install);
  assert.is(installed.code, 0, installed.said);
  await killed(upgrade, ["module reload pbx_config.so", "module reload features"])();
  assert.match(await pbx.cli("features show"), /smart-transfer +no def +#/);
  await works(run);
});

test("an uninstall, killed in the same places: it is installed and works", async () => {
  const { run } = await opened;
  await killed(uninstall, [...reloads, "core show channels concise"])();
  await works(run);
});

test("an uninstall where extensions.lua is ours alone, killed before and after pbx_lua was unloaded", async () => {
  const { run, pbx } = await opened;
  assert.is((await run(...uninstall)).code, 0);
  await rm(join(pbx.etcDir, "extensions.lua"));
  await pbx.cli("module unload pbx_lua.so");
  await killed(install, ["module load pbx_lua.so", "module reload features"])();
  assert.is((await run(...install)).code, 0);
  await killed(uninstall, ["module unload pbx_lua.so", "module reload features"])();
  await works(run);
  assert.is((await run(...uninstall)).code, 0);
});

test("the office closes", async () => {
  await (await opened).stop();
});

test.run();
