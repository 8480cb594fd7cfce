// Reads a log of 50 MB, and of 1 GB with DRILL=all, without much memory, and compares the time for the large one with `grep -c`.
// The time for the small one is not compared: much of it is the start of Node.
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { execa } from "execa";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { command, isWhole } from "./drill.ts";

const megabytes = isWhole ? 1000 : 50;
const records = isWhole ? 100_000 : 5_000;
const rounds = isWhole ? 3 : 1;
/** How many times as long as `grep -c` it may take, and the memory in MB at its peak. */
const limits = { times: 10, memory: 150 };

const stamp = (at: number) => new Date(1_790_000_000_000 + at * 1000).toISOString().replace("T", " ").slice(0, 19);
const other = (at: number) =>
  `[${stamp(at)}] VERBOSE[${2000 + (at % 7)}][C-0000${(at % 9000) + 1000}] pbx.c: Executing [s@macro-dial-one:${at % 60}] Set("PJSIP/${100 + (at % 90)}-0000${at % 9999}", "DEXTEN=${at % 90}") in new stack\n`;
const record = (at: number) =>
  `[${stamp(at)}] NOTICE[2001][C-0000${(at % 9000) + 1000}] Ext. s: smart-transfer: caller=${at} from=101 to=102 outcome=answered desk=${at % 20}.5\n`;

async function write(file: string): Promise<void> {
  const out = createWriteStream(file);
  const between = Math.round((megabytes * 1e6) / records / other(100).length);
  for (let at = 0; at < records; at++) {
    const lines = Array.from({ length: between }, (_, line) => other(at + line)).join("");
    if (!out.write(lines + record(at))) await once(out, "drain");
  }
  out.end();
  await finished(out);
}

/** Tells the peak of its memory, in KB, as it ends. */
const weighed = "data:text/javascript,process.on('exit',()=>console.error('peak '+process.resourceUsage().maxRSS))";

async function timed(program: string, args: readonly string[]) {
  const began = performance.now();
  const ran = await execa(program, args, { stdin: "ignore", maxBuffer: 1e9 });
  const peak = Number(/peak (\d+)/.exec(ran.stderr)?.[1] ?? 0) / 1024;
  return { ms: performance.now() - began, peak, stdout: ran.stdout };
}
const median = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

test(`${records} records in a log of ${megabytes} MB: beside grep, and in how much memory`, async () => {
  const root = await mkdtemp(join(tmpdir(), "log-size-"));
  try {
    await mkdir(join(root, "etc/asterisk"), { recursive: true });
    await writeFile(join(root, "etc/asterisk/asterisk.conf"), "");
    await mkdir(join(root, "var/log/asterisk"), { recursive: true });
    await writeFile(
      join(root, "etc/asterisk/logger.conf"),
      "[general]\ndateformat = %F %T\n[logfiles]\nfull => notice\n",
    );
    const file = join(root, "var/log/asterisk/full");
    await write(file);
    assert.ok((await stat(file)).size >= megabytes * 0.95e6);
    const log = (...shape: string[]) => ["--import", weighed, command, "log", ...shape, "--offline", "--root", root];
    const grep: number[] = [];
    const shapes = { list: ["--json"], summary: ["--summary", "--json"] };
    const ours = Object.entries(shapes).map(([name, shape]) => ({ name, shape, ms: [] as number[], peak: 0 }));
    for (let round = 0; round < rounds; round++) {
      const counted = await timed("grep", ["-c", "smart-transfer: caller=", file]);
      assert.is(Number(counted.stdout), records);
      grep.push(counted.ms);
      for (const one of ours) {
        const { ms, peak, stdout } = await timed("node", log(...one.shape));
        one.ms.push(ms);
        one.peak = Math.max(one.peak, peak);
        const count = one.name === "list" ? stdout.split("\n").length : JSON.parse(stdout).all.count;
        assert.is(count, records);
      }
    }
    const usual = median(grep);
    const tell = ({ name, ms, peak }: (typeof ours)[number]) =>
      `${name}: ${median(ms).toFixed(0)} ms, ${peak.toFixed(0)} MB at its peak`;
    const told = `grep -c: ${usual.toFixed(0)} ms; ${ours.map(tell).join("; ")}`;
    console.log(told);
    for (const { ms, peak } of ours) {
      assert.ok(peak > 0 && peak < limits.memory, told);
      if (isWhole) assert.ok(median(ms) < limits.times * usual, told);
    }
  } finally {
    await rm(root, { recursive: true });
  }
});

test.run();
