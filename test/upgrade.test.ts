import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { digest } from "../src/installer/plan/manifest.ts";
import { differences, fileStates } from "../src/sandbox/demo/file-states.ts";
import { type Office, startOffice } from "../src/sandbox/office.ts";
import { unpackAsterisk } from "../src/sandbox/packages.ts";
import { command, sendOn, talksWith, talkToTheEnd } from "./live.ts";

/**
 * Version 0.0 kept its manifest beside Asterisk's data, its lines in app_queue, and a second copy of a large directory.
 * FORMER_COMMAND names a build of it (its dist/install.js); without one, this file makes what it has left on a PBX.
 */
const formerCommand = process.env.FORMER_COMMAND;

/** Turns an install of this version into one of the former version. */
function makeFormer({ pbx }: Office): void {
  const manifestFile = join(pbx.folder, "lib", "smart-transfer", "manifest.json");
  const manifest = JSON.parse(readFileSync(manifestFile, "utf8"));
  const own = join(pbx.etcDir, "smart_transfer.d");
  for (const name of ["queues.conf", "drawers.conf"]) {
    const text = `; asterisk-smart-transfer 0.0.1\n[smart-transfer-${name}]\nstrategy = ringall\n`;
    writeFileSync(join(own, name), text);
    manifest.made[join(own, name)] = digest(Buffer.from(text));
  }
  const queues = join(pbx.etcDir, "queues.conf");
  const text = readFileSync(queues, "utf8");
  const line = readFileSync(join(pbx.etcDir, "features.conf"), "utf8").match(/^#tryinclude "smart_transfer.*\n/m);
  assert.ok(line);
  writeFileSync(queues, `${text}${line[0].replace("d/features.conf", "d/queues.conf")}`);
  writeFileSync(manifestFile, JSON.stringify(manifest));
}

test("an upgrade from the former version, with a caller in the line: nothing of it is left, nobody is lost", async () => {
  const office = await startOffice({
    release: await unpackAsterisk(),
    endpoints: ["101", "102", "103"],
    outsiders: ["900", "901"],
  });
  try {
    const { pbx, phone } = office;
    const run = async (bundle: string, ...args: string[]) => {
      const { all, exitCode } = await execa("node", [bundle, ...args, ...pbx.reach], { reject: false, all: true });
      assert.is(exitCode, 0, all);
      return all;
    };
    const look = () => fileStates(pbx.etcDir, join(pbx.dataDir, "sounds"), join(pbx.folder, "lib"));
    const own = join(pbx.etcDir, "smart_transfer.d");
    const before = await look();
    const wait = `wait_timeout=${formerCommand === undefined ? 120 : 20}`;
    const install = ["install", "--yes", "--extensions", "101-103", "--no-rehearsal", "--set", wait];
    await run(formerCommand ?? command, ...install);
    if (formerCommand === undefined) makeFormer(office);

    const other = await talksWith(office, "901", "102");
    const caller = await sendOn(office, "900", "101", "102");
    await caller.hears();
    await sleep(6000);
    const upgraded = await run(command, "install", "--yes");
    assert.match(upgraded, /edit +\S+\/queues\.conf/);
    assert.equal(
      ["queues.conf", "drawers.conf"].filter((name) => existsSync(join(own, name))),
      [],
    );
    assert.not.match(readFileSync(join(pbx.etcDir, "queues.conf"), "utf8"), /smart_transfer/);
    await run(command, "check");

    await other.talked.hangup();
    await other.caller.ended();
    // The former version's queues are removed with their file. Whoever waits in one goes back to the transferer when wait_timeout ends.
    const next = phone(formerCommand === undefined ? "102" : "101");
    await talkToTheEnd(caller, await next.rings());
    const second = await sendOn(office, "900", "101", "103");
    await talkToTheEnd(second, await phone("103").rings());

    await run(command, "uninstall", "--yes");
    assert.equal(differences(before, await look()), []);
  } finally {
    await office.stop();
  }
});

test.run();
