import { mkdir, mkdtemp, readdir, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pid } from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { fileSystem } from "../src/asterisk/files.ts";
import { underLock } from "../src/installer/apply/under-lock.ts";
import { Problem } from "../src/terminal/problem.ts";
import { acts, expectWhole, layGround, run } from "./drill.ts";
import { canMount, noMounts, withMounts } from "./mounts.ts";
import { directories } from "./snapshot.ts";

const silently = () => {};

async function inFolder(story: (root: string, state: string) => Promise<void>): Promise<void> {
  const root = await realpath(await mkdtemp(join(tmpdir(), "turn-")));
  const state = join(root, directories.varLib, "smart-transfer");
  await mkdir(join(root, directories.varLib), { recursive: true });
  try {
    await story(root, state);
  } finally {
    await rm(root, { recursive: true });
  }
}

const targetIn = (root: string) => ({ system: fileSystem(root), directories, cli: undefined });

const source = (file: string) => JSON.stringify(join(import.meta.dirname, "../src", file));

/** A second process that wants the lock, says so, and works for so many milliseconds. */
const other = (root: string, works: number, patience: number) => `
  const { underLock } = await import(${source("installer/apply/under-lock.ts")});
  const { fileSystem } = await import(${source("asterisk/files.ts")});
  const target = { system: fileSystem(${JSON.stringify(root)}), directories: ${JSON.stringify(directories)}, cli: undefined };
  await underLock(target, console.log, async () => {
    console.log("works");
    await new Promise((ended) => setTimeout(ended, ${works}));
  }, ${patience}).catch(({ message, remedy }) => console.log(message, remedy));`;

const start = (script: string) =>
  execa("node", ["--import", "tsx", "--input-type=module", "-e", script], { reject: false });

/** Waits until the process has said something. */
async function said(process: ReturnType<typeof start>): Promise<() => string> {
  let text = "";
  process.stdout.on("data", (more) => {
    text += more;
  });
  for (let waited = 0; text === "" && waited < 20_000; waited += 20) await sleep(20);
  return () => text;
}

test("two runs at once: one after the other, and the second says that it waits, for whom and since when", () =>
  inFolder(async (root) => {
    let second: ReturnType<typeof start> | undefined;
    let heard = () => "";
    await underLock(targetIn(root), silently, async () => {
      second = start(other(root, 0, 20_000));
      heard = await said(second);
      await sleep(300);
      assert.match(heard(), new RegExp(`^Waiting for another run to end: process ${pid}, since 20\\d\\d-.*Z\\.\n$`));
    });
    await second;
    assert.match(heard(), /\nworks\n$/);
    assert.equal(await readdir(join(root, directories.varLib)), [], "nothing stays");
  }));

test("who does not get their turn is told who is at work, and leaves nothing", () =>
  inFolder(async (root, state) => {
    const first = start(other(root, 20_000, 0));
    assert.is((await said(first))(), "works\n");
    try {
      await underLock(targetIn(root), silently, async () => assert.unreachable(), 0);
      assert.unreachable();
    } catch (error) {
      assert.instance(error, Problem);
      assert.match((error as Problem).message, new RegExp(`is running here: process ${first.pid}, since `));
    }
    assert.equal(await readdir(state), ["at-work"]);
    first.kill("SIGKILL");
    await first;
    let told = "";
    await underLock(
      targetIn(root),
      (sentence) => {
        told = sentence;
      },
      async () => {},
      0,
    );
    assert.is(told, "", "it died, and its lock with it");
    assert.equal(await readdir(join(root, directories.varLib)), []);
  }));

test("a holder whom nobody can see holds it all the same: as with hidepid=2", async () => {
  if (!(await canMount)) return noMounts();
  await inFolder(async (root) => {
    const first = start(other(root, 20_000, 0));
    assert.is((await said(first))(), "works\n");
    // /proc shows nothing of the process.
    const script = `mount -t tmpfs none /proc/"$1"; [ ! -e /proc/"$1"/stat ]; shift; exec "$@"`;
    const node = ["node", "--import", "tsx", "--input-type=module", "-e", other(root, 0, 0)];
    const second = await withMounts(script, `${first.pid}`, ...node);
    assert.match(second.said, new RegExp(`is running here: process ${first.pid}, since `), second.said);
    first.kill("SIGKILL");
    await first;
    assert.match((await withMounts('shift; exec "$@"', "", ...node)).said, /^works$/m);
  });
});

test("without flock it says what to install, and leaves nothing", () =>
  inFolder(async (root) => {
    const folder = join(root, "bin");
    await mkdir(folder);
    await writeFile(join(folder, "flock"), "#!/bin/sh\nexit 127\n", { mode: 0o755 });
    const { stdout } = await execa("node", ["--import", "tsx", "--input-type=module", "-e", other(root, 0, 0)], {
      env: { PATH: `${folder}:${process.env.PATH}` },
    });
    assert.match(stdout, /The program flock is missing .*\. Nothing was changed\. Install the package util-linux/);
    assert.equal(await readdir(join(root, directories.varLib)), []);
  }));

test("many at once: never two at work, and each has its turn", async () => {
  const ground = await layGround();
  try {
    await ground.drill("install", async (disk) => {
      // The lock of former versions.
      const folder = join(disk, "var/lib/asterisk/smart-transfer/lock");
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, "4194305-1-00000000-1"), "");
      const runs = await Promise.all(Array.from({ length: 5 }, () => run(disk, acts.install.args)));
      assert.equal(
        runs.map(({ code }) => code),
        [0, 0, 0, 0, 0],
        runs.map(({ said }) => said).join("\n---\n"),
      );
      // One process has done the work, and the others found it done.
      assert.is(runs.filter(({ said }) => said.includes("Nothing to do")).length, 4);
      await expectWhole(disk, await ground.result("install"), undefined, "five at once");
    });
  } finally {
    await ground.remove();
  }
});

test.run();
