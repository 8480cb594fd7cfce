// A rewritten file keeps everything besides its bytes: its place, who may read it, its attributes.
import { join } from "node:path";
import { execa } from "execa";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { differences } from "../src/sandbox/demo/file-states.ts";
import { acts, command, layGround, run, sabotage } from "./drill.ts";
import { canMount, noMounts, withMounts } from "./mounts.ts";

const ground = layGround();

// rename() cannot move a file to another file system (EXDEV). So the new file is written beside the target, not beside the link.
test("a linked file on another file system: rewritten there, put back there, and it stays a link", async () => {
  if (!(await canMount)) return noMounts();
  const script = `
    root=$1; sabotage=$2; command=$3; shift 3
    state() { (cd "$root"; find . -printf '%p %y %m %U %G %l\\n'; find . -type f -exec cksum {} +) | sort; }
    act() { node --import "$sabotage" "$command" "$@" --offline --root "$root"; }
    expect() { [ "$(state)" = "$1" ] || { echo "$2"; exit 9; }; }
    cp -a "$root/srv" "$root/was"
    mount -t tmpfs tmpfs "$root/srv"
    mv "$root/was/features.conf" "$root/srv"
    rmdir "$root/was"
    [ "$(stat -c %d "$root/srv")" != "$(stat -c %d "$root/etc/asterisk")" ]
    before=$(state)
    act "$@"
    grep -c smart_transfer.d "$root/srv/features.conf"
    readlink "$root/etc/asterisk/features.conf"
    installed=$(state)
    killed=0
    for call in $(seq 30 40 190); do
      SABOTAGE=kill:$call act uninstall --yes || killed=$((killed + 1))
      act uninstall || true
      expect "$installed" "not put back after call $call"
    done
    echo "killed $killed times"
    act uninstall --yes
    expect "$before" "not as before"`;
  await (await ground).drill("install", async (root) => {
    const ran = await withMounts(script, root, sabotage, command, ...acts.install.args);
    assert.is(ran.code, 0, ran.said);
    assert.match(ran.said, /^1\n\/srv\/features\.conf$/m);
    assert.match(ran.said, /^killed 5 times$/m);
  });
});

test("an uninstall leaves what was there before the install, and has back in its place what was in ours", async () => {
  const disk = await ground;
  await disk.drill("install", async (_, before) => {
    const theirs = "/etc/asterisk/smart_transfer.d/features.conf";
    assert.ok(before.has(theirs) && (await disk.result("install")).has(`${theirs}.edited`));
    assert.equal(differences(before, await disk.result("uninstall")), []);
  });
});

const attributes = `
import os, sys
path, *wanted = sys.argv[1:]
for name, value in (one.split("=") for one in wanted): os.setxattr(path, name, bytes.fromhex(value))
for name in sorted(os.listxattr(path)): print(f"{name}={os.getxattr(path, name).hex()}")
`;

/** An access list as the kernel has it: version 2, then tag, rights and user of each entry (linux/posix_acl_xattr.h). */
function accessList(): Buffer {
  const anyone = 0xffffffff;
  const entries = [
    [0x01, 6, anyone],
    [0x02, 4, 12345],
    [0x04, 4, anyone],
    [0x10, 4, anyone],
    [0x20, 0, anyone],
  ] as const;
  const list = Buffer.alloc(4 + 8 * entries.length);
  list.writeUInt32LE(2);
  for (const [at, [tag, rights, user]] of entries.entries()) {
    list.writeUInt16LE(tag, 4 + 8 * at);
    list.writeUInt16LE(rights, 6 + 8 * at);
    list.writeUInt32LE(user, 8 + 8 * at);
  }
  return list;
}

for (const [title, name, value] of [
  ["access lists", "system.posix_acl_access", accessList()],
  ["labels of a user's own", "user.label", Buffer.from("kept")],
  ["SELinux labels", "security.selinux", Buffer.from("system_u:object_r:etc_t:s0\0")],
] as const) {
  test(`${title} are kept, through install, a way back and uninstall`, async () => {
    const look = (file: string, ...set: string[]) =>
      execa("python3", ["-c", attributes, file, ...set], { reject: false });
    await (await ground).drill("install", async (root) => {
      const files = ["etc/asterisk/pjsip.conf", "srv/features.conf"].map((path) => join(root, path));
      const wanted = `${name}=${value.toString("hex")}`;
      const looks = async () => (await Promise.all(files.map((file) => look(file)))).map(({ stdout }) => stdout);
      for (const file of files) {
        const set = await look(file, wanted);
        if (set.failed)
          return void console.log(`\nSKIPPED: no ${name} can be set here: ${set.stderr.split("\n").at(-1)}`);
      }
      const before = await looks();
      for (const said of before) assert.ok(said.split("\n").includes(wanted), said);
      for (const [args, how] of [
        [acts.install.args, "ENOSPC:150"],
        [acts.install.args, ""],
        [acts.uninstall.args, ""],
      ] as const) {
        const { code } = await run(root, args, how);
        assert.is(code, how === "" ? 0 : 1);
        assert.equal(await looks(), before, `${args[0]} ${how}`);
      }
    });
  });
}

test("the ground is taken away", async () => {
  await (await ground).remove();
});

test.run();
