/**
 * Runs the suite: `tsx test/run.ts [PATTERN]`. uvu alone can be green by accident: a file that forgets to run its tests, a
 * pattern that fits no file, a hook that throws and a test singled out with `.only` all end with exit code 0. So each file
 * runs by itself, and its own count must show that all of its tests ran and passed.
 */
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { execa } from "execa";

const folder = import.meta.dirname;
const uvu = join(folder, "../node_modules/uvu/bin.js");
const limitMs = 300_000;
/** Files at once: the live ones wait for telephones most of the time. */
const abreast = 4;

interface Count {
  passed: number;
  failed: number;
  skipped: number;
}

/** The tests that a file declares, by its text: what ran is held against it. */
function declared(text: string): number {
  return [...text.matchAll(/^ *(?:\w*[tT]est|each)\(/gm)].length;
}

async function runFile(file: string): Promise<Count> {
  const started = Date.now();
  const args = ["--import", "tsx", uvu, folder, `^${basename(file).replaceAll(".", "\\.")}$`];
  const run = await execa("node", args, {
    reject: false,
    all: true,
    timeout: limitMs,
    env: { FORCE_COLOR: "0" },
  });
  const number = (name: string) => Number(new RegExp(`^\\s*${name}:\\s+(\\d+)`, "m").exec(run.all)?.[1] ?? 0);
  const [total, passed, skipped] = [number("Total"), number("Passed"), number("Skipped")];
  const complaints = [
    ...(run.timedOut ? [`it took longer than ${limitMs / 1000} s`] : []),
    ...(run.exitCode === 0 ? [] : [`exit code ${run.exitCode ?? run.signal}`]),
    ...(total > 0 ? [] : ["no test ran"]),
    ...(skipped > 0 ? [`${skipped} skipped by uvu`] : []),
    ...(total < declared(readFileSync(join(folder, file), "utf8")) ? ["fewer tests ran than it declares"] : []),
  ];
  // A test that needs what this machine cannot have says so in a line of its own, and is counted.
  const loudSkips = [...run.all.matchAll(/^SKIPPED: /gm)].length;
  const failed = Math.max(total - passed, complaints.length > 0 ? 1 : 0);
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  console.log(
    `${failed > 0 ? "FAIL" : "ok  "} ${file}: ${passed} of ${total} in ${seconds} s${complaints.map((one) => `; ${one}`).join("")}`,
  );
  if (failed > 0 || loudSkips > 0) console.log(run.all);
  return { passed: passed - loudSkips, failed, skipped: loudSkips };
}

const pattern = new RegExp(process.argv[2] ?? ".");
const files = readdirSync(folder).filter((name) => name.endsWith(".test.ts") && pattern.test(name));
const sum: Count = { passed: 0, failed: files.length === 0 ? 1 : 0, skipped: 0 };
const queue = [...files];
async function runNext(): Promise<void> {
  for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
    const { passed, failed, skipped } = await runFile(file);
    sum.passed += passed;
    sum.failed += failed;
    sum.skipped += skipped;
  }
}
await Promise.all(Array.from({ length: abreast }, runNext));
console.log(`\n${sum.passed} passed, ${sum.failed} failed${sum.skipped > 0 ? `, ${sum.skipped} skipped` : ""}`);
process.exitCode = sum.failed === 0 && sum.passed > 0 ? 0 : 1;
