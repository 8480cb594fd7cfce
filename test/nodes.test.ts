import { join } from "node:path";
import { execa } from "execa";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { differences, fileStates } from "../src/sandbox/demo/file-states.ts";
import { startOffice } from "../src/sandbox/office.ts";
import { unpackAsterisk } from "../src/sandbox/packages.ts";
import { keys, TerminalSession, whyNoTerminal } from "../src/tools/pictures/terminal-session.ts";
import { command } from "./live.ts";
import { unpackNode } from "./nodes.ts";

/** A test on another Node, or a loud skip if npm cannot get that. */
function on(version: string, title: string, story: (node: string) => Promise<void>): void {
  const whole = `on Node ${version}: ${title}`;
  test(whole, async () => {
    const node = await unpackNode(version).catch((error: Error) => error);
    if (node instanceof Error) console.log(`SKIPPED: ${whole}: ${node.message.split("\n")[0]}`);
    else await story(node);
  });
}

async function install(wizard: TerminalSession): Promise<void> {
  for (const question of [
    "Who takes part?",
    "Try a mobile",
    "Which key starts",
    "Prompts in which languages",
    "Which recordings?",
    "Make these changes?",
  ]) {
    await wizard.shows(question);
    await wizard.press(keys.enter);
  }
  assert.is(await wizard.code(), 0, wizard.text);
}

async function demo(node: string): Promise<void> {
  const { exitCode, all } = await execa(node, [command, "demo", "--yes"], { reject: false, all: true });
  assert.is(exitCode, 0, all);
  assert.match(all, /files of that Asterisk are as they were, to the byte/);
}

const oldest = "18.19.1";
const newest = "latest";

for (const version of [oldest, "20.20.2", "22.11.0", newest]) {
  on(version, "help, the questions and an install, a check, the way back, and the demo", async (node) => {
    const obstacle = await whyNoTerminal();
    assert.is(obstacle, undefined);
    assert.match((await execa(node, [command, "--help"])).stdout, /asterisk-smart-transfer uninstall/);
    const shown = demo(node);
    const office = await startOffice({ release: await unpackAsterisk(), endpoints: ["101", "102", "103"] });
    try {
      const { pbx } = office;
      const look = () => fileStates(pbx.etcDir, join(pbx.dataDir, "sounds"), join(pbx.folder, "lib"));
      const before = await look();
      await install(new TerminalSession([node, command, ...pbx.reach]));
      assert.is.not(differences(before, await look()).length, 0);
      for (const words of ["check", "uninstall --yes"]) {
        const { exitCode, all } = await execa(node, [command, ...words.split(" "), ...pbx.reach], {
          reject: false,
          all: true,
        });
        assert.is(exitCode, 0, all);
      }
      assert.equal(differences(before, await look()), []);
    } finally {
      await office.stop();
    }
    await shown;
  });
}

for (const version of ["10.24.1", "16.20.2"]) {
  on(version, "one sentence, and no stack trace", async (node) => {
    const { exitCode, stdout, stderr } = await execa(node, [command, "check"], { reject: false });
    assert.equal([exitCode, stdout], [1, ""]);
    assert.is(stderr, `asterisk-smart-transfer needs Node 18.19 or later, and this is Node ${version}.`);
  });
}

test.run();
