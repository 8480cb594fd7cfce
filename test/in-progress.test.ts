// Calls in progress while the PBX is installed on, upgraded and uninstalled from: none is cut, none loses its key half way.
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { onTheWay } from "../src/installer/apply/under-way.ts";
import { talking } from "../src/sandbox/call.ts";
import { differences, fileStates } from "../src/sandbox/demo/file-states.ts";
import { startOffice } from "../src/sandbox/office.ts";
import { unpackAsterisk } from "../src/sandbox/packages.ts";
import { command, talkToTheEnd } from "./live.ts";

/** A long time between digits: a whole upgrade happens between two of them. */
const set = (seconds: number) => ["--set", "digit_timeout=20", "--set", `ring_timeout=${seconds}`];
const all = "101,102,103,104";

async function open() {
  // ASTERISK_SUITE=bullseye: on Asterisk 16.
  const suite = process.env.ASTERISK_SUITE;
  const phonesRelease = await unpackAsterisk();
  const release = suite === undefined ? phonesRelease : await unpackAsterisk({ suite });
  const office = await startOffice({ release, phonesRelease, endpoints: all.split(","), outsiders: ["900", "901"] });
  const { pbx, phone } = office;
  const start = (...args: string[]) => {
    const options = { reject: false, stdin: "ignore", all: true } as const;
    const running = execa("node", [command, ...args, "--yes", "--no-rehearsal", ...pbx.reach], options);
    let said = "";
    running.all.on("data", (data: Buffer) => {
      said += data;
    });
    return Object.assign(running, { told: () => said });
  };
  const run = async (...args: string[]) => {
    const { exitCode, all: said } = await start(...args);
    assert.is(exitCode, 0, said);
    return said;
  };
  const talk = async (from: string, to: string) => {
    const out = await phone(from).call(to);
    const into = await phone(to).rings();
    await into.answer();
    await talking(out, into);
    return [out, into] as const;
  };
  const look = () => fileStates(pbx.etcDir, join(pbx.dataDir, "sounds"), join(pbx.folder, "lib"));
  return { ...office, start, run, talk, look };
}

const opened = open();

test("a call that was up before an install, an upgrade and an uninstall is not cut, and both hear each other", async () => {
  const { run, talk } = await opened;
  const [caller, callee] = await talk("900", "101");
  for (const act of [
    ["install", "--extensions", all, ...set(3)],
    ["install", "--key", "*7", ...set(4)],
    ["uninstall"],
  ]) {
    await run(...act);
    await talking(caller, callee);
  }
  await caller.hangup();
  await callee.ended();
});

test("an upgrade between two digits: the transferer goes on keying, and the caller goes where they are sent", async () => {
  const { run, talk, phone } = await opened;
  await run("install", "--extensions", all, ...set(3));
  const [caller, transferer] = await talk("900", "101");
  await transferer.keys("#");
  await transferer.hears();
  await transferer.keys("10");
  await run("install", "--extensions", `${all},110=PJSIP/104`, "--set", "music_class=other", ...set(10));
  await transferer.keys("2");
  const receiver = await phone("102").rings();
  await transferer.ended();
  await run("install", "--extensions", all, "--set", "music_class=default", ...set(15));
  await receiver.answer();
  await talking(caller, receiver);
  // The caller talks with the receiver. Nothing of ours is needed for that any more.
  await receiver.keys("#");
  await receiver.hears();
  await receiver.keys("*");
  await talking(caller, receiver);
  await receiver.hangup();
  await caller.ended();
});

test("a caller in a line keeps their place through an upgrade, and is put through", async () => {
  const { run, talk, phone, pbx } = await opened;
  const [other, busy] = await talk("901", "102");
  const [caller, transferer] = await talk("900", "101");
  await transferer.keys("#102");
  await transferer.ended();
  await waits(pbx.cli);
  await run("install", "--extensions", `${all},110=PJSIP/104`, "--set", "music_class=other", ...set(12));
  await waits(pbx.cli);
  await other.hangup();
  await busy.ended();
  const receiver = await phone("102").rings(15_000);
  await talkToTheEnd(caller, receiver);
});

test("an uninstall waits for who waits in a line, however long, and leaves alone who talks; nobody gets the key any more", async () => {
  const { start, talk, pbx, run } = await opened;
  const [long, partner] = await talk("103", "104");
  const { caller, release } = await lined();
  const leaving = start("uninstall");
  await until(async () => !/smart-transfer/.test(await pbx.cli("features show")), "the key goes");
  assert.match(await pbx.cli("dialplan show"), /smart-transfer/, "what the waiting caller needs stays");
  const asked = ["DYNAMIC_FEATURES", "TRANSFER_CONTEXT"].map((name) => new RegExp(`${name} *: .*smart-transfer`));
  await until(async () => {
    const shown = await pbx.cli("pjsip show endpoint 104");
    return asked.every((one) => !one.test(shown));
  }, "the endpoints' variables go");
  // Former versions gave up after 30 s.
  await sleep(33_000);
  assert.is(leaving.exitCode, null, "it waits on");
  const receiver = await release();
  await receiver.answer();
  const { exitCode, all: said } = await leaving;
  assert.is(exitCode, 0, said);
  assert.match(
    said,
    /^Waiting for running transfers to end\n +1 channel in a transfer \(PJSIP\/900-\w+\); waiting for at most \d+ s more$/m,
  );
  await talking(caller, receiver);
  await talking(long, partner);
  for (const call of [receiver, long]) await call.hangup();
  for (const call of [caller, partner]) await call.ended();
  assert.not.match(await pbx.cli("dialplan show"), /smart-transfer/);
  await run("uninstall");
});

test("an uninstall that is killed or interrupted while it waits: everything is as before, and the caller is put through", async () => {
  const { start, run, pbx, look } = await opened;
  await run("install", "--extensions", all, ...set(15));
  const before = await look();
  const { caller, release } = await lined();
  for (const signal of ["SIGKILL", "SIGINT"] as const) {
    const leaving = start("uninstall");
    await until(async () => !/smart-transfer/.test(await pbx.cli("features show")), "the key goes");
    await until(async () => /Waiting/.test(leaving.told()), "it waits");
    leaving.kill(signal);
    const { all: said } = await leaving;
    if (signal === "SIGINT") assert.match(said, /^Interrupted\. Everything is as it was before\.$/m);
    else assert.match(await run("install"), /was killed half way\. Everything is as it was before\./);
    assert.equal(differences(before, await look()), [], signal);
    assert.match(await pbx.cli("features show"), /smart-transfer +no def +#/, signal);
    assert.match(await pbx.cli("pjsip show endpoint 101"), /DYNAMIC_FEATURES *: .*smart-transfer/, signal);
  }
  await talkToTheEnd(caller, await release());
});

test("an uninstall that may not wait: --now", async () => {
  const { run, pbx } = await opened;
  const { caller, other } = await lined();
  const begun = Date.now();
  await run("uninstall", "--now");
  assert.ok(Date.now() - begun < 30_000);
  assert.not.match(await pbx.cli("dialplan show"), /smart-transfer/);
  for (const call of [caller, other]) await call.hangup();
});

test("who is on the way, as Asterisk shows its channels", () => {
  const shown = [
    "PJSIP/900-1!smart-transfer-line!s!1!Up!WaitDigit!0.5!900!!!3!4!!1.1",
    "PJSIP/900-2!smart-transfer-receiver!102!1!Up!Dial!PJSIP/102!900!!!3!4!!1.2",
    "PJSIP/900-3!smart-transfer-receiver!102!1!Up!Dial!PJSIP/102!900!!!3!4!7d1a!1.3",
    "PJSIP/101-4!smart-transfer!s!1!Up!Read!x!101!!!3!4!7d1b!1.4",
    "PJSIP/101-5!internal!102!1!Up!Dial!PJSIP/102!101!!!3!4!!1.5",
    "",
  ];
  assert.equal(onTheWay(shown.join("\n")), ["PJSIP/900-1", "PJSIP/900-2", "PJSIP/101-4"]);
});

test("the office closes", async () => {
  await (await opened).stop();
});

/** 900 waits in the line of 102, who talks with 901; `release` ends that talk, and 102 is rung for 900. */
async function lined() {
  const { talk, phone, pbx } = await opened;
  const [other, busy] = await talk("901", "102");
  const [caller, transferer] = await talk("900", "101");
  await transferer.keys("#102");
  await transferer.ended();
  await waits(pbx.cli);
  const release = async () => {
    await other.hangup();
    await busy.ended();
    return phone("102").rings(15_000);
  };
  return { caller, other, release };
}

async function until(test: () => Promise<boolean>, what: string): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (await test()) return;
    await sleep(100);
  }
  assert.unreachable(`waited in vain: ${what}`);
}

/** Until somebody stands in a line. */
async function waits(cli: (command: string) => Promise<string>): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if (/ smart-transfer-tickets$/m.test(await cli("group show channels"))) return;
    await sleep(50);
  }
  assert.unreachable("nobody waits in a line");
}

test.run();
