import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { luaRemedy } from "../src/installer/preflight/lua-remedy.ts";
import { unpackAsterisk } from "../src/sandbox/packages.ts";
import { startPbx } from "../src/sandbox/pbx.ts";
import { command } from "./live.ts";
import { canMount, noMounts, withMounts } from "./mounts.ts";

/** Stands for ssh, which joins its words with spaces and lets a shell split them again. */
const ssh = '#!/bin/sh\n[ "$1" = pbx ] || exit 255\nshift\nexec sh -c "$*"\n';

/** The PBX's file system, mounted at "$1"; ssh in "$2". */
const elsewhere = 'mount --rbind / "$1"; PATH="$2:$PATH"; root=$1; shift 2; exec "$@" --root "$root"';

test("a PBX on another machine: its command line by ssh, its files mounted", async () => {
  if (!(await canMount)) return noMounts();
  const folder = await mkdtemp(join(tmpdir(), "away-"));
  const pbx = await startPbx({
    release: await unpackAsterisk(),
    folder: join(folder, "pbx"),
    endpoints: ["101", "102"],
  });
  try {
    const [root, bin] = [join(folder, "mnt"), join(folder, "bin")];
    await mkdir(root);
    await mkdir(bin);
    await writeFile(join(bin, "ssh"), ssh);
    await chmod(join(bin, "ssh"), 0o755);
    const run = (...args: string[]) =>
      withMounts(
        elsewhere,
        root,
        bin,
        "node",
        command,
        ...args,
        "--asterisk",
        `ssh pbx ${pbx.command}`,
        "--asterisk-conf",
        pbx.confFile,
      );
    const installed = await run("install", "--yes", "--extensions", "101-102");
    assert.is(installed.code, 0, installed.said);
    assert.match(await pbx.cli("features show"), /^smart-transfer +no def +#/m);
    const checked = await run("check");
    assert.is(checked.code, 0, checked.said);
    const gone = await run("uninstall", "--yes");
    assert.is(gone.code, 0, gone.said);
    assert.not.match(await pbx.cli("features show"), /smart-transfer/);
  } finally {
    await pbx.stop();
    await rm(folder, { recursive: true, force: true });
  }
});

test("without pbx_lua the remedy is of whoever packed this Asterisk", () => {
  const path = "/usr/lib/asterisk/modules/pbx_lua.so";
  assert.match(
    luaRemedy(undefined, "22.1.0", path),
    /^Debian and Ubuntu: install the package asterisk-modules\..*exactly 22\.1\.0/,
  );
  const theirs = luaRemedy("FreePBX", "21.2.0", path);
  assert.match(theirs, /^FreePBX .*Debian's asterisk-modules does not fit.*yum provides.*exactly 21\.2\.0/);
});

test.run();
