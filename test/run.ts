/**
 * Runs the suite: `tsx test/run.ts [--unit] [PATTERN]`; with `--unit` only what needs no Asterisk. uvu alone can be green by accident: a file that forgets to run its tests, a
 * pattern that fits no file, a hook that throws and a test singled out with `.only` all end with exit code 0. So each file
 * runs by itself, and its own count must show that all of its tests ran and passed.
 */
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { execa } from "execa";
import { unpackAsterisk } from "../src/sandbox/packages.ts";

const folder = import.meta.dirname;
const uvu = join(folder, "../node_modules/uvu/bin.js");
/** For one file. With these variables a file plays everything instead of a share. */
const isWhole = ["MUTANTS", "DRILL"].some((name) => process.env[name] === "all");
const limitMs = isWhole ? 3_600_000 : 300_000;
/** Files at once: the live ones wait for telephones most of the time. */
const abreast = 6;

interface Count {
  passed: number;
  failed: number;
  skipped: number;
}

/** The number of tests that a file's text declares, to compare with the number that ran. */
function declared(text: string, driver: string | undefined): number {
  const tests = [...text.matchAll(/^ *(\w*[tT]est|each)\(/gm)];
  return tests.filter(([, name]) => driver === undefined || name !== "moreTest").length;
}

/** A test file, and the Debian suite whose Asterisk it shall run on, and the channel driver, if they are not the usual ones. */
interface Job {
  file: string;
  suite?: string;
  driver?: string;
}

async function runFile(job: Job): Promise<Count> {
  const { file, suite, driver } = job;
  const started = Date.now();
  const args = ["--import", "tsx", uvu, folder, `^${basename(file).replaceAll(".", "\\.")}$`];
  const run = await execa("node", args, {
    reject: false,
    all: true,
    timeout: limitMs,
    env: { FORCE_COLOR: "0", ...(suite && { ASTERISK_SUITE: suite }), ...(driver && { ASTERISK_DRIVER: driver }) },
  });
  const number = (name: string) => Number(new RegExp(`^\\s*${name}:\\s+(\\d+)`, "m").exec(run.all)?.[1] ?? 0);
  const [total, passed, skipped] = [number("Total"), number("Passed"), number("Skipped")];
  const complaints = [
    ...(run.timedOut ? [`it took longer than ${limitMs / 1000} s`] : []),
    ...(run.exitCode === 0 ? [] : [`exit code ${run.exitCode ?? run.signal}`]),
    ...(total > 0 ? [] : ["no test ran"]),
    ...(skipped > 0 ? [`${skipped} skipped by uvu`] : []),
    ...(total < declared(textOf(file), driver) ? ["fewer tests ran than it declares"] : []),
  ];
  // A test that this machine cannot run prints a line of its own, and is counted.
  const loudSkips = [...run.all.matchAll(/^SKIPPED: /gm)].length;
  const failed = Math.max(total - passed, complaints.length > 0 ? 1 : 0);
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  console.log(
    `${failed > 0 ? "FAIL" : "ok  "} ${titleOf(job)}: ${passed} of ${total} in ${seconds} s${complaints.map((one) => `; ${one}`).join("")}`,
  );
  if (failed > 0 || loudSkips > 0) console.log(run.all);
  return { passed: passed - loudSkips, failed, skipped: loudSkips };
}

function titleOf({ file, suite, driver }: Job): string {
  const title = suite === undefined ? file : `${file} on the Asterisk of ${suite}`;
  return driver === undefined ? title : `${title} with ${driver}`;
}

/** Tests with telephones also run on the oldest Asterisk that we support. */
const oldSuite = "bullseye";
const textOf = (file: string) => readFileSync(join(folder, file), "utf8");
/** Whether a test needs an Asterisk or the built command, by its imports. */
function isLive(file: string): boolean {
  const text = textOf(file);
  if (/\/src\/sandbox\/|\/chaos\/run\.ts|\bdist\/install\.js/.test(text)) return true;
  return [...text.matchAll(/from "\.\/(.+)"/g)].some(([, imported = ""]) => isLive(imported));
}
const isTelephony = (file: string) => textOf(file).includes("startLive(");

/** Its chan_sip, which newer ones lack, runs the core of the ladder: the files that mark their other tests with moreTest. */
const chanSip = "SIP";
const hasCore = (file: string) => textOf(file).includes("moreTest(");

async function oldAsterisk(): Promise<string | undefined> {
  try {
    await unpackAsterisk({ suite: oldSuite });
    return oldSuite;
  } catch (error) {
    console.log(`SKIPPED: all tests on the Asterisk of ${oldSuite}: ${error instanceof Error ? error.message : error}`);
    return undefined;
  }
}

const args = process.argv.slice(2);
const unit = args[0] === "--unit";
// The number of random inputs in the short suite.
if (unit) process.env.ASTERISK_HOSTILE ??= "1000";
const pattern = new RegExp(args[unit ? 1 : 0] ?? ".");
const wanted = (name: string) => name.endsWith(".test.ts") && pattern.test(name) && !(unit && isLive(name));
const files = readdirSync(folder).filter(wanted);
const telephony = files.filter(isTelephony);
const core = telephony.filter(hasCore);
/** The jobs that failed, told once more at the end: their own reports are far up by then. */
const red: string[] = [];
const sum: Count = { passed: 0, failed: files.length === 0 ? 1 : 0, skipped: 0 };

const suite = process.env.ASTERISK_SUITE === undefined && telephony.length > 0 ? await oldAsterisk() : undefined;
if (process.env.ASTERISK_SUITE === undefined && suite === undefined) sum.skipped += telephony.length + core.length;
// The long files begin first, so that none runs alone at the end.
const others = files.filter((file) => !telephony.includes(file));
const queue: Job[] = [
  ...telephony.map((file): Job => ({ file })),
  ...(suite === undefined ? [] : telephony.map((file): Job => ({ file, suite }))),
  ...(suite === undefined ? [] : core.map((file): Job => ({ file, suite, driver: chanSip }))),
  ...others.map((file): Job => ({ file })),
];

async function runNext(): Promise<void> {
  for (let job = queue.shift(); job !== undefined; job = queue.shift()) {
    const { passed, failed, skipped } = await runFile(job);
    if (failed > 0) red.push(titleOf(job));
    sum.passed += passed;
    sum.failed += failed;
    sum.skipped += skipped;
  }
}
await Promise.all(Array.from({ length: abreast }, runNext));
if (red.length > 0) console.log(`\nFAILED: ${red.join(", ")}`);
console.log(`\n${sum.passed} passed, ${sum.failed} failed${sum.skipped > 0 ? `, ${sum.skipped} skipped` : ""}`);
process.exitCode = sum.failed === 0 && sum.passed > 0 ? 0 : 1;
