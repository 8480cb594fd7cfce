/**
 * Damages a healthy PBX in each way. `check` must name the damage in the right row, and its remedy, followed to the letter,
 * must repair it.
 */
import { chmod, chown, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { CheckResult } from "../src/installer/check/check.ts";
import { unpackAsterisk } from "../src/sandbox/packages.ts";
import { type Pbx, startPbx } from "../src/sandbox/pbx.ts";
import { isRoot } from "./as-root.ts";
import { command } from "./live.ts";

/** Asterisk's user, who is not root: Debian has one of its own for it. */
const nobody = 65534;

interface Live {
  pbx: Pbx;
  run(...args: string[]): Promise<{ code: number | undefined; stdout: string; stderr: string }>;
}

async function start(): Promise<Live> {
  const suite = process.env.ASTERISK_SUITE;
  const release = await unpackAsterisk(suite === undefined ? {} : { suite });
  const folder = await mkdtemp(join(tmpdir(), "damage-"));
  const pbx = await startPbx({ release, folder, endpoints: ["101", "102", "103"] });
  if (isRoot) await execa("chown", ["-R", `${nobody}:${nobody}`, folder]);
  const run = async (...args: string[]) => {
    const hurry = args[0] === "uninstall" ? [] : ["--no-rehearsal"];
    const reach = [...hurry, ...pbx.reach];
    const ran = await execa("node", [command, ...args, ...reach], { reject: false, stdin: "ignore" });
    return { code: ran.exitCode, stdout: ran.stdout, stderr: ran.stderr };
  };
  const installed = await run("install", "--yes", "--extensions", "101-103");
  assert.is(installed.code, 0, installed.stdout + installed.stderr);
  return { pbx, run };
}

const started = start();

interface Damage {
  title: string;
  /** The row that must name the damage, and its text. */
  row: string;
  says: RegExp;
  make(office: Live): Promise<unknown>;
  /** If the remedy names a line to correct or delete: the new line. */
  correct?: string;
}

const etc = ({ pbx }: Live, name: string) => join(pbx.etcDir, name);
const own = (office: Live, name: string) => join(office.pbx.etcDir, "smart_transfer.d", name);
const settingsOf = (office: Live) => etc(office, "smart_transfer.conf");

async function edit(file: string, change: (text: string) => string): Promise<void> {
  const text = await readFile(file, "latin1");
  const changed = change(text);
  assert.is.not(changed, text, `nothing to damage in ${file}`);
  await writeFile(file, changed, "latin1");
}

/** Takes from Asterisk's user the right to read a file. */
async function close(file: string): Promise<void> {
  if (isRoot) await chown(file, 0, 0);
  await chmod(file, isRoot ? 0o600 : 0o200);
}

/** Makes Asterisk reload without a file of ours, and puts the file back: as after an edit that nobody loaded. */
async function unread(office: Live, name: string, module: string): Promise<void> {
  const file = own(office, name);
  await rename(file, `${file}.away`);
  await office.pbx.cli(`module reload ${module}`);
  await rename(`${file}.away`, file);
}

const damages: Damage[] = [
  {
    title: "pbx_lua unloaded",
    row: "modules",
    says: /pbx_lua\.so/,
    make: ({ pbx }) => pbx.cli("module unload pbx_lua.so"),
  },
  {
    title: "pbx_config unloaded",
    row: "modules",
    says: /pbx_config\.so/,
    make: ({ pbx }) => pbx.cli("module unload pbx_config.so"),
  },
  {
    title: "an include line lost",
    row: "includes",
    says: /features\.conf/,
    make: (office) =>
      edit(etc(office, "features.conf"), (text) => text.replace(/^#tryinclude "smart_transfer.*\n/m, "")),
  },
  {
    title: "our features file lost",
    row: "generated",
    says: /missing in .*features\.conf/,
    make: (office) => rm(own(office, "features.conf")),
  },
  {
    title: "the key shadowed by a later entry",
    row: "shadow",
    says: /another feature called smart-transfer: .*features\.conf, line/,
    async make(office) {
      await edit(
        etc(office, "features.conf"),
        (text) => `${text}\n[applicationmap]\nsmart-transfer => *9,self,Playback(beep)\n`,
      );
      await office.pbx.cli("module reload features");
    },
    correct: "",
  },
  {
    title: "the key overridden for one endpoint",
    row: "endpoints",
    says: /without the key: PJSIP\/102/,
    async make(office) {
      await edit(
        etc(office, "pjsip.conf"),
        (text) => `${text}\n[102](+type=endpoint)\nset_var = DYNAMIC_FEATURES=other\n`,
      );
      await office.pbx.cli("module reload res_pjsip.so");
    },
    correct: "",
  },
  {
    title: "the dialplan altered",
    row: "dialplan",
    says: /is not the one of version/,
    make: (office) => edit(own(office, "dialplan.lua"), (text) => text.replace("BlindTransfer", "Hangup")),
  },
  { title: "the dialplan gone", row: "dialplan", says: /missing/, make: (office) => rm(own(office, "dialplan.lua")) },
  {
    title: "our block lost from extensions.lua",
    row: "loader",
    says: /our block is not in/,
    make: (office) => writeFile(etc(office, "extensions.lua"), "extensions = {}\n"),
  },
  {
    title: "another part's syntax error in extensions.lua",
    row: "loader",
    says: /extensions\.lua, line 1: /,
    make: (office) => edit(etc(office, "extensions.lua"), (text) => `local x = = 1\n${text}`),
    correct: "local x = 1",
  },
  {
    title: "a setting out of range",
    row: "settings",
    says: /line \d+: ring_timeout = 9999: it must be/,
    make: (office) => edit(settingsOf(office), (text) => text.replace(/^ring_timeout = \S+/m, "ring_timeout = 9999")),
    correct: "ring_timeout = 20",
  },
  {
    title: "an unknown setting",
    row: "settings",
    says: /line \d+: "colour" is not a setting/,
    make: (office) => edit(settingsOf(office), (text) => text.replace("[general]\n", "[general]\ncolour = red\n")),
    correct: "",
  },
  {
    title: "an endpoint that does not carry the key",
    row: "endpoints",
    says: /without the key: PJSIP\/103/,
    make: (office) => unread(office, "pjsip-103.conf", "res_pjsip.so"),
  },
  {
    title: "a prompt missing",
    row: "prompts",
    says: /no sound .*busy/,
    make: ({ pbx }) => rm(join(pbx.dataDir, "sounds/en/smart-transfer/busy.gsm")),
  },
  {
    title: "a prompt that Asterisk's user may not read",
    row: "prompts",
    says: /The user that Asterisk runs as may not read/,
    make: ({ pbx }) => close(join(pbx.dataDir, "sounds/en/smart-transfer/dial.gsm")),
  },
  {
    title: "a file of ours that Asterisk's user may not read",
    row: "readable",
    says: /the user that Asterisk runs as may not read .*smart_transfer\.d\/features\.conf/,
    make: (office) => close(own(office, "features.conf")),
  },
  {
    title: "settings that Asterisk's user may not read",
    row: isRoot ? "readable" : "settings",
    says: /the user that Asterisk runs as may not read .*smart_transfer\.conf/,
    make: (office) => close(settingsOf(office)),
  },
  {
    title: "an option that voids features.conf at the next start",
    row: "features",
    says: /features\.conf, line \d+: this Asterisk does not know `smartness`/,
    make: (office) => edit(etc(office, "features.conf"), (text) => `[general]\nsmartness = yes\n${text}`),
    correct: "",
  },
  {
    title: "an edit of the settings that nobody has loaded yet",
    row: "generated",
    says: /install would now write other files: .*features\.conf/,
    make: (office) => edit(settingsOf(office), (text) => text.replace(/^transfer_key = #/m, "transfer_key = *2")),
  },
  {
    title: "files that were written but not loaded",
    row: "key",
    says: /does not know the feature smart-transfer/,
    make: (office) => unread(office, "features.conf", "features"),
  },
];

async function check({ run }: Live): Promise<{ code: number | undefined; broken: CheckResult[] }> {
  const { code, stdout, stderr } = await run("check", "--json");
  assert.ok(stdout !== "", stderr);
  const { checks } = JSON.parse(stdout) as { checks: CheckResult[] };
  return { code, broken: checks.filter(({ status }) => status === "fail") };
}

/** Does what the remedy says: corrects the line that is named, then runs the commands, in their order. */
async function follow({ seen, remedy = "" }: CheckResult, { correct }: Damage, { run, pbx }: Live): Promise<void> {
  const [, file, line] = /(\/\S+), line (\d+)/.exec(`${remedy} ${seen}`) ?? [];
  if (correct !== undefined) {
    assert.match(remedy, /delete|correct/i);
    const lines = (await readFile(file as string, "latin1")).split("\n");
    lines.splice(Number(line) - 1, 1, ...(correct === "" ? [] : [correct]));
    await writeFile(file as string, lines.join("\n"), "latin1");
  }
  for (const [, shell] of remedy.matchAll(/(chmod \S+ \/[^\s`]+)/g)) await execa("sh", ["-c", shell as string]);
  for (const [, command = ""] of remedy.matchAll(/`([^`]+)`/g)) {
    const [, cli] = /^asterisk -rx '(.*)'$/.exec(command) ?? [];
    if (cli !== undefined) await pbx.cli(cli);
    else if (command === "asterisk-smart-transfer install") assert.is((await run("install", "--yes")).code, 0);
  }
}

for (const damage of damages) {
  test(`${damage.title}: named, and healed by its remedy`, async () => {
    const office = await started;
    await damage.make(office);
    const { code, broken } = await check(office);
    assert.is(code, 3);
    const row = broken.find(({ id }) => id === damage.row);
    assert.ok(row, `not named: ${JSON.stringify(broken)}`);
    assert.match(row.seen, damage.says);
    await follow(row, damage, office);
    assert.equal(await check(office), { code: 0, broken: [] }, row.remedy);
  });
}

test("an endpoint deleted from pjsip.conf takes the key from nobody else", async () => {
  const office = await started;
  const rename = async (from: string, to: string) => {
    await edit(etc(office, "pjsip.conf"), (text) => text.replaceAll(`[${from}]`, `[${to}]`));
    await office.pbx.cli("module reload res_pjsip.so");
  };
  await rename("101", "1011");
  const { broken } = await check(office);
  assert.equal(
    broken.filter(({ id }) => id === "endpoints").map(({ seen }) => seen),
    ["without the key: PJSIP/101"],
  );
  await rename("1011", "101");
  assert.equal(await check(office), { code: 0, broken: [] });
});

test("Asterisk not running: said so, and what starts it", async () => {
  const { run, pbx } = await started;
  await pbx.cli("core stop now").catch(() => {});
  const { code, stdout } = await run("check", "--json");
  assert.is(code, 3);
  const [row, ...others] = JSON.parse(stdout).checks;
  assert.equal(others, []);
  assert.is(row.id, "asterisk");
  assert.match(row.seen, /^Asterisk is not running, or its control socket is closed to this user/);
  assert.match(row.remedy, /Start it \(`systemctl start asterisk`\)/);
  await pbx.restart();
  assert.is((await run("check")).code, 0);
});

test("its command line not permitted: said so, and to whom it is", async () => {
  const { pbx } = await started;
  const closed = join(pbx.folder, "closed");
  await writeFile(closed, "#!/bin/sh\n", { mode: 0o600 });
  const reach = ["--asterisk", closed, "--asterisk-conf", pbx.confFile];
  const { exitCode, stdout } = await execa("node", [command, "check", ...reach], { reject: false, stdin: "ignore" });
  assert.is(exitCode, 3);
  assert.match(stdout, /fail +asterisk +.*closed" cannot be run as Asterisk's command line \(EACCES\)/);
  assert.match(stdout, /Run this as root or as Asterisk's own user/);
});

test("nothing is left", async () => {
  const { pbx } = await started;
  await pbx.stop();
  assert.throws(() => process.kill(pbx.pid, 0));
});

test.run();
