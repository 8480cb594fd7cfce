import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { keys, TerminalSession, whyNoTerminal } from "../src/tools/pictures/terminal-session.ts";
import { command, type Live, leavesNothing, moreTest, sendOn, startLive, talkToTheEnd } from "./live.ts";

const started = startLive();
const silent = "[general]\ndateformat = %F %T.%3q\n[logfiles]\nfull => warning,error,verbose(5),dtmf";
const question = "Log what became of transfers?";

async function withLogger({ pbx }: Live, text: string): Promise<void> {
  await writeFile(join(pbx.etcDir, "logger.conf"), text);
  await pbx.cli("logger reload");
}

const loggerOf = ({ pbx }: Live) => readFile(join(pbx.etcDir, "logger.conf"), "latin1");

/** The wizard at a terminal, with all that is proposed accepted up to a question. */
async function wizardAt({ pbx }: Live, last: string): Promise<TerminalSession> {
  const session = new TerminalSession([process.execPath, command, "--no-rehearsal", ...pbx.reach]);
  const asked = [
    "Who takes part?",
    "Try a mobile",
    "Which key starts",
    question,
    "Prompts in which",
    "Which recordings?",
  ];
  for (const one of asked.filter((each) => each !== question || last === question)) {
    await session.shows(one);
    if (one === last) break;
    await session.press(keys.enter);
  }
  return session;
}

async function logCheck({ run }: Live): Promise<{ status: string; seen: string; remedy?: string }> {
  const { stdout } = await run("check", "--json", "--no-rehearsal");
  return JSON.parse(stdout).checks.find(({ id }: { id: string }) => id === "log");
}

/** A test at the terminal, or a loud skip where there is none. */
function at(title: string, story: (office: Live) => Promise<void>): void {
  moreTest(title, async () => {
    const office = await started;
    const obstacle = await whyNoTerminal();
    if (obstacle !== undefined) return console.log(`SKIPPED: ${title}: ${obstacle}`);
    await story(await office.begin());
  });
}

at("the wizard offers a log of notices; declined, it changes nothing and the check names the line", async (office) => {
  await withLogger(office, silent);
  const session = await wizardAt(office, question);
  await session.press(keys.down, keys.enter);
  await session.shows("Prompts in which");
  await session.press(keys.enter);
  await session.shows("Which recordings?");
  await session.press(keys.enter);
  assert.is(await session.code(), 0, session.text);
  assert.match(session.text, /Nothing to do: it is installed as it should be/);
  assert.match(
    session.text.replace(/\s+/g, " "),
    /Let `asterisk-smart-transfer install` add the line `smart_transfer_log => notice`/,
  );
  assert.is(await loggerOf(office), silent);
});

at(
  "accepted, its line is shown, written and read; transfers are found by `log`; uninstall takes it out to the byte",
  async (office) => {
    const { run, phone, pbx } = office;
    await withLogger(office, silent);
    const session = await wizardAt(office, question);
    await session.press(keys.enter);
    await session.shows("Prompts in which");
    await session.press(keys.enter);
    await session.shows("Which recordings?");
    await session.press(keys.enter);
    await session.shows("Make these changes?");
    assert.match(session.text, /edit +\S+\/logger\.conf/);
    await session.press(keys.down, keys.enter);
    await session.shows("+smart_transfer_log => notice ; asterisk-smart-transfer");
    await session.shows("Make these changes?");
    await session.press(keys.enter);
    assert.is(await session.code(), 0, session.text);
    assert.match(session.text, /✔ module reload logger/);
    assert.match(session.text, /pass +log +Asterisk writes notices to \S+smart_transfer_log/);
    assert.is(await loggerOf(office), `${silent}\nsmart_transfer_log => notice ; asterisk-smart-transfer`);

    const caller = await sendOn(office, "900", "101", "102");
    await talkToTheEnd(caller, await phone("102").rings());
    let listed = "";
    for (let left = 100; left > 0 && listed === ""; left--) {
      listed = (await run("log", "--json")).stdout;
      await sleep(50);
    }
    const { caller: number, from, to, outcome } = JSON.parse(listed);
    assert.equal({ number, from, to, outcome }, { number: "900", from: "101", to: "102", outcome: "answered" });

    const unattended = await run("install", "--yes");
    assert.is(unattended.code, 0);
    assert.match(unattended.stdout, /Nothing to do/, "asked or not, the line stays");
    const again = await wizardAt(office, "Which recordings?");
    await again.press(keys.enter);
    assert.is(await again.code(), 0, again.text);
    assert.not.match(again.text, new RegExp(question.replace("?", "\\?")), "decided");

    assert.is((await run("uninstall", "--yes")).code, 0);
    assert.is(await loggerOf(office), silent);
    assert.not.match(await pbx.cli("logger show channels"), /smart_transfer/);
  },
);

at(
  "where only the admin can tell the place, the wizard does not ask, and the check says which line",
  async (office) => {
    await withLogger(office, `[logfiles]\nfull => warning,error,verbose(5),dtmf\n[general]\n`);
    const session = await wizardAt(office, "Which recordings?");
    await session.press(keys.enter);
    await session.shows("Make these changes?");
    await session.press(keys.enter);
    assert.is(await session.code(), 0, session.text);
    assert.not.match(session.text, new RegExp(question.replace("?", "\\?")));
    const { status, remedy } = await logCheck(office);
    assert.is(status, "warn");
    assert.match(
      remedy ?? "",
      /^Add the line `smart_transfer_log => notice` to \[logfiles\] of \S+logger\.conf, then run/,
    );
  },
);

test("the office closes, and nothing of it is left", () => leavesNothing(started));

test.run();
