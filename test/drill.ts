import { randomBytes } from "node:crypto";
import { lstatSync, readdirSync } from "node:fs";
import { chmod, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import * as assert from "uvu/assert";
import { digest } from "../src/installer/plan/manifest.ts";
import { differences, type FileStates, fileStates } from "../src/sandbox/demo/file-states.ts";

/** The built command. */
export const command = join(import.meta.dirname, "../dist/install.js");
/** A module that is loaded before the command and disturbs it. */
export const sabotage = join(import.meta.dirname, "sabotage.mjs");

/** DRILL=all: every call, every instant. Otherwise a share of them that the suite has time for. */
export const isWhole = process.env.DRILL === "all";

/** An act that takes a PBX from one state to the next. */
export const acts = {
  install: { from: "bare", args: ["install", "--yes", "--extensions", "101-103", "--language", "ru"] },
  upgrade: {
    from: "older",
    args: ["install", "--yes", "--extensions", "101,103-104", "--key", "*7", "--set", "music_class=jazz"],
  },
  uninstall: { from: "installed", args: ["uninstall", "--yes"] },
} as const;
export type Act = keyof typeof acts;

/** A command that only rolls back an unfinished run: an uninstall stops after that, because nobody says yes. */
export const putBack = ["uninstall"] as const;

export interface Ran {
  readonly code: number | undefined;
  readonly signal: string | undefined;
  readonly said: string;
}

/** A PBX's disk in a folder, which is copied for each drill. */
export interface Ground {
  /** A copy of the state before an act, and its description, for one drill. */
  drill(act: Act, story: (root: string, before: FileStates) => Promise<void>): Promise<void>;
  /** The state after an undisturbed act. */
  result(act: Act): Promise<FileStates>;
  remove(): Promise<void>;
}

/** Starts the command on a mounted disk; `how` as in sabotage.mjs. */
export function start(root: string, args: readonly string[], how = "") {
  const preload = how ? ["--import", sabotage] : [];
  return execa("node", [...preload, command, ...args, "--offline", "--root", root], {
    reject: false,
    stdin: "ignore",
    all: true,
    env: { SABOTAGE: how },
  });
}

export async function run(root: string, args: readonly string[], how = ""): Promise<Ran> {
  const { exitCode, signal, all } = await start(root, args, how);
  return { code: exitCode, signal, said: all };
}

/** Asserts that a command left every byte, mode and owner as it was, or as `other` is. */
export async function expectWhole(
  root: string,
  before: FileStates,
  other: FileStates | undefined,
  when: string,
): Promise<void> {
  const now = await relative(root);
  const changed = differences(before, now);
  if (changed.length === 0 || (other && differences(other, now).length === 0)) return;
  assert.equal(changed, [], `${when}: neither old nor new`);
}

export function relative(root: string): Promise<FileStates> {
  return fileStates(root).then((found) => new Map([...found].map(([path, what]) => [path.slice(root.length), what])));
}

/** Runs several at once: each waits for its processes most of the time. */
export async function abreast<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const next = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: 3 }, next));
}

const counted = new Map<Act, number>();

/** How many calls that change a file an act makes. */
export async function callsOf(ground: Ground, act: Act): Promise<number> {
  let calls = counted.get(act) ?? 0;
  if (calls > 0) return calls;
  await ground.drill(act, async (root) => {
    const { said } = await run(root, acts[act].args, "count");
    calls = Number(/^calls: (\d+)$/m.exec(said)?.[1]);
  });
  assert.ok(calls > 50, `${act}: ${calls} calls`);
  counted.set(act, calls);
  return calls;
}

/** All numbers below `count`, or some of them: others at each run, spread evenly. */
export function some(count: number, share: number): number[] {
  const all = Array.from({ length: count }, (_, index) => index + 1);
  if (isWhole) return all;
  const step = count / share;
  const start = Math.random() * step;
  return Array.from({ length: share }, (_, index) => all[Math.floor(start + index * step)] as number);
}

export async function layGround(): Promise<Ground> {
  const folder = await mkdtemp(join(tmpdir(), "drill-"));
  const at = (state: string) => join(folder, state);
  await layBare(at("bare"));
  await copy(at("bare"), at("installed"));
  const installed = await run(at("installed"), acts.install.args);
  assert.is(installed.code, 0, installed.said);
  await copy(at("installed"), at("older"));
  await makeOlder(at("older"));
  const results = new Map<Act, Promise<FileStates>>();
  const perform = async (act: Act) => {
    const root = at(`result-${act}`);
    await copy(at(acts[act].from), root);
    const ran = await run(root, acts[act].args);
    assert.is(ran.code, 0, ran.said);
    return relative(root);
  };
  return {
    async drill(act, story) {
      const root = at(randomBytes(6).toString("hex"));
      await copy(at(acts[act].from), root);
      await story(root, await relative(root));
      await rm(root, { recursive: true });
    },
    result(act) {
      const known = results.get(act) ?? perform(act);
      results.set(act, known);
      return known;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/**
 * Files as they occur on PBXs: a link, CRLF, a last line without an end, Latin-1, various modes, a file where ours will
 * be, and no extensions.lua.
 */
async function layBare(root: string): Promise<void> {
  const files: Record<string, [text: string, mode: number]> = {
    "etc/asterisk/asterisk.conf": ["[directories]\n", 0o644],
    "etc/asterisk/pjsip.conf": ["[101]\ntype=endpoint\ncontext=internal", 0o640],
    "etc/asterisk/musiconhold.conf": ["[general]\r\n; caf\xe9\r\n", 0o660],
    "etc/asterisk/extensions.conf": ["[internal]\nexten => _XXX,1,NoOp()\n", 0o600],
    "etc/asterisk/smart_transfer.d/features.conf": ["[sales]\r\n; not ours", 0o600],
    "srv/features.conf": ["[general]\n", 0o644],
    "usr/share/asterisk/sounds/en/hello.gsm": ["\0", 0o644],
    "var/lib/asterisk/astdb.sqlite3": ["x", 0o640],
  };
  for (const [path, [text, mode]] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text, "latin1");
    await chmod(join(root, path), mode);
  }
  await symlink("/srv/features.conf", join(root, "etc/asterisk/features.conf"));
}

/** An install of an older version, with another dialplan. */
async function makeOlder(root: string): Promise<void> {
  const dialplan = join(root, "etc/asterisk/smart_transfer.d/dialplan.lua");
  const manifest = join(root, "var/lib/asterisk/smart-transfer/manifest.json");
  const before = await readFile(dialplan);
  const after = Buffer.from("-- asterisk-smart-transfer 0.0.1, dialplan 0123456789abcdef\nreturn {}\n");
  await writeFile(dialplan, after);
  const text = await readFile(manifest, "utf8");
  assert.ok(text.includes(digest(before)));
  await writeFile(manifest, text.replace(digest(before), digest(after)));
}

async function copy(from: string, to: string): Promise<void> {
  await cp(from, to, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
  // Node's copy gives folders the usual mode.
  for (const name of ["", ...(readdirSync(from, { recursive: true }) as string[])]) {
    const stats = lstatSync(join(from, name));
    if (!stats.isSymbolicLink()) await chmod(join(to, name), stats.mode & 0o7777);
  }
}
