// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NUMBER} is what the admin writes

import { cp, readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { readSettings } from "../src/installer/settings/model.ts";
import { differences, fileStates } from "../src/sandbox/demo/file-states.ts";
import { startOffice } from "../src/sandbox/office.ts";
import { unpackAsterisk } from "../src/sandbox/packages.ts";
import { keys, type TerminalOptions, TerminalSession, whyNoTerminal } from "../src/tools/pictures/terminal-session.ts";
import { command } from "./live.ts";

/** One office for all: each test leaves its PBX as it found it. */
const shared = whyNoTerminal().then(async (obstacle) => {
  if (obstacle !== undefined) return { obstacle, office: undefined };
  const release = await unpackAsterisk();
  const endpoints = Array.from({ length: 10 }, (_, index) => String(101 + index));
  return { obstacle, office: await startOffice({ release, endpoints, outsiders: ["900"] }) };
});

/** The questions on an ordinary PBX, in order, and what the screen shows at each. */
const questions = [
  "Who takes part?",
  "Try a mobile when a desk does not answer?",
  "Which key starts a transfer?",
  "Prompts in which languages besides English?",
  "Which recordings?",
  "Make these changes?",
] as const;

/** All but the lock, which keeps other runs out while somebody answers the questions. */
const isNoLock = (path: string) => !path.includes("/lib/smart-transfer");

type Office = Awaited<ReturnType<typeof startOffice>>;

interface Desk {
  readonly office: Office;
  run(args?: readonly string[], options?: TerminalOptions): TerminalSession;
  look(): ReturnType<typeof fileStates>;
  settings(): Promise<ReturnType<typeof readSettings>>;
}

/** A test in a terminal. Where none can be had it is skipped, and says so. */
function at(title: string, story: (desk: Desk) => Promise<void>): void {
  test(title, async () => {
    const { obstacle, office } = await shared;
    if (office === undefined) return console.log(`SKIPPED: ${title}: ${obstacle}`);
    const { pbx } = office;
    const sessions: TerminalSession[] = [];
    const run = (args: readonly string[] = [], options: TerminalOptions = {}) => {
      const session = new TerminalSession([process.execPath, command, ...args, ...pbx.reach], options);
      sessions.push(session);
      return session;
    };
    const file = join(pbx.etcDir, "smart_transfer.conf");
    try {
      await story({
        office,
        run,
        look: () => fileStates(pbx.etcDir, join(pbx.dataDir, "sounds"), join(pbx.folder, "lib")),
        settings: async () => readSettings(await readFile(file, "latin1"), file),
      });
    } finally {
      for (const session of sessions) await session.kill();
    }
  });
}

/** Accepts what is proposed, question by question, up to one of them. */
async function acceptUpTo(session: TerminalSession, last: string): Promise<void> {
  for (const question of questions) {
    await session.shows(question);
    if (question === last) return;
    await session.press(keys.enter);
  }
}

async function uninstalled({ run }: Desk): Promise<void> {
  const session = run(["uninstall"]);
  await session.shows("Make these changes?");
  await session.press(keys.enter);
  assert.is(await session.code(), 0, session.text);
  assert.match(session.text, /Uninstalled: every file is as it was/);
}

at("cancelled at each question: exit code 130, and no byte is changed", async ({ run, look }) => {
  const before = await look();
  for (const question of questions) {
    const session = run();
    await acceptUpTo(session, question);
    await session.press(keys.ctrlC);
    assert.is(await session.code(), 130, question);
    assert.match(session.text, /Cancelled\. Nothing was changed\./);
    assert.equal(differences(before, await look()), [], question);
  }
});

/** How to pass every question, also those that only some answers lead to: the text to type, then the keys. */
const longWay: readonly (readonly [question: string, text: string, ...keys: string[]])[] = [
  ["Who takes part?", "", keys.tab],
  ["Extensions:", "", keys.enter],
  ["Try a mobile", "", keys.down, keys.enter],
  ["How is a mobile dialled?", "PJSIP/${NUMBER}", keys.enter],
  ["Whose mobile?", "103=+12025550103", keys.enter],
  ["Which key starts a transfer?", "", keys.enter],
  ["Prompts in which languages", "", keys.enter],
  ["Which recordings?", "", keys.down, keys.enter],
  ["Which prompts are your own?", "", keys.space, keys.enter],
  ['Your "dial":', ""],
];

at("who is not proposed is named with the reason before the choice, and not after it", async ({ run }) => {
  const session = run();
  await session.shows("Who takes part?");
  assert.match(session.text.replace(/\s+/g, " "), /900: left out .* may be a trunk/);
  await session.press(keys.ctrlA, keys.enter);
  await session.shows("Try a mobile");
  const told = session.text.length;
  for (const question of questions.slice(1, -1)) {
    await session.shows(question);
    await session.press(keys.enter);
  }
  await session.shows("Make these changes?");
  assert.match(session.text, /101-110,900 can transfer to each other/);
  assert.not.match(session.text.slice(told), /left out/);
  await session.press(keys.ctrlC);
  assert.is(await session.code(), 130, session.text);
});

at("cancelled at the questions that not everybody is asked, and by a No: the same", async ({ run, look }) => {
  const before = await look();
  const cancelled = async (session: TerminalSession, where: string) => {
    assert.is(await session.code(), 130, where);
    assert.match(session.text, /Cancelled\. Nothing was changed\./);
    assert.equal(differences(before, await look()), [], where);
  };
  const ordinary: readonly string[] = questions;
  for (const [last] of longWay.filter(([question]) => !ordinary.some((one) => one.startsWith(question)))) {
    const session = run();
    for (const [question, text, ...pressed] of longWay) {
      await session.shows(question);
      if (question === last) break;
      await session.type(text);
      await session.press(...pressed);
    }
    await session.press(keys.ctrlC);
    await cancelled(session, last);
  }
  const session = run();
  await acceptUpTo(session, "Make these changes?");
  await session.press(keys.down, keys.down, keys.down, keys.enter);
  await cancelled(session, "No");
});

at("everything accepted: installed, and the end says what to do with it; then taken out again", async (desk) => {
  const { run, look, settings } = desk;
  const before = await look();
  const session = run();
  await acceptUpTo(session, "Make these changes?");
  for (const said of [/101-110 can transfer to each other: #, then the extension/, /edit .*features\.conf/])
    assert.match(session.text, said);
  assert.equal(differences(before, await look()).filter(isNoLock), [], "nothing before the yes");
  await session.press(keys.enter);
  assert.is(await session.code(), 0, session.text);
  for (const said of [
    /✔ module reload res_pjsip\.so/,
    /✔ Checking that it works/,
    /Installed\./,
    /press # and the extension: #110/,
    /Settings: .*smart_transfer\.conf/,
    /Undo: +npx asterisk-smart-transfer uninstall/,
  ])
    assert.match(session.text, said);
  const { directory, general } = await settings();
  assert.is(directory.length, 10);
  assert.is(general.transfer_key, "#");

  const installed = await look();
  const again = run(["--no-rehearsal"]);
  await acceptUpTo(again, "Which recordings?");
  await again.press(keys.enter);
  assert.is(await again.code(), 0, again.text);
  assert.match(again.text, /Installed +yes/);
  assert.match(again.text, /Nothing to do: it is installed as it should be/);
  assert.equal(differences(installed, await look()), []);
  await uninstalled(desk);
  assert.equal(differences(before, await look()), []);
});

at("everything changed, and one step back from every question", async (desk) => {
  const { run, look, settings, office } = desk;
  const before = await look();
  await cp(join(office.pbx.dataDir, "sounds/en/beep.gsm"), join(office.folder, "mine.gsm"));
  const session = run(["--no-rehearsal"]);
  await session.shows("10 of 11 ticked");
  await session.press(keys.escape);
  await session.shows("10 of 11 ticked");
  await session.press(keys.down, keys.space);
  await session.shows("9 of 11 ticked");
  await session.type("110");
  await session.shows("Search: 110 (1 found)");
  await session.press(keys.ctrlA);
  await session.shows("8 of 11 ticked");
  await session.press(keys.enter);
  await session.shows("Try a mobile");
  await session.press(keys.escape);
  await session.shows("8 of 11 ticked");
  await session.press(keys.tab);
  await session.shows("101,103-109");
  await session.press(keys.escape);
  await session.shows("8 of 11 ticked");
  await session.press(keys.tab);
  await session.shows("101,103-109");
  await session.type(",999");
  await session.shows("no PJSIP endpoint 999");
  await session.press(keys.backspace, keys.backspace, keys.backspace, keys.backspace, keys.enter);

  await session.shows("Try a mobile");
  await session.press(keys.down, keys.enter);
  await session.shows("How is a mobile dialled?");
  await session.press(keys.escape);
  await session.shows("Try a mobile");
  await session.press(keys.enter);
  await session.shows("How is a mobile dialled?");
  await session.type("PJSIP/${NUMBER}");
  await session.press(keys.enter);
  await session.shows("Whose mobile?");
  await session.type("102=1");
  await session.shows("102 does not take part");
  await session.press(keys.backspace, keys.backspace, keys.backspace);
  await session.type("3=+12025550103");
  await session.press(keys.enter);

  await session.shows("Which key starts a transfer?");
  await session.press(keys.escape);
  await session.shows("Whose mobile?");
  await session.press(keys.enter);
  await session.shows("Which key starts a transfer?");
  await session.type("*8");
  await session.press(keys.backspace, keys.backspace);
  await session.type("##");
  await session.press(keys.enter);

  await session.shows("Prompts in which languages");
  await session.press(keys.escape);
  await session.shows("Which key starts a transfer?");
  await session.press(keys.enter);
  await session.shows("Prompts in which languages");
  await session.press(keys.space, keys.enter);

  await session.shows("Which recordings?");
  await session.press(keys.down, keys.down, keys.enter);
  await session.shows("Dial the extension.");
  await session.shows("Which recordings?");
  await session.press(keys.down, keys.enter);
  await session.shows("Which prompts are your own?");
  await session.press(keys.enter);
  await session.shows("Tick at least one");
  await session.press(keys.space, keys.enter);
  await session.shows('Your "dial":');
  await session.type(join(office.folder, "min"));
  await session.shows("there is no such file");
  await session.type("e.gsm");
  await session.press(keys.enter);

  await session.shows("Make these changes?");
  await session.press(keys.escape);
  await session.shows('Your "dial":');
  await session.press(keys.enter);
  await session.shows("Make these changes?");
  await session.press(keys.down, keys.enter);
  await session.shows("+[applicationmap]");
  await session.shows("Make these changes?");
  await session.press(keys.up);
  await session.shows("Make these changes?");
  assert.equal(differences(before, await look()).filter(isNoLock), [], "nothing before the yes");
  await session.press(keys.down, keys.enter);
  assert.is(await session.code(), 0, session.text);

  const { general, prompts, directory } = await settings();
  assert.is(general.transfer_key, "##");
  assert.is(general.mobile_dial, "PJSIP/${NUMBER}");
  assert.is(prompts.prompt_dial, join(office.folder, "mine"));
  assert.equal(
    directory.map(({ extension }) => extension),
    ["101", "103", "104", "105", "106", "107", "108", "109"],
  );
  assert.is(directory[1]?.mobile, "+12025550103");
  await uninstalled(desk);
  assert.equal(differences(before, await look()), []);
});

test("the office closes", async () => {
  await (await shared).office?.stop();
});

test.run();
