import { lstatSync } from "node:fs";
import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  realpath,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { AsteriskCli } from "../src/asterisk/cli.ts";
import { type Disk, fileSystem, type Ownership } from "../src/asterisk/files.ts";
import { apply as applyTo, type Interludes, type Progress } from "../src/installer/apply/apply.ts";
import { underLock } from "../src/installer/apply/under-lock.ts";
import type { Change, Plan } from "../src/installer/plan/plan.ts";
import { Problem } from "../src/terminal/problem.ts";
import { isRoot, mayOnlyRoot } from "./as-root.ts";
import { directories } from "./snapshot.ts";

interface Ground {
  root: string;
  system: Disk;
  /** The owner of the files that the tests make, with this mode. */
  owner(mode: number): Ownership;
}

/** A real folder that stands for the PBX's whole disk, with /etc and a file in it. */
async function onDisk(story: (ground: Ground) => Promise<void>): Promise<void> {
  const root = await realpath(await mkdtemp(join(tmpdir(), "apply-")));
  try {
    const { uid, gid } = lstatSync(root);
    await mkdir(join(root, "etc"), { mode: 0o755 });
    await mkdir(join(root, directories.varLib), { recursive: true });
    await writeFile(join(root, "etc/a.conf"), "old\n");
    await chmod(join(root, "etc/a.conf"), 0o640);
    await story({ root, system: fileSystem(root), owner: (mode) => ({ uid, gid, mode }) });
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** Every path below with its kind, mode and content, without the folder of the journal. */
async function snapshot(root: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const name of (await readdir(root, { recursive: true })).sort()) {
    if (`${directories.varLib}/`.startsWith(`/${name}/`)) continue;
    const path = join(root, name);
    const stats = await lstat(path);
    const mode = (stats.mode & 0o7777).toString(8);
    if (stats.isSymbolicLink()) found[name] = `-> ${await readlink(path)}`;
    else found[name] = stats.isDirectory() ? `${mode} folder` : `${mode} ${await readFile(path, "latin1")}`;
  }
  return found;
}

const write = (path: string, before: string | undefined, after: string, owner: Ownership): Change => ({
  kind: "write",
  path,
  before: before === undefined ? undefined : Buffer.from(before, "latin1"),
  after: Buffer.from(after, "latin1"),
  owner,
});
const plan = (changes: readonly Change[], reloads: readonly string[] = []): Plan => ({ changes, reloads, notes: [] });
/** A step after the first change and the first reload. */
const pausing = (changes: readonly Change[], reloads: readonly string[]): Plan => ({
  ...plan(changes, reloads),
  pause: { changes: 1, reloads: 1 },
});

/** A command line that answers as Asterisk does, except to these commands. */
function fakeCli(failing: Record<string, string> = {}): AsteriskCli & { readonly commands: string[] } {
  const commands: string[] = [];
  return {
    commands,
    async run(command) {
      commands.push(command);
      return failing[command] ?? `Module '${command.split(" ").at(-1)}' reloaded successfully.\n`;
    },
  };
}

/** On a PBX of these files, with or without a running Asterisk. */
function apply(
  plan: Plan,
  system: Disk,
  cli: AsteriskCli | undefined,
  progress: Progress,
  verify?: () => Promise<void>,
) {
  const target = { system, cli, directories };
  return underLock(
    target,
    () => {},
    () => applyTo(plan, target, progress, verify ? { verify } : {}),
  );
}

async function problemOf(act: Promise<unknown>): Promise<Problem> {
  try {
    await act;
  } catch (error) {
    assert.instance(error, Problem);
    return error as Problem;
  }
  return assert.unreachable() as never;
}

const undone = /Everything is as it was before\.$/;

test("writes, makes folders, deletes and removes, and leaves nothing else", () =>
  onDisk(async ({ root, system, owner }) => {
    await writeFile(join(root, "etc/b.conf"), "b");
    await mkdir(join(root, "etc/empty"));
    const told: string[] = [];
    const changes: Change[] = [
      { kind: "make folder", path: "/etc/new", owner: owner(0o2750) },
      write("/etc/new/c.conf", undefined, "caf\u00e9\0", owner(0o600)),
      write("/etc/a.conf", "old\n", "new\n", owner(0o640)),
      { kind: "delete", path: "/etc/b.conf", before: Buffer.from("b"), owner: owner(0o644) },
      { kind: "remove folder", path: "/etc/empty", owner: owner(0o755) },
    ];
    await apply(plan(changes), system, undefined, (one) => told.push(one));
    assert.equal(await snapshot(root), {
      etc: "755 folder",
      "etc/a.conf": "640 new\n",
      "etc/new": "750 folder",
      "etc/new/c.conf": "600 caf\u00e9\0",
    });
    assert.equal(
      told,
      changes.map(({ kind, path }) => `${kind} ${path}`),
    );
  }));

test("a file is replaced whole: who has it open reads on in the old one", () =>
  onDisk(async ({ root, system, owner }) => {
    const before = await lstat(join(root, "etc/a.conf"));
    await apply(plan([write("/etc/a.conf", "old\n", "new\n", owner(0o640))]), system, undefined, () => {});
    assert.is.not((await lstat(join(root, "etc/a.conf"))).ino, before.ino);
    assert.equal(await readdir(join(root, "etc")), ["a.conf"]);
  }));

test("the owner of what was there is kept, and no set-id bit is", () =>
  onDisk(async ({ root, system }) => {
    if (!mayOnlyRoot("give a file to somebody else")) return assert.not(isRoot);
    const owner = { uid: 12_345, gid: 54_321, mode: 0o4640 };
    await apply(
      plan([
        { kind: "make folder", path: "/etc/new", owner: { ...owner, mode: 0o750 } },
        write("/etc/new/b", undefined, "b", owner),
        write("/etc/a.conf", "old\n", "new\n", owner),
      ]),
      system,
      undefined,
      () => {},
    );
    for (const [path, mode] of [
      ["etc/new", 0o750],
      ["etc/new/b", 0o640],
      ["etc/a.conf", 0o640],
    ] as const) {
      const stats = await lstat(join(root, path));
      assert.equal([stats.uid, stats.gid, stats.mode & 0o7777], [12_345, 54_321, mode], path);
    }
  }));

test("a linked file is edited where it lies, and a link that is absolute stays inside the root", () =>
  onDisk(async ({ root, system, owner }) => {
    await mkdir(join(root, "srv"));
    for (const name of ["relative", "absolute"]) await writeFile(join(root, "srv", name), "old\n", { mode: 0o644 });
    await symlink("../srv/relative", join(root, "etc/r.conf"));
    await symlink("/srv/absolute", join(root, "etc/s.conf"));
    await symlink("/srv", join(root, "etc/folder"));
    await symlink("/srv/later", join(root, "etc/dangling.conf"));
    const changes = [
      write("/etc/r.conf", "old\n", "new\n", owner(0o644)),
      write("/etc/s.conf", "old\n", "new\n", owner(0o644)),
      write("/etc/folder/made", undefined, "made\n", owner(0o644)),
      write("/etc/dangling.conf", undefined, "late\n", owner(0o644)),
    ];
    const before = await snapshot(root);
    await apply(plan(changes), system, undefined, () => {});
    assert.equal(await snapshot(root), {
      ...before,
      "srv/relative": "644 new\n",
      "srv/absolute": "644 new\n",
      "srv/made": "644 made\n",
      "srv/later": "644 late\n",
    });
    assert.is((await system.read("/etc/s.conf"))?.content.toString(), "new\n");
  }));

test("links in a circle are a problem, not an endless loop", () =>
  onDisk(async ({ root, system }) => {
    await symlink("/etc/y", join(root, "etc/x"));
    await symlink("/etc/x", join(root, "etc/y"));
    assert.match((await problemOf(system.read("/etc/x"))).message, /symbolic links of .* lead in a circle/);
  }));

test("a link out of the root by .. stays inside", () =>
  onDisk(async ({ root, system }) => {
    await symlink("../../../../../../etc/a.conf", join(root, "etc/up.conf"));
    assert.is((await system.read("/etc/up.conf"))?.content.toString(), "old\n");
    assert.is(await system.resolve("/etc/up.conf"), join(root, "etc/a.conf"));
  }));

test("what is not there is told apart from what cannot be read", () =>
  onDisk(async ({ system, owner }) => {
    for (const path of ["/none", "/etc/none", "/etc/a.conf/none"]) assert.is(await system.read(path), undefined, path);
    assert.is(await system.list("/none"), undefined);
    assert.is(await system.ownership("/none"), undefined);
    assert.equal(await system.list("/etc"), ["a.conf"]);
    assert.equal(await system.ownership("/etc/a.conf"), owner(0o640));
    assert.match((await problemOf(system.read("/etc"))).message, /is not a regular file/);
  }));

test("a change whose folder is missing: all is taken back, byte and mode", () =>
  onDisk(async ({ root, system, owner }) => {
    await writeFile(join(root, "etc/b.conf"), "\xe9\r\n", "latin1");
    await chmod(join(root, "etc/b.conf"), 0o604);
    await mkdir(join(root, "etc/empty"), { mode: 0o711 });
    const before = await snapshot(root);
    const cli = fakeCli();
    const changes: Change[] = [
      { kind: "make folder", path: "/etc/new", owner: owner(0o755) },
      write("/etc/new/c.conf", undefined, "c", owner(0o600)),
      write("/etc/a.conf", "old\n", "new\n", owner(0o640)),
      { kind: "delete", path: "/etc/b.conf", before: Buffer.from("\xe9\r\n", "latin1"), owner: owner(0o604) },
      { kind: "remove folder", path: "/etc/empty", owner: owner(0o711) },
      write("/etc/none/d.conf", undefined, "d", owner(0o600)),
      write("/etc/e.conf", undefined, "e", owner(0o600)),
    ];
    const problem = await problemOf(apply(plan(changes, ["module reload features"]), system, cli, () => {}));
    assert.match(problem.message, undone);
    assert.is(problem.code, 1);
    assert.equal(await snapshot(root), before);
    assert.equal(cli.commands, [], "nothing was reloaded, so nothing is reloaded again");
  }));

test("failing at each change in turn, everything is as it was", async () => {
  for (let failing = 0; failing < 5; failing++) {
    await onDisk(async ({ root, system, owner }) => {
      await writeFile(join(root, "etc/b.conf"), "b", { mode: 0o644 });
      const before = await snapshot(root);
      const changes: Change[] = [
        { kind: "make folder", path: "/etc/new", owner: owner(0o755) },
        write("/etc/new/c.conf", undefined, "c", owner(0o600)),
        write("/etc/a.conf", "old\n", "new\n", owner(0o640)),
        { kind: "delete", path: "/etc/b.conf", before: Buffer.from("b"), owner: owner(0o644) },
      ];
      const stopper: Change = { kind: "make folder", path: "/none/at/all", owner: owner(0o755) };
      const problem = await problemOf(
        apply(plan([...changes.slice(0, failing), stopper, ...changes.slice(failing)]), system, undefined, () => {}),
      );
      assert.match(problem.message, undone);
      assert.equal(await snapshot(root), before, `failing at ${failing}`);
    });
  }
});

test("a folder that somebody else made meanwhile is not removed by the way back", () =>
  onDisk(async ({ root, system, owner }) => {
    await mkdir(join(root, "etc/new"));
    const changes: Change[] = [{ kind: "make folder", path: "/etc/new", owner: owner(0o755) }];
    assert.match((await problemOf(apply(plan(changes), system, undefined, () => {}))).message, undone);
    assert.ok((await readdir(join(root, "etc"))).includes("new"));
  }));

test("a folder with somebody else's file in it stays, and that is no failure", () =>
  onDisk(async ({ root, system, owner }) => {
    const before = await snapshot(root);
    const changes: Change[] = [{ kind: "remove folder", path: "/etc", owner: owner(0o755) }];
    await apply(plan(changes), system, undefined, () => {});
    assert.equal(await snapshot(root), before);
  }));

const failures: readonly [said: string, told: RegExp][] = [
  ["Module 'features' reported a reload failure\n", /reported a reload failure/],
  ["No such module 'features'\n", /No such module/],
  ["Unable to load module pbx_lua.so\nCommand 'x' failed.\n", /Unable to load module/],
  ["Unable to unload resource pbx_lua.so\n", /Unable to unload resource/],
  ["", /Asterisk said nothing/],
];

for (const [said, told] of failures) {
  test(`a reload that fails takes all back: ${JSON.stringify(said)}`, () =>
    onDisk(async ({ root, system, owner }) => {
      const before = await snapshot(root);
      const cli = fakeCli({ "module reload features": said });
      const commands = ["module reload pbx_lua.so", "module reload features"];
      const changes = [
        write("/etc/a.conf", "old\n", "new\n", owner(0o640)),
        write("/etc/b.conf", undefined, "b", owner(0o600)),
      ];
      const problem = await problemOf(apply(plan(changes, commands), system, cli, () => {}));
      assert.match(problem.message, /^"module reload features" failed: /);
      assert.match(problem.message, told);
      assert.match(problem.message, undone);
      assert.equal(await snapshot(root), before);
      assert.equal(cli.commands, [...commands, ...commands], "Asterisk reads its old files again");
    }));
}

test("what was loaded is unloaded again, and what comes after a failure is left alone", () =>
  onDisk(async ({ system }) => {
    const cli = fakeCli({
      "module load pbx_lua.so": "Loaded pbx_lua.so\n",
      "module reload features": "No such module 'features'\n",
    });
    const commands = ["module load pbx_lua.so", "module reload features", "module reload res_pjsip.so"];
    assert.match((await problemOf(apply(plan([], commands), system, cli, () => {}))).message, undone);
    assert.equal(cli.commands, [
      "module load pbx_lua.so",
      "module reload features",
      "module unload pbx_lua.so",
      "module reload features",
    ]);
  }));

test("a command line that breaks down takes all back", () =>
  onDisk(async ({ root, system, owner }) => {
    const before = await snapshot(root);
    const cli: AsteriskCli = { run: () => Promise.reject(new Problem("Asterisk did not answer.", "Look.")) };
    const changes = [write("/etc/a.conf", "old\n", "new\n", owner(0o640))];
    const problem = await problemOf(apply(plan(changes, ["module reload features"]), system, cli, () => {}));
    assert.is(problem.message, "Asterisk did not answer. Everything is as it was before.");
    assert.is(problem.remedy, "Look.");
    assert.equal(await snapshot(root), before);
  }));

test("what Asterisk says when it did as told is no failure", () =>
  onDisk(async ({ system }) => {
    const said = {
      "module reload pbx_lua.so": "Module 'pbx_lua.so' reloaded successfully.\n",
      "module load pbx_lua.so": "Loaded pbx_lua.so\n",
      "module unload pbx_lua.so": "Unloaded pbx_lua.so\n",
    };
    const cli = fakeCli(said);
    const told: string[] = [];
    await apply(plan([], Object.keys(said)), system, cli, (one) => told.push(one));
    assert.equal(told, Object.keys(said));
  }));

test("whoever edits a file between plan and apply keeps their edit, and nothing else is changed", () =>
  onDisk(async ({ root, system, owner }) => {
    await writeFile(join(root, "etc/b.conf"), "b");
    const changes: [Change, () => Promise<unknown>][] = [
      [write("/etc/a.conf", "old\n", "new\n", owner(0o640)), () => writeFile(join(root, "etc/a.conf"), "edited\n")],
      [write("/etc/a.conf", "old\n", "new\n", owner(0o640)), () => rm(join(root, "etc/a.conf"))],
      [write("/etc/c.conf", undefined, "c", owner(0o640)), () => writeFile(join(root, "etc/c.conf"), "theirs")],
      [
        { kind: "delete", path: "/etc/b.conf", before: Buffer.from("b"), owner: owner(0o644) },
        () => writeFile(join(root, "etc/b.conf"), "edited"),
      ],
    ];
    for (const [change, meanwhile] of changes) {
      await writeFile(join(root, "etc/a.conf"), "old\n");
      await meanwhile();
      const before = await snapshot(root);
      const first = write("/etc/first.conf", undefined, "x", owner(0o600));
      const problem = await problemOf(apply(plan([first, change]), system, undefined, () => {}));
      assert.match(problem.message, `Somebody else has just changed ${change.path}`);
      assert.match(problem.message, undone);
      assert.equal(await snapshot(root), before);
    }
  }));

test("a way back that is barred says what is left", () =>
  onDisk(async ({ root, system, owner }) => {
    const cli: AsteriskCli = {
      async run() {
        await rm(join(root, "etc"), { recursive: true });
        return "no";
      },
    };
    const changes = [write("/etc/a.conf", "old\n", "new\n", owner(0o640))];
    const problem = await problemOf(apply(plan(changes, ["module reload features"]), system, cli, () => {}));
    assert.match(
      problem.message,
      /These could not be restored: \/etc\/a\.conf \(ENOENT.* its former content is .*\/journal\/0\)/,
    );
    assert.not.match(problem.message, undone);
  }));

test("a plan with a pause: one stage before it, the other behind it, and all is taken back together", () =>
  onDisk(async ({ root, system, owner }) => {
    const changes = [
      write("/etc/a.conf", "old\n", "new\n", owner(0o640)),
      write("/etc/b", undefined, "b", owner(0o600)),
    ];
    const commands = ["module reload features", "module reload pbx_lua.so"];
    const before = await snapshot(root);
    const cli = fakeCli();
    let seen: { files: string[]; content: string; commands: string[] } | undefined;
    const target = { system, cli, directories };
    const pause = async () => {
      seen = {
        files: await readdir(join(root, "etc")),
        content: await readFile(join(root, "etc/a.conf"), "utf8"),
        commands: [...cli.commands],
      };
    };
    const fails = async () => {
      throw new Problem("No.", "");
    };
    const run = (interludes: Interludes) =>
      underLock(
        target,
        () => {},
        () => applyTo(pausing(changes, commands), target, () => {}, interludes),
      );
    for (const interludes of [{ pause: fails }, { pause, verify: fails }]) {
      const { message } = await problemOf(run(interludes));
      assert.match(message, undone);
      assert.equal(await snapshot(root), before);
    }
    const first = commands[0] as string;
    // The first run was ended in its pause, and had rolled back this much.
    assert.equal(seen, { files: ["a.conf"], content: "new\n", commands: [first, first, first] });
    assert.equal(cli.commands.slice(3), [commands[1], ...commands]);
    cli.commands.length = 0;
    await run({ pause });
    assert.equal(cli.commands, commands);
    assert.is((await snapshot(root))["etc/b"], "600 b");
  }));

test("what does not prove to work is taken back, and Asterisk reads its old files again", () =>
  onDisk(async ({ root, system, owner }) => {
    const before = await snapshot(root);
    const cli = fakeCli();
    const changes = [write("/etc/a.conf", "old\n", "new\n", owner(0o640))];
    const verify = async () => {
      assert.is(await readFile(join(root, "etc/a.conf"), "utf8"), "new\n");
      assert.equal(cli.commands, ["module reload features"]);
      throw new Problem("It does not work.", "Mend it.");
    };
    const problem = await problemOf(apply(plan(changes, ["module reload features"]), system, cli, () => {}, verify));
    assert.is(problem.message, "It does not work. Everything is as it was before.");
    assert.is(problem.code, 1);
    assert.equal(await snapshot(root), before);
    assert.equal(cli.commands, ["module reload features", "module reload features"]);
  }));

test("offline nothing is reloaded", () =>
  onDisk(async ({ root, system, owner }) => {
    const told: string[] = [];
    const changes = [write("/etc/a.conf", "old\n", "new\n", owner(0o640))];
    await apply(plan(changes, ["module reload features"]), system, undefined, (one) => told.push(one));
    assert.equal(told, ["write /etc/a.conf"]);
    assert.is(await readFile(join(root, "etc/a.conf"), "utf8"), "new\n");
  }));

test.run();
