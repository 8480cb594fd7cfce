// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Asterisk's own variables
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Call, talking } from "../src/sandbox/call.ts";
import { command } from "./live.ts";
import { residents } from "./tree-kind.ts";
import { startWholeTree } from "./whole-tree.ts";

/**
 * Plays on the whole /etc/asterisk of a real PBX, which must not be published here:
 * WHOLE_TREE=/tmp/tree/asterisk WHOLE_TREE_LINKS=/tmp/core/etc npm test whole-tree
 * WHOLE_TREE_LINKS has the files to which the links of the tree lead, all in one folder.
 */
const { WHOLE_TREE: folder, WHOLE_TREE_LINKS: linked = "" } = process.env;
type Tree = Awaited<ReturnType<typeof startWholeTree>>;
let starting: Promise<Tree> | undefined;

function each(title: string, story: (tree: Tree) => Promise<void>): void {
  test(title, async () => {
    if (folder === undefined) {
      console.log(`SKIPPED: ${title}: WHOLE_TREE names no folder`);
      return;
    }
    starting ??= startWholeTree({ folder, linked });
    const tree = await starting;
    await quiet(tree);
    await story(tree);
  });
}

async function run({ pbx }: Tree, ...args: string[]) {
  return execa("node", [command, ...args, ...pbx.reach], { reject: false, stdin: "ignore" });
}

async function contents({ pbx }: Tree): Promise<Record<string, string>> {
  const names = await readdir(pbx.etcDir, { recursive: true, withFileTypes: true });
  const files = names.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name));
  return Object.fromEntries(
    await Promise.all(files.map(async (path) => [path, await readFile(path, "latin1")] as const)),
  );
}
let asGenerated: Record<string, string> = {};

/** A customer calls in and talks to 101, or 101 to 102: the two sides of a transferer. */
async function talk({ phone }: Tree, side: "called" | "calling") {
  const [from, dialled, to] =
    side === "called" ? (["900", "555101", "101"] as const) : (["101", "102", "102"] as const);
  const out = await phone(from).call(dialled);
  const into = await phone(to).rings();
  await into.answer();
  await talking(out, into);
  return side === "called" ? { caller: out, transferer: into } : { caller: into, transferer: out };
}

async function keep({ pbx }: Tree, entries: Record<string, string>, story: () => Promise<void>): Promise<void> {
  for (const [name, value] of Object.entries(entries)) await pbx.cli(`database put ${name} ${value}`);
  try {
    await story();
  } finally {
    for (const name of Object.keys(entries)) await pbx.cli(`database del ${name}`);
    await pbx.cli("devstate change Custom:DND103 NOT_INUSE");
  }
}

async function isRecorded({ pbx }: Tree): Promise<boolean> {
  const channels = [...(await pbx.cli("core show channels concise")).matchAll(/^[^!]+/gm)].map(([name]) => name);
  const shown = await Promise.all(channels.map((channel) => pbx.cli(`mixmonitor list ${channel}`)));
  return shown.some((text) => /^0x/m.test(text));
}

async function over(tree: Tree, ...calls: Call[]): Promise<void> {
  for (const call of calls) await call.hangup().catch(() => {});
  await quiet(tree);
}

/** Waits until no call is up, and ends what another story has left. */
async function quiet({ pbx, phones }: Tree): Promise<void> {
  const deadline = Date.now() + 5_000;
  while ((await pbx.cli("core show channels concise")).trim() !== "") {
    await sleep(50);
    if (Date.now() < deadline) continue;
    await Promise.all(phones.flatMap(({ calls }) => calls.map((call) => call.hangup().catch(() => {}))));
    await pbx.cli("channel request hangup all");
    await sleep(1_000);
    return;
  }
}

function installs(): void {
  each("install --yes without any other option: exit 0, a free key, the PBX's own dialplan", async (tree) => {
    asGenerated = await contents(tree);
    const { exitCode, stdout, stderr } = await run(tree, "install", "--yes", "--set", "ring_timeout=3");
    assert.is(exitCode, 0, stdout + stderr);
    const settings = await readFile(join(tree.pbx.etcDir, "smart_transfer.conf"), "utf8");
    for (const line of [
      /^transfer_key = #7 /m,
      /^dial = Local\/\$\{EXTENSION\}@from-queue-exten-only\/n /m,
      tree.tellsDnd ? /^dnd = Custom:DND\$\{EXTENSION\} /m : /^dnd = +;/m,
    ])
      assert.match(settings, line);
    for (const number of residents) assert.match(settings, `[${number}]\ndevice = ${tree.kind.driver}/${number}\n`);
  });
}

/** The PBX's own key for blind transfers, before the install, then ours. Both must have the same effect. */
for (const key of ["##", "#7"]) {
  if (key === "#7") installs();

  each(`${key}: forwarded (*72): whom 103 has chosen is rung`, async (tree) => {
    await keep(tree, { "CF 103": "108" }, async () => {
      const { caller, transferer } = await talk(tree, "called");
      await transferer.keys(`${key}103`);
      const rung = await tree.phone("108").rings(10_000);
      await rung.answer();
      await talking(caller, rung);
      await over(tree, caller);
    });
  });

  each(`${key}: not to be disturbed (*78): 103 is not rung`, async (tree) => {
    await tree.pbx.cli("devstate change Custom:DND103 BUSY");
    await keep(tree, { "DND 103": "YES" }, async () => {
      const before = tree.phone("103").calls.length;
      const { caller, transferer } = await talk(tree, "called");
      await transferer.keys(`${key}103`);
      await sleep(3000);
      assert.is(tree.phone("103").calls.length, before);
      // Where only the dialplan knows it, the transferer is let go, and has the caller back.
      assert.is(transferer.hasEnded, key === "##" || !tree.tellsDnd);
      await over(tree, transferer, caller);
    });
  });

  each(`${key}: recorded by force: what 102 is sent is recorded`, async (tree) => {
    await keep(
      tree,
      {
        "AMPUSER 102/recording/in/external": tree.kind.recorded,
        "AMPUSER 102/recording/in/internal": tree.kind.recorded,
      },
      async () => {
        const { caller, transferer } = await talk(tree, "called");
        assert.not.ok(await isRecorded(tree));
        await transferer.keys(`${key}102`);
        const rung = await tree.phone("102").rings(10_000);
        await rung.answer();
        await talking(caller, rung);
        assert.ok(await isRecorded(tree));
        await over(tree, caller);
      },
    );
  });

  // FreePBX 15's from-queue-exten-only asks for the receiver's setting alone, as for a queue's calls; Issabel's asks both.
  each(`${key}: 101, whose calls are recorded by force, sends 102 to 103, whose are not`, async (tree) => {
    await keep(tree, { "AMPUSER 101/recording/out/internal": tree.kind.recorded }, async () => {
      const { caller, transferer } = await talk(tree, "calling");
      assert.ok(await isRecorded(tree));
      await transferer.keys(`${key}103`);
      const rung = await tree.phone("103").rings(10_000);
      await rung.answer();
      await talking(caller, rung);
      assert.is(await isRecorded(tree), key === "##" || tree.kind.driver === "SIP");
      await over(tree, caller);
    });
  });

  each(`${key}: the receiver has *2`, async (tree) => {
    const { caller, transferer } = await talk(tree, "called");
    await transferer.keys(`${key}103`);
    const rung = await tree.phone("103").rings(10_000);
    await rung.answer();
    await talking(caller, rung);
    await rung.keys("*2108");
    const asked = await tree.phone("108").rings(10_000);
    await asked.answer();
    await rung.hangup();
    await talking(caller, asked);
    await over(tree, caller);
  });

  for (const what of ["queue", "ringGroup"] as const) {
    each(`${key}: 103 was called through a ${what}, and passes on`, async (tree) => {
      if (tree[what] === undefined) return console.log(`SKIPPED: the tree has no ${what}`);
      const caller = await tree.phone("900").call(`555${tree[what]}`);
      const member = await tree.phone("103").rings(10_000);
      await member.answer();
      await talking(caller, member);
      await member.keys(`${key}108`);
      const rung = await tree.phone("108").rings(10_000);
      assert.is(rung.caller.number, "900");
      await rung.answer();
      await talking(caller, rung);
      await over(tree, caller);
    });
  }
}

for (const what of ["straight", "through a queue"]) {
  each(`called ${what}: no answer: recall, and whoever is rung next sees the caller`, async (tree) => {
    const caller = await tree.phone("900").call(`555${what === "straight" ? "101" : tree.queue}`);
    const transferer = await tree.phone("101").rings(10_000);
    await transferer.answer();
    await talking(caller, transferer);
    await transferer.keys("#7108");
    await tree.phone("108").rings(10_000);
    const recall = await tree.phone("101").rings(15_000);
    assert.match(recall.caller.name, /^RT 108 no answer/);
    await recall.answer();
    await talking(caller, recall);
    await recall.keys("#7103");
    const next = await tree.phone("103").rings(10_000);
    assert.is(next.caller.number, "900");
    assert.not.match(next.caller.name, /^RT/);
    await next.answer();
    await talking(caller, next);
    await over(tree, caller);
  });
}

for (const side of ["called", "calling"] as const) {
  each(`${side}: the Transfer button to 999 is refused, and both keep talking`, async (tree) => {
    const { caller, transferer } = await talk(tree, side);
    await transferer.refer(await nobody(tree));
    await talking(caller, transferer);
    await over(tree, transferer, caller);
  });
}

/** A number that nobody has and no outbound route takes. */
async function nobody({ pbx }: Tree): Promise<string> {
  for (const number of ["999", "*9990"])
    if (/There is no existence/.test(await pbx.cli(`dialplan show ${number}@from-internal-xfer`))) return number;
  throw new Error("the tree's from-internal-xfer has each number");
}

each("all generated files written anew, and core reload: as before, check 0", async (tree) => {
  for (const [path, text] of Object.entries(asGenerated))
    if (/auto-generated/.test(text) && !/_custom/.test(path)) await writeFile(path, text, "latin1");
  await tree.pbx.cli("core reload");
  const { exitCode, stdout } = await run(tree, "check", "--no-rehearsal");
  assert.is(exitCode, 0, stdout);
  const { caller, transferer } = await talk(tree, "called");
  await transferer.keys("#7103");
  const rung = await tree.phone("103").rings(10_000);
  await rung.answer();
  await talking(caller, rung);
  await over(tree, caller);
});

each("an extension that comes and one that goes in the web interface", async (tree) => {
  const edit = async (name: string, change: (text: string) => string) => {
    const path = join(tree.pbx.etcDir, name);
    await writeFile(path, change(await readFile(path, "latin1")), "latin1");
  };
  const { driver, endpointsFile } = tree.kind;
  const written = ["extensions_additional.conf", endpointsFile];
  await edit("extensions_additional.conf", (text) => text.replace(/^exten => 110,hint,.*\n/m, ""));
  await edit(endpointsFile, (text) => text.replace(/^\[110\]\n(?:.+\n)+/m, ""));
  await tree.pbx.cli("core reload");
  const broken = await run(tree, "check", "--no-rehearsal");
  assert.is(broken.exitCode, 3, broken.stdout);
  assert.match(broken.stdout, `gone from this PBX: ${driver}/110`);
  const dropped = await run(tree, "install", "--yes", "--no-rehearsal");
  assert.is(dropped.exitCode, 0, dropped.stdout + dropped.stderr);
  assert.match(dropped.stderr, "110: gone from this PBX");
  assert.is((await run(tree, "check", "--no-rehearsal")).exitCode, 0);

  for (const name of written) await edit(name, () => asGenerated[join(tree.pbx.etcDir, name)] ?? "");
  await tree.pbx.cli("core reload");
  const warned = await run(tree, "check", "--no-rehearsal");
  assert.match(warned.stdout, "not in the directory: 110");
  const followed = await run(tree, "install", "--yes", "--extensions", "auto", "--no-rehearsal");
  assert.is(followed.exitCode, 0, followed.stdout + followed.stderr);
  assert.match(followed.stderr, "110: new on this PBX");
  assert.is((await run(tree, "check", "--no-rehearsal")).exitCode, 0);
});

each("uninstall: every file to the byte", async (tree) => {
  const { exitCode, stdout, stderr } = await run(tree, "uninstall", "--yes");
  assert.is(exitCode, 0, stdout + stderr);
  const now = await contents(tree);
  const names = new Set([...Object.keys(now), ...Object.keys(asGenerated)]);
  assert.equal(
    [...names].filter((name) => now[name] !== asGenerated[name]),
    [],
  );
});

each("nothing is left running", async (tree) => {
  if (process.env.WHOLE_TREE_LOG) await writeFile(process.env.WHOLE_TREE_LOG, await readFile(tree.pbx.logFile));
  await tree.stop();
});

test.run();
