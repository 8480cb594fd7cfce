import { execFileSync } from "node:child_process";
import {
  appendFile,
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readlink,
  rename,
  rm,
  symlink,
  truncate,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { fileSystem } from "../src/asterisk/files.ts";
import { channelsIn, loggerConf } from "../src/installer/log/channels.ts";
import { isRotated, openFamily } from "../src/installer/log/family.ts";
import { follow } from "../src/installer/log/follow.ts";
import { readLogs } from "../src/installer/log/read-logs.ts";
import { openLogs } from "../src/installer/log/reading.ts";
import { readingOf, type Transfer, TransferReader } from "../src/installer/log/transfers.ts";
import { localZone } from "../src/installer/log/zone.ts";
import { treeOf } from "./snapshot.ts";

const system = fileSystem();
const silent = { tell() {}, work: () => ({ next() {}, at() {}, end() {} }) };
const began = new Date(2026, 0, 1).getTime();

function line(caller: number, minutes = caller): string {
  const date = new Date(began + minutes * 60_000);
  const [month = "", day = "", time = ""] = [
    date.toLocaleString("en-US", { month: "short" }),
    String(date.getDate()).padStart(2),
    date.toTimeString().slice(0, 8),
  ];
  return `[${month} ${day} ${time}] NOTICE[1][C-00000001] Ext. s: smart-transfer: caller=${caller} from=101 to=102 outcome=answered desk=0.1\n`;
}

/** Gives a story a folder of logs, and asserts that it leaves none of them open. */
async function inFolder(story: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "log-"));
  try {
    await story(folder);
    assert.equal(await openIn(folder), []);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function openIn(folder: string): Promise<string[]> {
  const links = (await readdir("/proc/self/fd")).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => ""));
  return (await Promise.all(links)).filter((path) => path.startsWith(`${folder}/`));
}

/** Writes a log as it was after the last of its lines. */
async function lay(file: string, content: string | Buffer, minutes: number): Promise<void> {
  await writeFile(file, content);
  const time = (began + minutes * 60_000) / 1000;
  await utimes(file, time, time);
}

async function callersIn(path: string, since?: number): Promise<string[]> {
  const logs = await openFamily(system, path);
  const found: Transfer[] = [];
  const take = (some: readonly Transfer[]) => {
    found.push(...some);
    return false;
  };
  const end = await readLogs({
    family: { path, logs },
    reading: readingOf(undefined, localZone),
    since,
    terminal: silent,
    take,
  });
  await end.log.handle.close();
  for (const { time, caller } of found) assert.is(time, began + Number(caller) * 60_000, `the time of ${caller}`);
  return found.map(({ caller }) => caller);
}

test("which names are those of rotated logs", () => {
  const yes = [
    "messages.0",
    "messages.12.gz",
    "messages.1794092709",
    "messages-20261127",
    "messages-20261127.xz",
    "messages.1.bz2",
    "messages.gz",
  ];
  const no = [
    "messages",
    "messages.log",
    "messages_log",
    "messages.old.conf",
    "fullmessages.1",
    "messages.1.txt",
    "messages.pbx1",
  ];
  for (const name of yes) assert.ok(isRotated("messages", name), name);
  for (const name of no) assert.not(isRotated("messages", name), name);
  assert.ok(isRotated("messages.log", "messages-20261127.log.gz"));
  assert.ok(isRotated("messages.log", "messages.log.3"));
  assert.not(isRotated("messages.log", "messagesXlog.3"));
});

test("a log with all that was rotated away and compressed, the oldest first, its years told by the last line", () =>
  inFolder(async (folder) => {
    const at = (name: string) => join(folder, name);
    await lay(at("full.3.gz"), gzipSync(line(1) + line(2)), 2);
    await lay(at("plain"), line(3), 3);
    execFileSync("bzip2", [at("plain")]);
    await rename(at("plain.bz2"), at("full.2.bz2"));
    await lay(at("plain"), line(4), 4);
    execFileSync("xz", [at("plain")]);
    await rename(at("plain.xz"), at("full-20260101.xz"));
    await lay(at("full.0"), line(5) + line(6).slice(0, 40), 6);
    await lay(at("full"), line(7), 7);
    assert.equal(await callersIn(at("full")), ["1", "2", "3", "4", "5", "7"]);
    assert.equal(await callersIn(at("full"), began + 4.5 * 60_000), ["5", "7"], "older files are not read");
  }));

test("a log over several new years", () =>
  inFolder(async (folder) => {
    const callers = [60, 300, 400, 700, 760].map((days) => days * 24 * 60);
    await lay(join(folder, "full"), callers.map((caller) => line(caller)).join(""), 760 * 24 * 60);
    assert.equal(await callersIn(join(folder, "full")), callers.map(String));
  }));

test("a damaged file is read until there, and the others all the same", () =>
  inFolder(async (folder) => {
    const packed = gzipSync(Buffer.from(line(1).repeat(3)));
    await lay(join(folder, "full.1.gz"), packed.subarray(0, packed.length - 9), 1);
    await lay(join(folder, "full"), line(2), 2);
    assert.is((await callersIn(join(folder, "full"))).at(-1), "2");
  }));

test("what is no regular file is passed over, and nobody waits for it", () =>
  inFolder(async (folder) => {
    const at = (name: string) => join(folder, name);
    execFileSync("mkfifo", [at("full.1")]);
    await symlink("/dev/zero", at("full.2"));
    await mkdir(at("full.3"));
    await symlink(at("full.4"), at("full.4"));
    await symlink("/proc/self/mem", at("full.5"));
    await lay(at("elsewhere"), line(1), 1);
    await symlink(at("elsewhere"), at("full.6"));
    await lay(at("full"), line(2), 2);
    assert.equal(await callersIn(at("full")), ["1", "2"], "a link of the admin's to a file is followed");
  }));

test("of several logs the one that reaches furthest back is read", () =>
  inFolder(async (folder) => {
    await lay(join(folder, "young"), line(3 * 1440), 3 * 1440);
    await lay(join(folder, "old"), line(1) + line(3 * 1440) + "x".repeat(1000), 3 * 1440);
    const channels = ["young", "old"].map((name) => ({ path: join(folder, name), takesNotices: true }));
    const conf = { channels, dateformat: undefined };
    const family = await openLogs(system, { channels, conf, confPath: "", place: undefined }, localZone);
    assert.is(family?.path, join(folder, "old"));
    for (const { handle } of family?.logs ?? []) await handle.close();
  }));

/** Follows a log while the test changes it, until so many transfers were told. */
async function followed(file: string, wanted: number, play: () => Promise<void>): Promise<string[]> {
  const [log] = await openFamily(system, file);
  assert.ok(log);
  const reading = readingOf(undefined, localZone);
  const start = { log, reader: new TransferReader(log, reading), at: log.stats.size };
  const ending = new AbortController();
  const limit = setTimeout(() => ending.abort(), 10_000);
  const callers: string[] = [];
  const playing = play();
  for await (const some of follow(system, file, start, reading, ending.signal)) {
    callers.push(...some.map(({ caller }) => caller));
    if (callers.length >= wanted) break;
  }
  clearTimeout(limit);
  await playing;
  return callers;
}

test("--follow: what is added, half a line at a time", () =>
  inFolder(async (folder) => {
    const file = join(folder, "full");
    await writeFile(file, line(1));
    const callers = await followed(file, 3, async () => {
      await appendFile(file, line(2) + line(3).slice(0, 50));
      await sleep(300);
      await appendFile(file, line(3).slice(50));
      await appendFile(file, line(4));
    });
    assert.equal(callers, ["2", "3", "4"]);
  }));

test("--follow: renamed and begun anew, twice at once, while the old one is written on into", () =>
  inFolder(async (folder) => {
    const file = join(folder, "full");
    await writeFile(file, line(1));
    const callers = await followed(file, 5, async () => {
      await appendFile(file, line(2));
      await rename(file, `${file}.0`);
      await writeFile(file, "");
      await sleep(300);
      await appendFile(`${file}.0`, line(3));
      await appendFile(file, line(4));
      await sleep(20);
      await rename(file, `${file}.1`);
      await sleep(20);
      await writeFile(file, line(5) + line(6));
    });
    assert.equal(callers, ["2", "3", "4", "5", "6"]);
  }));

test("--follow: copied away and cut to nothing", () =>
  inFolder(async (folder) => {
    const file = join(folder, "full");
    await writeFile(file, line(1));
    const callers = await followed(file, 2, async () => {
      await appendFile(file, line(2));
      await sleep(500);
      await copyFile(file, `${file}.1`);
      await truncate(file);
      await sleep(500);
      await appendFile(file, line(3));
    });
    assert.equal(callers, ["2", "3"]);
  }));

const shown = `Logger queue limit: 1000

Channel                             Type     Formatter  Status    Configuration
-------                             ----     ---------  ------    -------------
/var/log/asterisk/a_very_long_name_ File     default    Enabled    - ERROR NOTICE 
                                    Console  default    Enabled    - NOTICE VERBOSE 
syslog.local0                       Syslog   default    Enabled    - NOTICE 
/var/log/asterisk/json              File     json       Enabled    - WARNING 
/var/log/asterisk/gone              File     plain      Disabled   - NOTICE 
/var/log/asterisk/full              File     default    Enabled    - NOTICE WARNING ERROR VERBOSE DTMF 
`;

test("what the running Asterisk says that it logs to", () => {
  const long = "/var/log/asterisk/a_very_long_name_indeed";
  assert.equal(channelsIn(shown, ["/var/log/asterisk/full.1", long]), [
    { path: long, takesNotices: true },
    { path: "/var/log/asterisk/json", takesNotices: false },
    { path: "/var/log/asterisk/gone", takesNotices: false },
    { path: "/var/log/asterisk/full", takesNotices: true },
  ]);
  assert.is(channelsIn(shown.replaceAll(/ (default|json|plain) {2,3} ? ?/g, " "), []).length, 4, "without formatters");
});

test("what logger.conf says", async () => {
  const conf = `[general]
dateformat = %F %T
appendhostname = yes
[logfiles]
console => notice
syslog.local0 => notice
messages => warning,error ; notice
full => [json]verbose(3),NOTICE
/srv/all => *
#include "more.conf"
`;
  const files = {
    "/etc/asterisk/logger.conf": conf,
    "/etc/asterisk/more.conf": "debug => debug\nadded => error, notice\n",
  };
  const { channels, dateformat } = loggerConf(await treeOf(files, "logger.conf"), "/var/log/asterisk", "pbx1");
  assert.is(dateformat, "%F %T");
  assert.equal(
    channels.map(({ path, takesNotices }) => `${path} ${takesNotices}`),
    [
      "/var/log/asterisk/messages.pbx1 false",
      "/var/log/asterisk/full.pbx1 true",
      "/srv/all.pbx1 true",
      "/var/log/asterisk/debug.pbx1 false",
      "/var/log/asterisk/added.pbx1 true",
    ],
  );
});

test.run();
