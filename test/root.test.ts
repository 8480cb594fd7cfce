// On most PBXs Asterisk's folders belong to Asterisk's user. Whatever that user lays there, root's runs give them nothing.
import {
  existsSync,
  lchownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { execa } from "execa";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { digest } from "../src/installer/plan/manifest.ts";
import { differences, fileStates } from "../src/sandbox/demo/file-states.ts";
import "./as-root.ts";
import { isWhole } from "./drill.ts";
import {
  commands,
  etc,
  expectInstalls,
  former,
  install,
  namesOf,
  onGround,
  state,
  uid,
  uninstall,
  varLib,
} from "./theirs.ts";

test("a PBX of Asterisk's user: what root trusts lies where only root may write", () => onGround(expectInstalls));

const journal = (path: string, mode: number) =>
  JSON.stringify({
    format: 1,
    begun: "2026-01-01T00:00:00.000Z",
    reloads: [],
    entries: [
      {
        kind: "write",
        path,
        before: digest(Buffer.from("#!/bin/sh\n")),
        uid: 0,
        gid: 0,
        mode,
      },
    ],
  });

for (const [title, path, link] of [
  ["a set-uid file of root's", `${etc}/rootid`],
  ["a file through a link", `${etc}/esc/outside/cron.d/evil`, [`${etc}/esc`, "/"]],
  ["a file elsewhere", "/outside/cron.d/evil"],
] as const) {
  test(`a planted journal that would make ${title} is not played back, but told of`, () =>
    onGround(async (ground) => {
      if (link) ground.link(...link);
      ground.plant(`${former}/journal/0`, "#!/bin/sh\n");
      ground.plant(`${former}/journal/journal.json`, journal(path, 0o4755));
      for (const args of commands) {
        const { said } = await ground.run(args);
        await ground.expectNothingGained(said);
        assert.not(existsSync(join(ground.root, etc, "rootid")));
        assert.match(said, /smart-transfer\/journal is ignored, because others than root may write there/);
      }
    }));
}

test("a journal that root itself has written never makes a set-id file", () =>
  onGround(async (ground) => {
    mkdirSync(join(ground.root, state, "journal"), {
      recursive: true,
      mode: 0o700,
    });
    writeFileSync(join(ground.root, state, "journal/0"), "#!/bin/sh\n");
    writeFileSync(join(ground.root, state, "journal/journal.json"), journal(`${etc}/rootid`, 0o4755));
    const { said } = await ground.run(["uninstall"]);
    assert.match(said, /was killed half way\. Everything is as it was before/);
    assert.is(lstatSync(join(ground.root, etc, "rootid")).mode & 0o7777, 0o755);
  }));

test("a planted manifest has nothing deleted that we could not have made, and is not believed twice", () =>
  onGround(async (ground) => {
    const hash = (path: string) => digest(readFileSync(join(ground.root, path)));
    const made = ["/outside/shadow", "/outside/cron.d/job", `${etc}/../../outside/cron.d/job`, `${etc}/asterisk.conf`];
    const manifest = {
      version: "0.1.0",
      made: Object.fromEntries(made.map((path) => [path, hash(path)])),
      marked: [`${etc}/features.conf`],
      folders: ["/outside/empty", `${etc}/../../outside/empty`],
      displaced: {
        "/outside/cron.d/evil.edited": "0",
        [`${etc}/../../outside/cron.d/job.edited`]: "0",
      },
    };
    for (const args of [uninstall, install, uninstall]) {
      ground.plant(`${former}/manifest.json`, JSON.stringify(manifest));
      const { said } = await ground.run(args);
      await ground.expectNothingGained(said);
      assert.ok(existsSync(join(ground.root, etc, "asterisk.conf")), said);
    }
  }));

test("a planted manifest with anything but texts in it: one sentence, and nothing is believed", () =>
  onGround(async (ground) => {
    const good = {
      version: "0.1.0",
      made: {},
      marked: [],
      folders: [],
      displaced: {},
    };
    const wrong = Object.keys(good).flatMap((field) =>
      [null, 7, true, "text", [7], [null], { "/etc/asterisk/smart_transfer.conf": 7 }, [[]]]
        .filter((value) => typeof value !== "string" || field !== "version")
        .map((value) => JSON.stringify({ ...good, [field]: value })),
    );
    const all = [...wrong, "", "null", "[]", "7", "{", `{"__proto__": {"version": "0.1.0"}}`];
    // Each name takes a run, so the suite tries some of them.
    for (const text of all.filter((_, index) => isWhole || index % 5 === 0)) {
      ground.plant(`${former}/manifest.json`, text);
      const { code, said } = await ground.run(uninstall);
      await ground.expectNothingGained(`${text}: ${said}`);
      assert.is(code, 0, `${text}: ${said}`);
      assert.match(said, /manifest\.json cannot be read as our manifest and is ignored/, text);
    }
    await expectInstalls(ground);
  }));

test("the manifest of a version before moves over, once, and uninstall gives all back", () =>
  onGround(async (ground) => {
    const { root, run, plant } = ground;
    const before = await fileStates(root);
    assert.is((await run(install)).code, 0);
    const manifest = readFileSync(join(root, state, "manifest.json"), "utf8");
    rmSync(join(root, dirname(state)), { recursive: true });
    plant(`${former}/manifest.json`, manifest);
    const moved = await run(install);
    assert.is(moved.code, 0, moved.said);
    assert.equal(JSON.parse(readFileSync(join(root, state, "manifest.json"), "utf8")), JSON.parse(manifest));
    assert.not(existsSync(join(root, former)), "moved");
    assert.match((await run(install)).said, /Nothing to do/);
    rmSync(join(root, dirname(state)), { recursive: true });
    plant(`${former}/manifest.json`, manifest);
    assert.is((await run(uninstall)).code, 0);
    assert.equal(differences(before, await fileStates(root)), []);
  }));

for (const [title, target] of [
  ["a file of root's", "/outside/shadow"],
  ["a file that is not there", "/outside/cron.d/evil"],
  ["a folder of root's", "/outside/empty"],
] as const) {
  test(`links to ${title} at each name that we write or make: nothing changes behind them`, () =>
    onGround(async (ground) => {
      const isLink = (name: string) =>
        lstatSync(join(ground.root, name), {
          throwIfNoEntry: false,
        })?.isSymbolicLink();
      const names = await namesOf(ground);
      assert.ok(names.length > 60, `${names.length} names`);
      // With all traps at once the run would stop at the first. With a third of them at a time it reaches each.
      for (let part = 0; part < 3; part++) {
        const laid = names.filter((_, index) => index % 3 === part);
        const kept = new Map<string, Buffer>();
        for (const name of laid) {
          // A folder that is a link has no traps inside.
          if (laid.some((one) => name.startsWith(`${one}/`) && isLink(one))) continue;
          const path = join(ground.root, name);
          if (lstatSync(path, { throwIfNoEntry: false })?.isFile()) kept.set(path, readFileSync(path));
          if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory()) continue;
          rmSync(path, { force: true });
          ground.link(name, target);
        }
        for (const args of commands) {
          const { said } = await ground.run(args);
          await ground.expectNothingGained(`${args[0]} ${part}: ${said}`);
        }
        for (const name of laid) {
          if (
            lstatSync(join(ground.root, name), {
              throwIfNoEntry: false,
            })?.isSymbolicLink()
          )
            rmSync(join(ground.root, name));
        }
        for (const [path, content] of kept) {
          rmSync(path, { force: true });
          writeFileSync(path, content);
          lchownSync(path, uid, uid);
        }
        await ground.run(uninstall);
      }
    }));
}

test("a second name for a file of root's, and a pipe, at names that we read: no harm, and no wait", () =>
  onGround(async (ground) => {
    const file = join(ground.root, etc, "pjsip.conf");
    rmSync(file);
    linkSync(join(ground.root, "/outside/shadow"), file);
    const { code, said } = await ground.run(install);
    assert.is(code, 1, said);
    assert.match(said, /pjsip\.conf is a second name \(a hard link\)/);
    rmSync(file);
    await ground.expectNothingGained(said);
    await execa("mkfifo", [file]);
    assert.match((await ground.run(install)).said, /pjsip\.conf is not a regular file/);
    rmSync(file);
  }));

test("an #include of a file that only root may read is not read", () =>
  onGround(async (ground) => {
    ground.plant(`${etc}/features.conf`, "[general]\n#include /outside/shadow\n#include ../../outside/shadow\n");
    for (const args of [...commands, ["install", "--dry-run", "--extensions", "101"]])
      assert.not.match((await ground.run(args)).said, /root:secret|secret/);
  }));

test("a log that only root may read is not read through a link of Asterisk's user; through the admin's it is", () =>
  onGround(async (ground) => {
    const logs = "/var/log/asterisk";
    const line = (caller: string) =>
      `[2026-01-01 10:00:00] NOTICE[1] Ext. s: smart-transfer: caller=${caller} from=101 to=102 outcome=answered desk=0.1\n`;
    ground.plant(`${etc}/logger.conf`, "[general]\ndateformat=%F %T\n[logfiles]\nfull => notice\n");
    ground.plant(`${logs}/full`, line("900"));
    const others = join(ground.root, "/outside/shadow");
    writeFileSync(others, line("root:secret"));
    const links = [
      [`${logs}/full.1`, "/outside/shadow"],
      [`${logs}/full.2`, "../../../outside/shadow"],
    ] as const;
    for (const [link, target] of links) {
      ground.link(link, target);
      const { said } = await ground.run(["log"]);
      assert.match(
        said,
        /symbolic link that user 4242 may have made or renamed leads to .*shadow, which they may not read/,
      );
      rmSync(join(ground.root, link));
    }
    linkSync(others, join(ground.root, `${logs}/full.1`));
    assert.match((await ground.run(["log"])).said, /full\.1 is a second name \(a hard link\)/);
    rmSync(join(ground.root, `${logs}/full.1`));
    writeFileSync(join(ground.root, "/srv/full.1"), line("901"), {
      mode: 0o600,
    });
    symlinkSync("/srv/full.1", join(ground.root, `${logs}/full.1`));
    renameSync(join(ground.root, logs), join(ground.root, "/srv/logs"));
    symlinkSync("/srv/logs", join(ground.root, logs));
    const { code, said } = await ground.run(["log"]);
    assert.is(code, 0, said);
    for (const caller of ["900", "901"]) assert.match(said, new RegExp(` ${caller} .* answered by 102`));
  }));

test("links of the admin's own go on working: a file and a folder elsewhere, that Asterisk's user may not write", () =>
  onGround(async (ground) => {
    const file = join(ground.root, etc, "features.conf");
    rmSync(file);
    symlinkSync("/srv/features.conf", file);
    mkdirSync(join(ground.root, "/srv/all-sounds/en"), { recursive: true });
    rmSync(join(ground.root, varLib, "sounds"), { recursive: true });
    symlinkSync("/srv/all-sounds", join(ground.root, varLib, "sounds"));
    await expectInstalls(ground);
    assert.is((await ground.run(install)).code, 0);
    assert.match(readFileSync(join(ground.root, "/srv/features.conf"), "utf8"), /smart_transfer\.d/);
    assert.ok(existsSync(join(ground.root, "/srv/all-sounds/en/smart-transfer/dial.gsm")));
    // The same link, owned by Asterisk's user.
    assert.is((await ground.run(uninstall)).code, 0);
    lchownSync(file, uid, uid);
    const refused = await ground.run(install);
    assert.is(refused.code, 1);
    assert.match(
      refused.said,
      /link that user 4242 may have made or renamed leads to .*\/srv\/features\.conf.*\n.*chown -h root/s,
    );
  }));

for (const [title, target, name, inside] of [
  ["a file", "/srv/monitor.conf", "smart_transfer.conf", ""],
  ["a folder", "/srv/monitor", "smart_transfer.d", "/features.conf"],
] as const) {
  test(`a link of the admin's to ${title}, renamed by Asterisk's user to a name of ours: nothing is written behind it`, () =>
    onGround(async (ground) => {
      const behind = join(ground.root, target + inside);
      mkdirSync(dirname(behind), { recursive: true });
      writeFileSync(behind, "; the admin's\n");
      const link = join(ground.root, etc, basename(target));
      symlinkSync(target, link);
      renameSync(link, join(ground.root, etc, name));
      const before = await fileStates(join(ground.root, "/srv"));
      for (const args of commands) {
        const { code, said } = await ground.run(args);
        assert.equal(differences(before, await fileStates(join(ground.root, "/srv"))), [], said);
        if (args === install) {
          assert.is(code, 1, said);
          assert.match(
            said,
            /may have made or renamed leads to .*\/srv\/monitor.*Everything is as it was before.*\n.*name it as what it leads to/s,
          );
        }
      }
      rmSync(join(ground.root, etc, name));
      await expectInstalls(ground);
    }));
}

test("folders that are not Asterisk's: Asterisk's user cannot have root write there", () =>
  onGround(async (ground) => {
    for (const [etcDir, dataDir, title] of [
      ["/outside/cron.d", varLib, "asterisk.conf"],
      [etc, "/outside/cron.d", "sounds"],
    ]) {
      const places = `astetcdir => ${etcDir}\nastdatadir => ${dataDir}\n`;
      ground.plant(`${etc}/asterisk.conf`, `[directories]\n${places}`);
      const { code, said } = await ground.run(install);
      assert.is(code, 1);
      assert.match(said, new RegExp(`/outside/cron.d does not look like a folder of Asterisk: ${title} is not in it`));
      await ground.expectNothingGained(said);
    }
  }));

test("a disk that is somebody else's: what root trusts stays on this machine", () =>
  onGround(async ({ root, run }) => {
    for (const path of ["/", "/var", "/var/lib"]) lchownSync(join(root, path), uid, uid);
    const { code, said } = await run(install);
    assert.is(code, 0, said);
    assert.not(existsSync(join(root, dirname(state))));
    assert.is((await run(uninstall)).code, 0);
    assert.not(
      existsSync(`${dirname(state)}/${root.slice(1).replaceAll("-", "%2D").replaceAll("/", "-")}-etc-asterisk`),
    );
  }));

test.run();
