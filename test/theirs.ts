import {
  chmodSync,
  existsSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { execa } from "execa";
import * as assert from "uvu/assert";
import { differences, type FileStates, fileStates } from "../src/sandbox/demo/file-states.ts";
import { mayOnlyRoot } from "./as-root.ts";
import { command } from "./drill.ts";

/** Asterisk's user. */
export const uid = 4242;
export const etc = "/etc/asterisk";
export const varLib = "/var/lib/asterisk";
/** Where former versions kept their state. */
export const former = `${varLib}/smart-transfer`;
export const state = "/var/lib/asterisk-smart-transfer/etc-asterisk";
export const install = ["install", "--yes", "--extensions", "101-102", "--language", "ru"];
export const uninstall = ["uninstall", "--yes"];
export const commands = [install, ["check"], uninstall];

export interface Ground {
  readonly root: string;
  run(args: readonly string[]): Promise<{ code: number | undefined; said: string }>;
  /** Lays something down as Asterisk's user would. */
  plant(path: string, content: string): void;
  link(path: string, target: string): void;
  /** Asserts that nothing outside of Asterisk's user's own files has changed, and that nothing among these helps that user. */
  expectNothingGained(when: string): Promise<void>;
}

/** A PBX's disk, with files that are no concern of Asterisk's. */
export async function onGround(story: (ground: Ground) => Promise<void>): Promise<void> {
  if (!mayOnlyRoot("lose something to Asterisk's user")) return;
  const root = await mkdtemp(join(tmpdir(), "root-"));
  const at = (path: string) => join(root, path);
  const lay = (path: string, content: string, mode = 0o644) => {
    mkdirSync(dirname(at(path)), { recursive: true });
    writeFileSync(at(path), content);
    chmodSync(at(path), mode);
  };
  lay(`${etc}/asterisk.conf`, `[directories]\nastdatadir => ${varLib}\n`);
  for (const name of ["features", "extensions", "queues", "pjsip"]) lay(`${etc}/${name}.conf`, "[general]\n", 0o640);
  lay(`${varLib}/sounds/en/hello.gsm`, "\0");
  await execa("chown", ["-R", `${uid}:${uid}`, at(etc), at(varLib)]);
  lay("/outside/shadow", "root:secret\n", 0o600);
  lay("/outside/cron.d/job", "# job\n");
  lay("/outside/private/note", "note\n", 0o600);
  mkdirSync(at("/outside/empty"), { mode: 0o700 });
  lay("/srv/features.conf", "[general]\n; of the admin's\n");
  chmodSync(root, 0o755);
  const outside = async (): Promise<FileStates> => {
    const folders = await fileStates(at("/outside"), at("/srv"));
    const above = ["/", "/etc", "/var", "/var/lib"].map((path): [string, string] => {
      const { mode, uid: owner, gid } = lstatSync(at(path));
      return [
        path,
        [mode, owner, gid, ...readdirSync(at(path)).filter((name) => name !== basename(dirname(state)))].join(),
      ];
    });
    return new Map([...folders, ...above]);
  };
  const before = await outside();
  const give = (path: string) => lchownSync(at(path), uid, uid);
  try {
    await story({
      root,
      plant(path, content) {
        const made = mkdirSync(dirname(at(path)), { recursive: true });
        writeFileSync(at(path), content);
        give(path);
        for (let one = dirname(path); made !== undefined && at(one).length >= made.length; one = dirname(one))
          give(one);
      },
      link(path, target) {
        mkdirSync(dirname(at(path)), { recursive: true });
        symlinkSync(target, at(path));
        give(path);
      },
      async run(args) {
        const quickly = args[0] === "log" ? [] : ["--no-rehearsal"];
        const ran = await execa("node", [command, ...args, "--offline", ...quickly, "--root", root], {
          reject: false,
          stdin: "ignore",
          all: true,
          timeout: 60_000,
        });
        assert.not(ran.timedOut, `${args[0]} hangs: ${ran.all}`);
        assert.not.match(ran.all, /fault of asterisk-smart-transfer|root:secret/);
        return { code: ran.exitCode, said: ran.all };
      },
      async expectNothingGained(when) {
        assert.equal(differences(before, await outside()), [], when);
        const found = await execa("find", [root, "-perm", "/6000"], { reject: false });
        assert.is(found.stdout, "", when);
        const secrets = await execa("grep", ["-rl", "root:secret", at(etc), at(varLib)], { reject: false });
        assert.is(secrets.stdout, "", when);
      },
    });
  } finally {
    await rm(root, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Installs and uninstalls: every byte is as before, and nothing of ours is left. */
export async function expectInstalls({ root, run }: Ground): Promise<void> {
  const before = await fileStates(root);
  const installed = await run(install);
  assert.is(installed.code, 0, installed.said);
  const { mode, uid: owner } = lstatSync(join(root, state));
  assert.equal([owner, mode & 0o7777], [0, 0o700]);
  assert.ok(existsSync(join(root, state, "manifest.json")));
  assert.not(existsSync(join(root, former)));
  const uninstalled = await run(uninstall);
  assert.is(uninstalled.code, 0, uninstalled.said);
  assert.equal(differences(before, await fileStates(root)), []);
}

/** Every path that an install makes or writes, with its temporary name. */
export async function namesOf({ root, run }: Ground): Promise<string[]> {
  const before = await fileStates(root);
  await run(install);
  const changed = differences(before, await fileStates(root)).map((path) => path.slice(root.length));
  await run(uninstall);
  const names = changed.filter((path) => path.startsWith(`${etc}/`) || path.startsWith(`${varLib}/`));
  const temporary = names.map((path) => join(dirname(path), `.${basename(path)}.smart-transfer`));
  const beside = names.map((path) => `${path}.edited`);
  const states = ["lock", "at-work", "manifest.json", ".manifest.json.smart-transfer", "journal.new", "journal.done"];
  const journal = ["journal", "journal/journal.json", "journal/0"];
  return [...names, ...temporary, ...beside, former, ...[...states, ...journal].map((name) => join(former, name))];
}
