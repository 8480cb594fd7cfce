import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { editedDocument } from "../src/installer/settings/document.ts";
import { type Call, talking } from "../src/sandbox/call.ts";
import type { DriverName } from "../src/sandbox/drivers.ts";
import { type Office, type OfficeOptions, startOffice } from "../src/sandbox/office.ts";
import { unpackAsterisk } from "../src/sandbox/packages.ts";

/** Another build may be given: the tests of broken dialplans do (mutants.test.ts). */
export const command = process.env.SMART_TRANSFER_COMMAND ?? join(import.meta.dirname, "../dist/install.js");

/** The channel driver of the PBX: ASTERISK_DRIVER=SIP is chan_sip, which Asterisk has up to 20. */
export const driver = (process.env.ASTERISK_DRIVER ?? "PJSIP") as DriverName;

/** A test that does not run with chan_sip, with which only the core of the ladder is tested. */
export const moreTest: (title: string, story: () => Promise<void>) => void = driver === "SIP" ? () => {} : test;

/** How the transferer came into the call. */
export const sides = ["called", "calling"] as const;
export type Side = (typeof sides)[number];

export interface Result {
  code: number | undefined;
  stdout: string;
  stderr: string;
}

/** Somebody calls a transferer, and they talk. */
export async function talksWith({ phone }: Office, number: string, dialled: string, transferer = dialled) {
  const caller = await phone(number).call(dialled);
  const talked = await phone(transferer).rings();
  await talked.answer();
  await talking(caller, talked);
  return { caller, talked };
}

/** The two ways in which a transferer passes a call on: our key, and the Transfer button of their phone. */
export const ways = ["key", "button"] as const;
export type By = (typeof ways)[number];

/** The transferer passes the call on to a receiver. */
export async function send(transferer: Call, by: By, receiver: string, key = "#"): Promise<void> {
  if (by === "key") await transferer.keys(`${key}${receiver}`);
  else await transferer.refer(receiver);
}

/** The transferer presses the button for a number that does not exist: Asterisk refuses it, and both keep talking. */
export async function refusesWrongNumber({ talk, clean, log, mark }: Live, side: Side): Promise<void> {
  const { caller, transferer } = await talk(side);
  await talking(caller, transferer);
  await transferer.refer("9999");
  await talking(caller, transferer);
  assert.not.match(await log(), /\[9999@/);
  // With an ERROR of res_pjsip_refer.c, as without us.
  await mark();
  await transferer.hangup();
  await caller.ended();
  await clean();
}

/** A caller calls a transferer, who sends them to an extension and is released. */
export async function sendOn(office: Office, number: string, transferer: string, receiver: string): Promise<Call> {
  const { caller, talked } = await talksWith(office, number, transferer);
  await talked.keys(`#${receiver}`);
  await talked.ended();
  return caller;
}

/** The called phone answers, the two hear each other, and it hangs up: the caller's call ends too. */
export async function talkToTheEnd(caller: Call, called: Call): Promise<void> {
  await called.answer();
  await talking(caller, called);
  await called.hangup();
  await caller.ended();
}

/** The transferer has the caller back from a mobile, and talks with them to the end: the key that led back is over. */
export async function talkWithoutReturnKey(caller: Call, recall: Call): Promise<void> {
  await recall.answer();
  await talking(caller, recall);
  await caller.keys("*0");
  await recall.hearsKeys("*0");
  await recall.hangup();
  await caller.ended();
}

/** An office whose PBX is installed by the built command, as an admin would. */
export interface Live extends Office {
  /** Runs the command against this PBX. */
  run(...args: string[]): Promise<Result>;
  /** 900 and the transferer, 101, in a call, each hearing the other. */
  talk(side: Side): Promise<{ caller: Call; transferer: Call }>;
  /** Edits smart_transfer.conf by hand: it counts from the next transfer on. */
  set(general: Record<string, string>): Promise<void>;
  /** Puts a line into an extension's section of smart_transfer.conf, for this test only. */
  give(extension: string, line: string): Promise<void>;
  /** How the last transfer was recorded. */
  recorded(): Promise<string>;
  /** Waits for a line in the log, looking back to the last `mark`. */
  logged(pattern: RegExp, milliseconds?: number): Promise<string>;
  /** The log since the last `mark`. */
  log(): Promise<string>;
  mark(): Promise<void>;
  /** Begins a test: no call is up, whatever the test before came to, and the log begins here. */
  begin(): Promise<Live>;
  /** Asserts that no channel, AstDB key or complaint in the log but these is left; waits for the channels to go. */
  clean(complaints?: readonly RegExp[]): Promise<void>;
}

const endpoints = ["101", "102", "103", "104", "105", "10"];

/** The warning of Asterisk 22 itself if a feature's channel hangs up before the end (app_stack.c, gosub_run). */
export const hungUpWhileKeying =
  process.env.ASTERISK_SUITE === undefined
    ? [/app_stack\.c: \S+ Abnormal 'Gosub\(smart-transfer-digits,s,1\)' exit/]
    : [];

/**
 * Asterisk's warning if a packet of the caller's sound comes between the hang-up of who is dialled and Dial's reading of it
 * (app_dial.c, wait_for_answer). Any Dial has it whose caller hears the other end rather than Asterisk's own ringing.
 */
const soundTooLate = /app_dial\.c: Unable to forward frametype 2 on /;

/** Short times, so that nobody waits: a second to ring, a second between keys. */
export const hurried = {
  digit_timeout: "1",
  dial_attempts: "2",
  ring_timeout: "1",
  recall_timeout: "1",
  recall_attempts: "2",
};

/** @param extensions the value of `--extensions`; without it, all of them */
export async function startLive(options: Partial<OfficeOptions> = {}, extensions = endpoints.join(",")): Promise<Live> {
  // ASTERISK_SUITE=bullseye: the PBX is an Asterisk 16. The phones are the same whatever the PBX is.
  const phonesRelease = await unpackAsterisk();
  const suite = process.env.ASTERISK_SUITE;
  const release = suite === undefined ? phonesRelease : await unpackAsterisk({ suite });
  const office = await startOffice({
    release,
    phonesRelease,
    driver,
    endpoints,
    outsiders: ["900", "901", "909"],
    ...options,
  });
  return installedIn(
    office,
    "--extensions",
    extensions,
    ...Object.entries(hurried).flatMap(([name, value]) => ["--set", `${name}=${value}`]),
  );
}

/** All phones hang up, whatever their PBX knows of their calls. */
export async function endCalls({ phones }: Office): Promise<void> {
  await Promise.all(phones.flatMap(({ calls }) => calls.map((call) => call.hangup().catch(() => {}))));
}

/** Installs into an office. Stops the office if that fails. */
export async function installedIn(office: Office, ...args: string[]): Promise<Live> {
  const { pbx, phone } = office;
  let marked = 0;
  let settings = "";

  const run = async (...args: string[]): Promise<Result> => {
    // The tests prove what an install would prove.
    const hurry = args[0] === "install" ? ["--no-rehearsal"] : [];
    const ran = await execa("node", [command, ...args, ...hurry, ...pbx.reach], { reject: false, stdin: "ignore" });
    return { code: ran.exitCode, stdout: ran.stdout, stderr: ran.stderr };
  };
  /** Waits for the channels and their groups to go, and tells which did not. */
  const gone = async () => {
    const deadline = Date.now() + 5000;
    while (true) {
      const channels = (await pbx.cli("core show channels concise")).trim();
      // A channel is no longer listed a moment before its groups are (main/channel.c, ast_channel_destructor).
      const left = channels || (/.*smart-transfer.*/.exec(await pbx.cli("group show channels"))?.[0] ?? "");
      if (left === "" || Date.now() > deadline) return left;
      await sleep(20);
    }
  };
  const log = async () => (await readFile(pbx.logFile, "utf8")).slice(marked);
  const database = keysOf(await pbx.cli("database show"));

  const live: Live = {
    ...office,
    run,
    log,
    async talk(side) {
      const [from, to] = side === "called" ? ["900", "101"] : ["101", "900"];
      const out = await phone(from as string).call(to as string);
      const into = await phone(to as string).rings();
      await into.answer();
      // An answered call is not bridged yet: a key pressed now would be lost.
      await into.speak();
      await out.hears();
      await into.silent();
      return side === "called" ? { caller: out, transferer: into } : { caller: into, transferer: out };
    },
    async set(general) {
      const file = join(pbx.etcDir, "smart_transfer.conf");
      await writeFile(file, editedDocument(await readFile(file, "latin1"), { general }), "latin1");
    },
    async give(extension, line) {
      const file = join(pbx.etcDir, "smart_transfer.conf");
      const text = await readFile(file, "latin1");
      await writeFile(file, text.replace(`[${extension}]\n`, `[${extension}]\n${line}\n`), "latin1");
    },
    async recorded() {
      await live.logged(/NOTICE\[.*smart-transfer: caller=/);
      return (await log()).match(/NOTICE\[.*smart-transfer: (caller=.*)/)?.[1] ?? "";
    },
    async logged(pattern, milliseconds = 5000) {
      const deadline = Date.now() + milliseconds;
      while (Date.now() < deadline) {
        const found = pattern.exec(await log());
        if (found) return found[0];
        await sleep(20);
      }
      throw new Error(`not in the log within ${milliseconds} ms: ${pattern}\n${await log()}`);
    },
    async mark() {
      marked = (await readFile(pbx.logFile, "utf8")).length;
    },
    async clean(complaints = []) {
      assert.is(await gone(), "", "no channel is left, and nobody stands in a line");
      assert.equal(keysOf(await pbx.cli("database show")), database, "the AstDB is as before");
      const complaining = (await log()).split("\n").filter((line) => /\] (WARNING|ERROR)\[/.test(line));
      const found = complaining.filter((line) => !soundTooLate.test(line));
      const others = found.filter((line, at) => !complaints[at]?.test(line));
      assert.equal(others, [], "the log has no other complaint");
      assert.is(found.length, complaints.length, "complaints");
    },
    async begin() {
      for (const one of office.phones) one.policy = "ring";
      await endCalls(office);
      await gone();
      await writeFile(join(pbx.etcDir, "smart_transfer.conf"), settings, "latin1");
      await live.mark();
      return live;
    },
  };
  const installed = await run("install", "--yes", ...args);
  if (installed.code !== 0) {
    await office.stop();
    throw new Error(`the install failed:\n${installed.stdout}${installed.stderr}`);
  }
  settings = await readFile(join(pbx.etcDir, "smart_transfer.conf"), "latin1");
  await live.mark();
  return live;
}

/** The AstDB without the phones' registrations. */
function keysOf(shown: string): string[] {
  return shown.split("\n").filter((line) => line.startsWith("/") && !/^\/(registrar|SIP\/Registry)\//.test(line));
}

/** The end of a file's tests: the office closes, and its PBX is gone. */
export async function leavesNothing(started: Promise<Live>): Promise<void> {
  const office = await started;
  await office.stop();
  assert.throws(() => process.kill(office.pbx.pid, 0));
}

/** An admin who lets people take calls that ring elsewhere. */
export const pickup = `
[internal]
exten => _*8XXX,1,Pickup(\${EXTEN:2}@internal)
same => n,Hangup()
`;

/** 900 calls 101, and somebody else picks that up. */
export async function pickedUp({ phone }: Live, by: string): Promise<{ caller: Call; other: Call }> {
  const caller = await phone("900").call("101");
  const rung = await phone("101").rings();
  const other = await phone(by).call("*8101");
  await other.answered();
  await rung.ended();
  await talking(caller, other);
  return { caller, other };
}
