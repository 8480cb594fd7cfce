// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Asterisk's own variables
import { chmod, cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { readSettings } from "../src/installer/settings/model.ts";
import { talking } from "../src/sandbox/call.ts";
import { keys, TerminalSession, whyNoTerminal } from "../src/tools/pictures/terminal-session.ts";
import { generatedPbx } from "./generated-pbx.ts";
import { command, type Live, leavesNothing, startLive, talkToTheEnd } from "./live.ts";

/** What README tells the admin of a PBX with a web interface to do, done one by one. */

const extensions = ["101", "102", "103", "104", "105", "10"];
const started = startLive(generatedPbx(extensions));
const live = async () => (await started).begin();
const throughTheirs = "Local/${EXTENSION}@from-queue-exten-only/n";

async function generalOf({ pbx }: Live) {
  const file = join(pbx.etcDir, "smart_transfer.conf");
  return readSettings(await readFile(file, "latin1"), file).general;
}

async function done(office: Live, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await office.run(...args);
  assert.is(code, 0, stdout + stderr);
  return stdout + stderr;
}

/** A run of the wizard on a PBX without us; what is pressed at the question how extensions are rung. */
async function wizard(office: Live, pressed: readonly string[]): Promise<string> {
  await done(office, "uninstall", "--yes");
  const session = new TerminalSession([process.execPath, command, "--no-rehearsal", ...office.pbx.reach]);
  for (const question of ["Who takes part?", "Try a mobile", "Which key starts a transfer?"]) {
    await session.shows(question);
    await session.press(keys.enter);
  }
  await session.shows("How are extensions rung?");
  await session.press(...pressed);
  for (const question of ["Prompts in which languages", "Which recordings?", "Make these changes?"]) {
    await session.shows(question);
    await session.press(keys.enter);
  }
  assert.is(await session.code(), 0, session.text);
  return session.text;
}

test("the wizard proposes the PBX's own dialplan; either answer is kept by all that follow", async () => {
  const obstacle = await whyNoTerminal();
  if (obstacle !== undefined) return console.log(`SKIPPED: ${obstacle}`);
  const office = await live();
  const backAndAgain = [keys.escape, keys.enter, keys.enter];
  const text = await wizard(office, backAndAgain);
  assert.match(text, `Through this PBX's own dialplan: ${throughTheirs}`);
  assert.match(text, `To ring an extension, Asterisk dials ${throughTheirs}`);
  assert.is((await generalOf(office)).dial, throughTheirs);
  await wizard(office, [keys.down, keys.enter]);
  for (const _ of ["at once", "after an install that asks nothing"]) {
    assert.is((await generalOf(office)).dial, "");
    assert.match(await done(office, "install", "--yes"), /Nothing to do/);
  }
});

test("--key '##' takes the place of the PBX's own: what only that one reached is named, and reached if listed", async () => {
  const office = await live();
  await done(office, "uninstall", "--yes");
  const said = await done(office, "install", "--yes", "--extensions", extensions.join(","), "--key", "##");
  assert.match(said, /blindxfer/);
  assert.match(said, /pass_through/);
  assert.is((await generalOf(office)).transfer_key, "##");
  const { talk, phone, logged, set, mark } = office;
  await set({ digit_timeout: "1", dial_attempts: "1" });
  const first = await talk("called");
  await first.transferer.keys("##102");
  await talkToTheEnd(first.caller, await phone("102").rings());

  await mark();
  const second = await talk("called");
  await second.transferer.keys("##600");
  await logged(/smart-transfer\/invalid/);
  await logged(/complete GOSUB_RETVAL/);
  await talking(second.caller, second.transferer);
  await set({ pass_through: "600@ext-group" });
  await second.transferer.keys("##600");
  await talkToTheEnd(second.caller, await phone("104").rings());
});

test("--set dial= rings whoever is called by their device, with the keys of DIAL_OPTIONS", async () => {
  const office = await live();
  await done(office, "uninstall", "--yes");
  await done(office, "install", "--yes", "--extensions", extensions.join(","), "--set", "dial=");
  const { dial, dial_options, transfer_key: key } = await generalOf(office);
  assert.equal([dial, dial_options, key], ["", "HhTt", "#7"]);
  const { caller, transferer } = await office.talk("called");
  await transferer.keys(`${key}103`);
  const receiver = await office.phone("103").rings();
  assert.match(await office.log(), /Dial\("[^"]+", "PJSIP\/103\b/);
  await receiver.answer();
  await talking(caller, receiver);
  await receiver.keys("##105");
  await talkToTheEnd(caller, await office.phone("105").rings());
});

test("*78 puts an extension on do-not-disturb: the transferer hears that it is not available", async () => {
  const office = await live();
  const { talk, phone, logged, pbx } = office;
  await (await phone("103").call("*78")).ended();
  const rung = phone("103").calls.length;
  try {
    const { caller, transferer } = await talk("called");
    await transferer.keys("#7103");
    await logged(/smart-transfer\/unavailable/);
    await logged(/complete GOSUB_RETVAL/);
    await talking(caller, transferer);
    await transferer.hangup();
    await caller.ended();
    assert.is(phone("103").calls.length, rung);
  } finally {
    await pbx.cli("database del DND 103");
    await pbx.cli("devstate change Custom:DND103 NOT_INUSE");
    await pbx.cli("database del CustomDevstate DND103");
  }
});

async function program(file: string, text: string): Promise<void> {
  await writeFile(file, `#!/bin/sh\n${text}\n`);
  await chmod(file, 0o755);
}

/**
 * The line of README's crontab on this PBX: its own paths, and no half a minute of patience. `fwconsole` stands for the
 * program of that name: it writes the files of its web interface and has Asterisk read them.
 */
async function cronOf({ pbx, folder }: Live) {
  const readme = await readFile(join(import.meta.dirname, "../README.md"), "utf8");
  const [, line = ""] = /^ *\* \* \* \* \* (.*)$/m.exec(readme) ?? [];
  const job = line.replaceAll("/etc/asterisk", pbx.etcDir).replaceAll("/run/", `${folder}/`);
  assert.is.not(job, line);
  const [bin, web, runs] = [join(folder, "bin"), join(folder, "web"), join(folder, "runs")];
  await mkdir(bin);
  await mkdir(web);
  await writeFile(runs, "");
  await program(join(bin, "sleep"), "");
  await program(
    join(bin, "fwconsole"),
    `test "$*" = reload\ncp ${web}/* ${pbx.etcDir}/\nexec ${pbx.command} -C ${pbx.confFile} -rx 'core reload' >/dev/null`,
  );
  await program(
    join(bin, "asterisk-smart-transfer"),
    `echo "$*" >>${runs}\nexec ${process.execPath} ${command} "$@" ${pbx.reach.map((one) => `'${one}'`).join(" ")}`,
  );
  const env = { PATH: [bin, process.env.PATH].join(delimiter) };
  return {
    web,
    /** Each minute. */
    minute: async () => (await execa("sh", ["-c", job], { env, all: true, reject: false })).all,
    reload: () => execa(join(bin, "fwconsole"), ["reload"], { env }),
    runs: async () => (await readFile(runs, "utf8")).trimEnd().split("\n").filter(Boolean),
  };
}

test("README's line of the crontab installs after each `fwconsole reload`, only then, and tells only what fails", async () => {
  const office = await live();
  const { pbx } = office;
  await done(office, "install", "--yes", "--extensions", "auto");
  const { web, minute, reload, runs } = await cronOf(office);
  const additional = "extensions_additional.conf";
  for (const name of ["extensions.conf", "pjsip.conf"]) await cp(join(pbx.etcDir, name), join(web, name));
  const main = await readFile(join(web, "extensions.conf"), "utf8");
  await writeFile(join(web, "extensions.conf"), `${main}#include ${additional}\n`);
  await writeFile(join(web, additional), "");
  await reload();
  const installs = "install --yes --no-rehearsal";
  assert.is(await minute(), "");
  assert.equal(await runs(), [installs]);
  assert.is(await minute(), "");
  assert.equal(await runs(), [installs], "nothing has changed since");

  await writeFile(join(web, additional), "[ext-local](+)\nexten => 901,hint,PJSIP/901\n");
  await reload();
  assert.is(await minute(), "");
  assert.equal(await runs(), [installs, installs]);
  assert.match(await readFile(join(pbx.etcDir, "smart_transfer.conf"), "utf8"), /^\[901\]\ndevice = PJSIP\/901$/m);
  const { caller, transferer } = await office.talk("called");
  await transferer.keys("#7901");
  await talkToTheEnd(caller, await office.phone("901").rings());
  assert.is(await minute(), "");
  assert.equal(await runs(), [installs, installs]);

  await office.set({ ring_timeout: "never" });
  await reload();
  assert.match((await minute()) ?? "", /smart_transfer\.conf, line \d+: ring_timeout = never/);
  assert.is(await minute(), "", "told once for each reload");
  await office.set({ ring_timeout: "1" });
});

test("nothing is left running", () => leavesNothing(started));

test.run();
