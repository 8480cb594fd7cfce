import { copyFile, rename, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { talking } from "../src/sandbox/call.ts";
import { leavesNothing, startLive } from "./live.ts";

const more = Array.from({ length: 1_000 }, (_, at) => String(20_000 + at));

const extensions = "10,101-105,20000-20999";

/** So large a directory that it has drawers. */
async function startLarge() {
  const office = await startLive({ phoneless: more, hintsByPattern: true });
  const installed = await office.run("install", "--yes", "--extensions", extensions);
  assert.is(installed.code, 0, installed.stdout + installed.stderr);
  return office;
}
const started = startLarge();

type Office = Awaited<typeof started>;

/** Which file the key has the settings from. */
const drawers = /Set\("PJSIP\/101-\w+", "SMART_TRANSFER_FILE=smart_transfer\.d\/drawers\.conf"\)/;
const settings = /Set\("PJSIP\/101-\w+", "SMART_TRANSFER_FILE=smart_transfer\.conf"\)/;

/** 101 sends 900 to 102, and the key reads that file. */
async function sends({ mark, talk, logged }: Office, from: RegExp) {
  await mark();
  const { caller, transferer } = await talk("called");
  await transferer.keys("#102");
  await logged(from);
  return { caller, transferer };
}

async function isTaken(office: Office, from: RegExp) {
  const { phone, log, clean } = office;
  const { caller } = await sends(office, from);
  const receiver = await phone("102").rings();
  await receiver.answer();
  await talking(caller, receiver);
  assert.not.match(await log(), /smart-transfer-keyed/, "extensions.conf was enough");
  await caller.hangup();
  await clean();
}

async function isRefused(office: Office, from: RegExp) {
  const { logged, clean } = office;
  const { caller, transferer } = await sends(office, from);
  await logged(/Playing 'smart-transfer\/invalid[\s\S]*complete GOSUB_RETVAL/);
  await talking(caller, transferer);
  await caller.hangup();
  await clean();
}

async function checked({ run }: Office) {
  const { code, stdout, stderr } = await run("check", "--no-rehearsal");
  assert.is(code, 0, stdout + stderr);
}

test("in a large directory the drawers are read; an edit counts from the next transfer on, and install renews them", async () => {
  const office = await started;
  await isTaken(office, drawers);
  await office.give("102", "receive = no");
  await isRefused(office, settings);
  await checked(office);
  // An edit of the last two seconds could be followed by another of the same time: then they lie idle.
  const file = join(office.pbx.etcDir, "smart_transfer.conf");
  while (Date.now() < (await stat(file)).mtimeMs + 3000) await new Promise((resolve) => setTimeout(resolve, 100));
  const { code, stdout, stderr } = await office.run("install", "--yes", "--json");
  assert.is(code, 0, stdout + stderr);
  const { files, reloads } = JSON.parse(stdout);
  assert.equal([files.map((path: string) => basename(path)), reloads], [["drawers.conf", "manifest.json"], []]);
  await isRefused(office, drawers);
  await checked(office);
  assert.match((await office.run("install", "--yes")).stdout, "Nothing to do");
});

test("settings that are copied in are read, though they are those that the drawers were made from", async () => {
  const office = await started;
  await office.begin();
  assert.is((await office.run("install", "--yes", "--extensions", extensions)).code, 0);
  await isTaken(office, drawers);
  const file = join(office.pbx.etcDir, "smart_transfer.conf");
  await copyFile(file, `${file}.copy`);
  await rename(`${file}.copy`, file);
  await isTaken(office, settings);
  await checked(office);
});

test("the rehearsal passes with drawers", async () => {
  const office = await started;
  assert.is((await office.run("install", "--yes", "--set", "ring_timeout=2")).code, 0);
  const { code, stdout, stderr } = await office.run("check");
  assert.is(code, 0, stdout + stderr);
});

test("nothing is left running", () => leavesNothing(started));

test.run();
