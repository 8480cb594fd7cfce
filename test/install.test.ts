import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { talking } from "../src/sandbox/call.ts";
import { differences, fileStates } from "../src/sandbox/demo/file-states.ts";
import { startOffice } from "../src/sandbox/office.ts";
import { unpackAsterisk } from "../src/sandbox/packages.ts";
import { command, talkToTheEnd } from "./live.ts";

/** An office that nothing is installed in, and the command run against it. */
async function strangersOffice() {
  const release = await unpackAsterisk({});
  const office = await startOffice({ release, endpoints: ["101", "102", "103", "104", "105"], outsiders: ["900"] });
  const { pbx } = office;
  const prove = (...args: string[]) =>
    execa("node", [command, ...args, ...pbx.reach], { reject: false, stdin: "ignore" });
  const run = (...args: string[]) => prove(...args, "--no-rehearsal");
  const look = () => fileStates(pbx.etcDir, join(pbx.dataDir, "sounds"), join(pbx.folder, "lib"));
  return { ...office, run, prove, look };
}

type StrangersOffice = Awaited<ReturnType<typeof strangersOffice>>;

/** Runs a story in an office of its own, and stops the office in any case. */
const inOffice = (story: (office: StrangersOffice) => Promise<void>) => async () => {
  const office = await strangersOffice();
  try {
    await story(office);
  } finally {
    await office.stop();
  }
};

test(
  "install, check, install again, uninstall: to the byte and to the mode",
  inOffice(async ({ pbx, phone, run, prove, look }) => {
    const before = await look();
    assert.is((await run("check")).exitCode, 3, "not installed is broken");

    const dry = await run("install", "--dry-run", "--extensions", "101-105");
    assert.is(dry.exitCode, 0);
    assert.match(dry.stdout, /\+#tryinclude "smart_transfer.d\/features.conf"/);
    assert.equal(differences(before, await look()), [], "a dry run changes nothing");

    const first = await prove("install", "--yes", "--json", "--extensions", "101-105");
    assert.is(first.exitCode, 0, first.stdout + first.stderr);
    const result = JSON.parse(first.stdout);
    assert.is(result.changed, true);
    assert.equal(result.reloads, [
      "module reload pbx_lua.so",
      "module reload pbx_config.so",
      "module reload res_pjsip.so",
      "module reload features",
    ]);
    assert.equal(
      [...result.check, ...result.rehearsal].filter(
        ({ status }: { status: string }) => status !== "pass" && status !== "skipped",
      ),
      [],
    );
    assert.ok(result.rehearsal.length > 5);
    const installed = await look();

    const call = await phone("900").call("101");
    const transferer = await phone("101").rings();
    await transferer.answer();
    await talking(call, transferer);
    await transferer.keys("#102");
    const receiver = await phone("102").rings();
    await transferer.ended();

    const second = await run("install", "--yes", "--json", "--extensions", "101-105");
    assert.equal(JSON.parse(second.stdout).changed, false);
    assert.equal(differences(installed, await look()), [], "a second install changes no byte");
    assert.is(call.hasEnded, false, "a call in progress does not notice");
    await talkToTheEnd(call, receiver);

    const checked = JSON.parse((await run("check", "--json")).stdout);
    assert.equal(Object.keys(checked), ["version", "asterisk", "checks", "rehearsal"]);

    const gone = await run("uninstall", "--yes");
    assert.is(gone.exitCode, 0, gone.stderr);
    assert.equal(differences(before, await look()), []);
    assert.not.match(await pbx.cli("features show"), /smart-transfer/);
    assert.not.match(await pbx.cli("pjsip show endpoint 101"), /DYNAMIC_FEATURES/);
    assert.is((await run("uninstall", "--yes")).exitCode, 0, "twice is fine");
  }),
);

test(
  "it is still there after a restart, also where there was no extensions.lua",
  inOffice(async ({ pbx, phone, run, look }) => {
    await rm(join(pbx.etcDir, "extensions.lua"));
    await pbx.restart();
    // It declined to load, and is listed as "Not Running".
    assert.not.match(await pbx.cli("module show like pbx_lua"), /^pbx_lua.*\d +Running/m);
    const before = await look();
    const installed = await run("install", "--yes");
    assert.is(installed.exitCode, 0, installed.stdout + installed.stderr);
    assert.match(installed.stderr, /module load pbx_lua.so/);
    await pbx.restart();
    assert.is((await run("check")).exitCode, 0);
    for (const number of ["101", "102", "900"]) await phone(number).register();
    const call = await phone("900").call("101");
    const transferer = await phone("101").rings();
    await transferer.answer();
    await talking(call, transferer);
    await transferer.keys("#102");
    const receiver = await phone("102").rings();
    await talkToTheEnd(call, receiver);
    assert.is((await run("uninstall", "--yes")).exitCode, 0);
    assert.equal(differences(before, await look()), []);
  }),
);

test(
  "an edit of the admin's survives install and uninstall, and counts",
  inOffice(async ({ pbx, run }) => {
    const file = join(pbx.etcDir, "smart_transfer.conf");
    await run("install", "--yes", "--extensions", "101-103");
    await writeFile(file, (await readFile(file, "utf8")).replace("transfer_key = #", "transfer_key = *7"));
    await writeFile(join(pbx.etcDir, "features.conf"), `${await readFile(join(pbx.etcDir, "features.conf"))}; mine\n`);
    const again = await run("install", "--yes");
    assert.is(again.exitCode, 0, again.stderr);
    assert.match(await pbx.cli("features show"), /smart-transfer +no def +\*7/);
    await writeFile(file, `${await readFile(file, "utf8")}; mine\n`);
    const gone = await run("uninstall", "--yes");
    assert.match(gone.stderr, /smart_transfer.conf stays, because somebody has edited it since the install/);
    assert.match(await readFile(file, "utf8"), /; mine/);
    const features = await readFile(join(pbx.etcDir, "features.conf"), "utf8");
    assert.ok(features.endsWith("; mine\n"));
    assert.not.match(features, /smart_transfer/);
  }),
);

test(
  "offline, into a mounted file system: the same files, and no Asterisk is asked",
  inOffice(async ({ pbx, run, look }) => {
    const root = await mkdtemp(join(tmpdir(), "root-"));
    // The core sounds are links to outside of the PBX's folder, where the mounted file system has nothing.
    const isToCopy = (path: string) => !path.endsWith(".ctl");
    await cp(pbx.folder, join(root, pbx.folder), { recursive: true, dereference: true, filter: isToCopy });
    await run("install", "--yes", "--extensions", "101-105");
    const live = await look();
    const offline = ["--offline", "--root", root, "--asterisk-conf", pbx.confFile];
    const installed = await execa("node", [command, "install", "--yes", "--extensions", "101-105", ...offline], {
      reject: false,
    });
    assert.is(installed.exitCode, 0, installed.stderr);
    const here = join(root, pbx.etcDir);
    const copied = await fileStates(here);
    for (const [path, what] of await fileStates(pbx.etcDir))
      assert.is(copied.get(path.replace(pbx.etcDir, here)), what, path);
    assert.ok(live.size > 0);
    const gone = await execa("node", [command, "uninstall", "--yes", ...offline], { reject: false });
    assert.is(gone.exitCode, 0, gone.stderr);
    assert.not.match(await readFile(join(here, "features.conf"), "utf8"), /smart_transfer/);
    await rm(root, { recursive: true });
  }),
);

test(
  "features that an endpoint has already are kept, wherever they come from",
  inOffice(async ({ pbx, run }) => {
    const file = join(pbx.etcDir, "pjsip.conf");
    const was = await readFile(file, "utf8");
    const ofAll = was.replace("[phone](!)\n", "[phone](!)\nset_var = DYNAMIC_FEATURES=automixmon#x\n");
    await writeFile(file, `${ofAll}\n#include "people/*.conf"\n`);
    await mkdir(join(pbx.etcDir, "people"));
    const [own, other] = ["set_var = DYNAMIC_FEATURES=parkcall", "set_var = TRANSFER_CONTEXT=sales"];
    await writeFile(join(pbx.etcDir, "people/102.conf"), `[102](+type=endpoint)\n${own}\n${other}\n`);
    await pbx.cli("module reload res_pjsip.so");
    const featuresOf = async (endpoint: string) =>
      /DYNAMIC_FEATURES *: (\S+)/.exec(await pbx.cli(`pjsip show endpoint ${endpoint}`))?.[1];
    const before = [await featuresOf("101"), await featuresOf("102")];
    assert.equal(before, ["automixmon#x", "parkcall"], "as Asterisk understands the admin's files");
    for (let times = 0; times < 2; times++) {
      const installed = await run("install", "--yes", "--extensions", "101-102");
      assert.is(installed.exitCode, 0, installed.stdout + installed.stderr);
      assert.is(await featuresOf("101"), "automixmon#x#smart-transfer");
      assert.is(await featuresOf("102"), "parkcall#smart-transfer");
    }
    assert.is((await run("uninstall", "--yes")).exitCode, 0);
    assert.equal([await featuresOf("101"), await featuresOf("102")], before);
  }),
);

test(
  "an uninstall works though pbx_lua was unloaded meanwhile and the manifest is lost, and says what it leaves",
  inOffice(async ({ pbx, run, look }) => {
    const before = await look();
    await run("install", "--yes", "--extensions", "101-102");
    await pbx.cli("module unload pbx_lua.so");
    await rm(join(pbx.folder, "lib/smart-transfer"), { recursive: true });
    const gone = await run("uninstall", "--yes");
    assert.is(gone.exitCode, 0, gone.stderr);
    assert.not.match(gone.stderr, /module .*pbx_lua/);
    assert.match(gone.stderr, /smart_transfer\.conf stays: without/);
    assert.equal(differences(before, await look()), [join(pbx.etcDir, "smart_transfer.conf")]);
  }),
);

test.run();
