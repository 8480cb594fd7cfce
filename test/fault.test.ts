// Whatever goes wrong while a run changes files: afterwards every byte is as before, and a sentence says why.
// The suite takes some of the calls that can fail; DRILL=all takes every one.
import { chmod, lstat, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { asteriskCli } from "../src/asterisk/cli.ts";
import { differences } from "../src/sandbox/demo/file-states.ts";
import { isRoot } from "./as-root.ts";
import {
  type Act,
  abreast,
  acts,
  callsOf,
  command,
  expectWhole,
  layGround,
  putBack,
  type Ran,
  relative,
  run,
  some,
  start,
} from "./drill.ts";
import { canMount, noMounts, withMounts } from "./mounts.ts";

const ground = layGround();
const names = Object.keys(acts) as Act[];
const etc = "etc/asterisk";

/** One sentence and its remedy, or one that says that all went well in the end. */
function expectClear({ code, said }: Ran, how: string): void {
  assert.not.match(said, /fault of asterisk-smart-transfer|\n +at /, how);
  if (code === 0) return;
  assert.is(code, 1, `${how}: ${said}`);
  assert.match(said, /Everything is as it was before\.|Nothing was changed\./, how);
}

const troubles = [
  ["ENOSPC", /disk is full/],
  ["EROFS", /read-only/],
  ["EACCES", /This user may not write/],
  ["EIO", /EIO/],
] as const;

for (const [trouble, sentence] of troubles) {
  test(`${trouble} at any call: all as before, or done all the same`, async () => {
    const disk = await ground;
    let failed = 0;
    for (const act of names) {
      const after = await disk.result(act);
      await abreast(some(await callsOf(disk, act), 3), (call) =>
        disk.drill(act, async (root, before) => {
          const how = `${act} ${trouble}:${call}`;
          const ran = await run(root, acts[act].args, `${trouble}:${call}`);
          expectClear(ran, how);
          if (ran.code === 1) {
            failed++;
            assert.match(ran.said, sentence, how);
          }
          const wanted = ran.code === 1 ? before : after;
          // The next run removes what this run could not.
          if (differences(wanted, await relative(root)).length > 0) await run(root, putBack);
          await expectWhole(root, wanted, undefined, `${how}: ${ran.said}`);
        }),
      );
    }
    assert.ok(failed > 0);
  });
}

test("a disk that is full and stays so: as before, or else the run says what is where, and the next one ends it", async () => {
  const disk = await ground;
  let barred = 0;
  for (const act of names) {
    const after = await disk.result(act);
    await abreast(some(await callsOf(disk, act), 3), (call) =>
      disk.drill(act, async (root, before) => {
        const how = `${act} ENOSPC+:${call}`;
        const { code, said } = await run(root, acts[act].args, `ENOSPC+:${call}`);
        assert.not.match(said, /fault of asterisk-smart-transfer/, how);
        const told = /These could not be restored: (\S+) \(.*?; its former content is (\S+)\)/.exec(said);
        if (told) {
          barred++;
          assert.is(code, 1);
          assert.ok((await lstat(told[2] as string)).isFile(), `${how}: ${said}`);
          assert.match(said, /run this again: it restores the rest/);
        } else {
          expectClear({ code, said, signal: undefined }, how);
        }
        await run(root, putBack);
        await expectWhole(root, code === 0 ? after : before, undefined, `${how}: ${said}`);
      }),
    );
  }
  assert.ok(barred > 0, "some could not be put back at first");
});

for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 130],
  ["SIGHUP", 130],
] as const) {
  test(`${signal} at any call: as before, or as it shall be`, async () => {
    const disk = await ground;
    let interrupted = 0;
    for (const act of names) {
      const after = await disk.result(act);
      await abreast(some(await callsOf(disk, act), 2), (call) =>
        disk.drill(act, async (root, before) => {
          const how = `${act} ${signal}:${call}`;
          const ran = await run(root, acts[act].args, `${signal}:${call}`);
          if (ran.code === code) {
            interrupted++;
            assert.match(ran.said, /^Interrupted\. Restoring everything\.$/m);
            assert.match(ran.said, /^Interrupted\. Everything is as it was before\.$/m);
          } else {
            // Before anything was changed, or after all was.
            assert.ok(ran.code === 0 || ran.signal === signal, `${how}: ${ran.code} ${ran.said}`);
          }
          await expectWhole(root, before, ran.code === code ? undefined : after, `${how}: ${ran.said}`);
        }),
      );
    }
    assert.ok(interrupted > 0);
  });
}

test("interrupted while it takes back what a killed run left: that is finished, and nothing else begun", async () => {
  const disk = await ground;
  await abreast([20, 45], (call) =>
    disk.drill("install", async (root, before) => {
      assert.is((await run(root, acts.install.args, "kill:180")).signal, "SIGKILL");
      const { code, said } = await run(root, acts.install.args, `SIGINT:${call}`);
      assert.is(code, 130, said);
      assert.match(said, /was killed half way\. Everything is as it was before\.\nInterrupted\.$/m);
      await expectWhole(root, before, undefined, said);
    }),
  );
});

test("a terminal that was closed: what is under way goes on to its end", async () => {
  const disk = await ground;
  for (const act of names) {
    const after = await disk.result(act);
    await disk.drill(act, async (root, before) => {
      const running = start(root, [...acts[act].args, "--verbose"]);
      running.stdout.destroy();
      running.stderr.destroy();
      const { exitCode } = await running;
      assert.is(exitCode, 0);
      await expectWhole(root, after, undefined, act);
      assert.ok(before.size > 0);
    });
  }
});

test("a disk that is really full, at this or that point", async () => {
  if (!(await canMount)) return noMounts();
  const disk = await ground;
  // What it does is looked at from within, since its disk ends with it: before and after, as `find` and `cksum` see it.
  const script = `
    state() { (cd "$1"; find . -printf '%p %y %m %U %G %l\\n'; find . -type f -exec cksum {} +) | sort; }
    mount -t tmpfs -o size=2m tmpfs "$1/${etc}-disk"
    cp -a "$1/${etc}/." "$1/${etc}-disk"
    mount --bind "$1/${etc}-disk" "$1/${etc}"
    before=$(state "$1")
    dd if=/dev/zero of="$1/${etc}/filler" bs=4096 2>/dev/null || true
    truncate -s "-$(($2 * 4096))" "$1/${etc}/filler"
    code=0; shift 2; root=$1; shift; "$@" || code=$?
    rm "$root/${etc}/filler"
    [ "$before" = "$(state "$root")" ] && echo as-before || { state "$root" | head -50; echo changed; }
    exit $code`;
  let full = 0;
  for (const pages of [0, 2, 5, 13, 21]) {
    await disk.drill("install", async (root) => {
      await mkdir(join(root, `${etc}-disk`));
      const args = ["node", command, ...acts.install.args, "--offline", "--root", root];
      const ran = await withMounts(script, root, String(pages), root, ...args);
      expectClear(ran, `${pages} pages free`);
      if (ran.code === 0) return;
      full++;
      assert.match(ran.said, /disk is full .*\nFree some room/, `${pages} pages free`);
      assert.match(ran.said, /^as-before$/m);
    });
  }
  assert.ok(full > 2, `full ${full} times`);
});

test("a file system that is read-only", async () => {
  if (!(await canMount)) return noMounts();
  const disk = await ground;
  for (const folder of [etc, "var/lib", "usr/share"]) {
    await disk.drill("install", async (root, before) => {
      const script = `mount --bind "$1/$2" "$1/$2"; mount -o remount,bind,ro "$1/$2"; shift 2; "$@"`;
      const args = ["node", command, ...acts.install.args, "--offline", "--root", root];
      const ran = await withMounts(script, root, folder, ...args);
      assert.is(ran.code, 1, ran.said);
      assert.match(
        ran.said,
        /is on a read-only file system\. (Everything is as it was before|Nothing was changed)\.\nMount it writable/,
      );
      await expectWhole(root, before, undefined, folder);
    });
  }
});

test("a file that is mounted by itself cannot be replaced", async () => {
  if (!(await canMount)) return noMounts();
  await (await ground).drill("install", async (root, before) => {
    const script = `mount --bind "$1" "$1"; shift; "$@"`;
    const args = ["node", command, ...acts.install.args, "--offline", "--root", root];
    const ran = await withMounts(script, join(root, etc, "pjsip.conf"), ...args);
    assert.is(ran.code, 1, ran.said);
    assert.match(
      ran.said,
      /pjsip\.conf is mounted as a single file and cannot be replaced\. Everything is as it was before\./,
    );
    await expectWhole(root, before, undefined, "mounted file");
  });
});

test("who may not write here is told so, and nothing is left", async () => {
  const nobody = isRoot ? ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"] : [];
  await (await ground).drill("install", async (root, before) => {
    if (nobody.length === 0) await chmod(join(root, "var/lib/asterisk"), 0o555);
    else await chmod(root, 0o755);
    const [file = "", ...args] = [...nobody, "node", command, ...acts.install.args, "--offline", "--root", root];
    const readable = [etc, "var/lib/asterisk"];
    assert.ok(readable.length > 0);
    const ran = await execa(file, args, { reject: false, all: true, stdin: "ignore" });
    assert.is(ran.exitCode, 1, ran.all);
    assert.match(ran.all, /This user may not (write|read) /);
    if (nobody.length === 0) await chmod(join(root, "var/lib/asterisk"), 0o755);
    assert.ok(before.size > 0);
  });
});

test("no sox, no cp, no shell: a PATH with nothing on it will do", async () => {
  const disk = await ground;
  const after = await disk.result("install");
  await disk.drill("install", async (root) => {
    const args = [command, ...acts.install.args, "--offline", "--root", root];
    const ran = await execa(process.execPath, args, {
      reject: false,
      all: true,
      extendEnv: false,
      env: { PATH: "/nowhere" },
    });
    assert.is(ran.exitCode, 0, ran.all);
    await expectWhole(root, after, undefined, "no PATH");
  });
});

test("an asterisk that hangs is not waited for longer than it may take, nor what it has started in its turn", async () => {
  const folder = await mkdtemp(join(tmpdir(), "hangs-"));
  const script = join(folder, "asterisk");
  await writeFile(script, "#!/bin/sh\nsleep 5\n", { mode: 0o755 });
  const started = Date.now();
  try {
    await asteriskCli(script, undefined, { usual: 200, modules: 200, silence: 100 }).run("core show version");
    assert.unreachable();
  } catch (error) {
    assert.match((error as Error).message, /did not answer "core show version" within 0\.2 s/);
  }
  assert.ok(Date.now() - started < 2000);
  await writeFile(script, "#!/bin/sh\nsleep 0.2\n", { mode: 0o755 });
  const silent = asteriskCli(script, undefined, { usual: 5000, modules: 5000, silence: 100 });
  const asked = performance.now();
  const said = await silent.run("module show").catch((error: Error) => error.message);
  const tookMs = performance.now() - asked;
  const [, seconds] = /did not answer "module show" within ([\d.]+) s/.exec(said) ?? [];
  assert.ok(Number(seconds) >= 0.2 && Number(seconds) <= tookMs / 1000 + 0.05, `its own command line gave up: ${said}`);
  await rm(folder, { recursive: true });
});

test("what was edited after the kill is left as it is, and named", async () => {
  const disk = await ground;
  const calls = await callsOf(disk, "install");
  await disk.drill("install", async (root) => {
    const killed = await run(root, acts.install.args, `kill:${calls - 20}`);
    assert.is(killed.signal, "SIGKILL");
    const file = join(root, etc, "extensions.conf");
    const edited = `${await readFile(file, "utf8")}; mine\n`;
    assert.match(edited, /smart_transfer/);
    await writeFile(file, edited);
    const dry = await run(root, ["install", "--dry-run", "--extensions", "101"]);
    assert.match(dry.said, /was killed half way\. Run `.*: either rolls it back first/);
    const { said } = await run(root, putBack);
    assert.match(
      said,
      /Everything else is as it was before\. \/etc\/asterisk\/extensions\.conf stays as it is, because somebody has edited it meanwhile\./,
    );
    assert.is(await readFile(file, "utf8"), edited);
    assert.is((await run(root, acts.install.args)).code, 0);
    assert.is((await run(root, acts.uninstall.args)).code, 0);
    assert.match(await readFile(file, "utf8"), /NoOp\(\)\n; mine\n$/);
  });
});

test("a journal that cannot be understood, or names files that are none of ours, is not obeyed", async () => {
  const entry = { kind: "write", path: "/etc/passwd", uid: 0, gid: 0, mode: 0o644 };
  for (const text of [
    "",
    "{}",
    '{"format":2}',
    JSON.stringify({ format: 1, begun: "", entries: [entry], reloads: [] }),
  ]) {
    await (await ground).drill("install", async (root, before) => {
      const folder = join(root, "var/lib/asterisk/smart-transfer");
      await mkdir(join(folder, "journal"), { recursive: true });
      await writeFile(join(folder, "journal/journal.json"), text);
      for (const args of [["check"], acts.install.args]) {
        const { code, said } = await run(root, args);
        assert.is(code, 1, said);
        assert.match(said, /The journal of a run that was killed cannot be read: \S+journal\.json\./);
      }
      await rm(folder, { recursive: true });
      await expectWhole(root, before, undefined, text);
    });
  }
});

test("the ground is taken away", async () => {
  await (await ground).remove();
});

test.run();
