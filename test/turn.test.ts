import { mkdir, mkdtemp, readdir, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pid } from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { fileSystem } from "../src/asterisk/files.ts";
import { lockIn } from "../src/installer/apply/lock.ts";
import { inTurn } from "../src/installer/apply/turn.ts";
import { Problem } from "../src/terminal/problem.ts";
import { acts, expectWhole, layGround, run } from "./drill.ts";
import { directories } from "./scene.ts";

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

/** Who holds the lock, as the lock names this very process. */
async function nameOfOurs(root: string, state: string): Promise<string> {
  let name = "";
  await inTurn({ system: fileSystem(root), directories, cli: undefined }, silently, async () => {
    name = (await readdir(join(state, "lock")))[0] ?? "";
  });
  return name;
}

test("two runs at once: one after the other, and the second says that it waits, for whom and since when", () =>
  inFolder(async (root, state) => {
    const target = { system: fileSystem(root), directories, cli: undefined };
    // Another process: this one cannot wait for itself.
    const script = `
      const { lockIn } = await import(${JSON.stringify(join(import.meta.dirname, "../src/installer/apply/lock.ts"))});
      const lock = lockIn(${JSON.stringify(state)});
      await lock.take({ uid: process.getuid(), gid: process.getgid(), mode: 0o755 }, 20000, console.log);
      console.log("works");
      lock.release();`;
    let said = "";
    let second: Promise<unknown> = Promise.resolve();
    await inTurn(target, silently, async () => {
      const process = execa("node", ["--import", "tsx", "--input-type=module", "-e", script]);
      process.stdout.on("data", (text) => {
        said += text;
      });
      second = process;
      for (let waited = 0; said === "" && waited < 20_000; waited += 20) await sleep(20);
      await sleep(300);
      assert.match(said, new RegExp(`^Waiting for another run to end: process ${pid}, since 20\\d\\d-.*Z\\.\n$`));
    });
    await second;
    assert.match(said, /\nworks\n$/);
    assert.equal(await readdir(join(root, directories.varLib)), [], "nothing stays");
  }));

test("who does not get his turn is told who is at work, and leaves nothing", () =>
  inFolder(async (root, state) => {
    const owner = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0, mode: 0o755 };
    await mkdir(state);
    // A live process that is not this one.
    const other = execa("sleep", ["30"], { reject: false });
    const start = /\) (.*)$/s
      .exec(await execa("cat", [`/proc/${other.pid}/stat`]).then(({ stdout }) => stdout))?.[1]
      ?.split(" ")[19];
    const [, , ...rest] = (await nameOfOurs(root, state)).split("-");
    const name = [other.pid, start, ...rest].join("-");
    await mkdir(join(state, "lock"), { recursive: true });
    await writeFile(join(state, "lock", name), "");
    const lock = lockIn(state);
    try {
      await lock.take(owner, 0, silently);
      assert.unreachable();
    } catch (error) {
      assert.instance(error, Problem);
      assert.match((error as Problem).message, new RegExp(`is at work here: process ${other.pid}, since `));
    }
    lock.release();
    assert.equal(await readdir(state), ["lock"]);
    other.kill();
    await other;
    await inTurn({ system: fileSystem(root), directories, cli: undefined }, silently, async () => {});
    assert.equal(await readdir(join(root, directories.varLib)), [], "it died, and its lock is no lock");
  }));

test("a dead holder's lock is no lock: no such process, another that has its number now, another boot", () =>
  inFolder(async (root, state) => {
    const [pid = "", start = "", boot = "", namespace = ""] = (await nameOfOurs(root, state)).split("-");
    const dead = [
      ["4194305", start, boot, namespace],
      [pid, `${Number(start) + 1}`, boot, namespace],
      ["1", start, boot, namespace],
      [pid, start, "00000000", namespace],
    ];
    for (const parts of dead) {
      await mkdir(join(state, "lock"), { recursive: true });
      await writeFile(join(state, "lock", parts.join("-")), "");
      await mkdir(join(state, `lock-${parts.join("-")}`));
      let worked = false;
      await inTurn({ system: fileSystem(root), directories, cli: undefined }, silently, async () => {
        worked = true;
        assert.equal(await readdir(state), ["lock"]);
      });
      assert.ok(worked);
      assert.equal(await readdir(join(root, directories.varLib)), [], parts.join("-"));
    }
  }));

test("a holder in another container cannot be seen, and is believed", () =>
  inFolder(async (root, state) => {
    const parts = Object.assign((await nameOfOurs(root, state)).split("-"), { 3: "1" });
    await mkdir(join(state, "lock"), { recursive: true });
    await writeFile(join(state, "lock", parts.join("-")), "");
    const owner = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0, mode: 0o755 };
    const lock = lockIn(state);
    try {
      await lock.take(owner, 0, silently);
      assert.unreachable();
    } catch (error) {
      assert.match((error as Problem).remedy, /If it is not there any more, remove .*\/lock\.$/);
    }
    lock.release();
    assert.equal(await readdir(state), ["lock"]);
  }));

test("many at once, and a dead one's lock in their way: never two at work, and each has his turn", async () => {
  const ground = await layGround();
  try {
    await ground.drill("install", async (disk) => {
      const folder = join(disk, "var/lib/asterisk/smart-transfer/lock");
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, "4194305-1-00000000-1"), "");
      const runs = await Promise.all(Array.from({ length: 5 }, () => run(disk, acts.install.args)));
      assert.equal(
        runs.map(({ code }) => code),
        [0, 0, 0, 0, 0],
        runs.map(({ said }) => said).join("\n---\n"),
      );
      // One has done it all; who came later found it done.
      assert.is(runs.filter(({ said }) => said.includes("Nothing to do")).length, 4);
      await expectWhole(disk, await ground.result("install"), undefined, "five at once");
    });
  } finally {
    await ground.remove();
  }
});

test.run();
