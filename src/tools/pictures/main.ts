/**
 * `npm run pictures`: draws assets/wizard.svg, assets/demo.svg and assets/log.svg from real runs of the built command.
 * Needs `script` of util-linux.
 */
import { writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startOffice } from "../../sandbox/office.ts";
import { unpackAsterisk } from "../../sandbox/packages.ts";
import { writeSampleLog } from "./sample-log.ts";
import { linesShown } from "./screen.ts";
import { svgOf } from "./svg.ts";
import { keys, TerminalSession } from "./terminal-session.ts";

const top = join(import.meta.dirname, "../../..");
const command = [process.execPath, join(top, "dist/install.js")];
const columns = 100;
/** The time until a question that has started to appear is complete, in ms. */
const drawingMs = 100;
const rows = 50;

function open(...args: readonly string[]): TerminalSession {
  return new TerminalSession([...command, ...args], { columns, rows, env: { TERM: "xterm-256color" } });
}

async function end(session: TerminalSession): Promise<void> {
  const code = await session.code();
  if (code !== 0) throw new Error(`It ended with ${code}:\n${session.text}`);
}

async function draw(name: string, title: string, written: string): Promise<void> {
  const lines = await linesShown(written, columns, rows);
  writeFileSync(join(top, "assets", `${name}.svg`), svgOf(title, columns, lines));
}

/** Replaces the sandbox's paths with those of an ordinary Asterisk. */
function asOnAnyPbx(written: string, etcDir: string, dataDir: string, varLib: string): string {
  return written
    .replaceAll(etcDir, "/etc/asterisk")
    .replaceAll(dataDir, "/usr/share/asterisk")
    .replaceAll(varLib, "/var/lib/asterisk");
}

const questions = ["Who takes part?", "Try a mobile", "Which key", "Prompts in which languages", "Which recordings?"];
const lastQuestion = "Make these changes?";

const root = await mkdtemp(join(tmpdir(), "pictures-"));
try {
  await writeSampleLog(root, new Date(Date.UTC(2026, 10, 23)));
  const log = open("log", "--offline", "--root", root, "--summary");
  await end(log);
  await draw("log", "npx asterisk-smart-transfer log --summary", log.raw);
} finally {
  await rm(root, { recursive: true });
}

const demo = open("demo");
await end(demo);
await draw("demo", "npx asterisk-smart-transfer demo", demo.raw);

const endpoints = Array.from({ length: 10 }, (_, index) => String(101 + index));
const office = await startOffice({ release: await unpackAsterisk(), endpoints });
try {
  const { pbx } = office;
  const wizard = open(...pbx.reach);
  for (const question of questions) {
    await wizard.shows(question);
    await wizard.press(keys.enter);
  }
  await wizard.shows(lastQuestion);
  await sleep(drawingMs);
  // The questions are answered, and the planned changes are on the screen.
  const written = asOnAnyPbx(wizard.raw, pbx.etcDir, pbx.dataDir, join(pbx.folder, "lib"));
  await wizard.press(keys.enter);
  await end(wizard);
  await draw("wizard", "npx asterisk-smart-transfer", written);
} finally {
  await office.stop();
}
