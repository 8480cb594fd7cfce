import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { differences, fileStates } from "../src/sandbox/demo/file-states.ts";
import { type Office, startOffice } from "../src/sandbox/office.ts";
import { unpackAsterisk } from "../src/sandbox/packages.ts";
import { startRegistry } from "./registry.ts";

const top = join(import.meta.dirname, "..");
const readme = await readFile(join(top, "README.md"), "utf8");
/** The fenced blocks of one language, in order. */
function blocks(kind: string): string[] {
  return [...readme.matchAll(new RegExp(`^\`\`\`${kind}\\n([\\s\\S]*?)^\`\`\``, "gm"))].map(([, block = ""]) => block);
}

function only(kind: string): string {
  const found = blocks(kind);
  assert.is(found.length, 1, `one block of ${kind}`);
  return found[0] as string;
}

/** The blocks that are not run here, and why. */
const notHere = new Map([
  ["npm ci && npm run demo\nnpm run test:unit\nnpm test\n", "it is what runs this very test: .ci/run does it"],
]);
/** The block whose command asks questions on a terminal. Enter accepts each proposal. */
const wizard = "npx asterisk-smart-transfer\n";

interface Ran {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** A machine on which the README's commands do what they say: a registry that has the package, and a PBX. */
interface Machine {
  readonly office: Office;
  readonly folder: string;
  /** Runs a block as it stands in the README, on a terminal where the command asks: there Enter accepts each proposal. */
  run(script: string, onTerminal?: boolean): Promise<Ran>;
}

async function onMachine(story: (machine: Machine) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "readme-"));
  const release = await unpackAsterisk();
  const [registry, office] = await Promise.all([
    startRegistry(top, folder),
    startOffice({ release, endpoints: ["101", "102", "103", "104", "105"], outsiders: ["900"] }),
  ]);
  try {
    const { pbx } = office;
    const bin = join(folder, "bin");
    await mkdir(bin);
    await program(join(bin, "asterisk"), `exec ${pbx.command} -C ${pbx.confFile} "$@"`);
    await program(join(bin, "docker"), 'test "$1 $2" = "exec pbx" && shift 2 && exec "$@"');
    await program(join(bin, "ssh"), 'test "$1" = root@pbx && shift && exec sh -c "$*"');
    await writeFile(join(folder, "npmrc"), "");
    const env = {
      PATH: [bin, join(folder, "prefix/bin"), process.env.PATH].join(delimiter),
      npm_config_userconfig: join(folder, "npmrc"),
      npm_config_registry: registry.url,
      npm_config_cache: join(folder, "cache"),
      npm_config_prefix: join(folder, "prefix"),
      npm_config_update_notifier: "false",
    };
    const run = async (script: string, onTerminal = false): Promise<Ran> => {
      const file = join(folder, "script");
      await writeFile(file, script);
      const bash = ["bash", "-eu", file];
      const [program = "", ...args] = onTerminal ? ["script", "-qec", bash.join(" "), "/dev/null"] : bash;
      const running = execa(program, args, { cwd: folder, env, reject: false, stdin: onTerminal ? "pipe" : "ignore" });
      const enter = onTerminal ? setInterval(() => running.stdin?.write("\r"), 300) : undefined;
      const { exitCode, stdout, stderr } = await running.finally(() => clearInterval(enter));
      return { exitCode, stdout, stderr };
    };
    await story({ office, folder, run });
  } finally {
    registry.stop();
    await office.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function program(path: string, script: string): Promise<void> {
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
}

test("every command, in order, as written", async () => {
  await onMachine(async ({ office: { pbx }, folder, run }) => {
    const look = () => fileStates(pbx.etcDir, join(pbx.dataDir, "sounds"), join(pbx.folder, "lib"));
    const before = await look();
    const said = new Map<string, string>();
    for (const block of blocks("sh").filter((one) => !notHere.has(one))) {
      // The container and the other machine use this machine's file system.
      const { exitCode, stdout, stderr } = await run(block.replace(/--root \S+/, "--root /"), block === wizard);
      assert.is(exitCode, 0, `${block}${stdout}${stderr}`);
      said.set(block.split("\n")[0] as string, stdout + stderr);
      if (block.includes("--global")) await scripts(folder, run);
    }
    for (const block of notHere.keys()) assert.ok(readme.includes(block), block);
    assert.match(
      said.get("npx asterisk-smart-transfer demo") ?? "",
      /No answer: the call comes back[\s\S]*as they were, to the byte/,
    );
    assert.match(said.get("npm install --global asterisk-smart-transfer") ?? "", /"changed": true[\s\S]*"checks": \[/);
    assert.equal(differences(before, await look()), [], "the last command takes everything out again");
  });
});

/** The blocks for Ansible, a Dockerfile and cron. */
async function scripts(folder: string, run: Machine["run"]): Promise<void> {
  const [, task = ""] = /ansible\.builtin\.command: (.*)\n/.exec(only("yaml")) ?? [];
  const changedWhen = () => /changed_when: \((\w+)\.stdout \| from_json\)\.changed/.exec(only("yaml"))?.[1];
  assert.is(changedWhen(), /register: (\w+)/.exec(only("yaml"))?.[1]);
  await writeFile(join(folder, "smart_transfer.conf"), "[general]\nring_timeout = 16\n[101]\ndevice = PJSIP/101\n");
  for (const changed of [true, false]) {
    const { stdout } = await run(task.replace("/usr/local/etc", folder));
    assert.is(JSON.parse(stdout).changed, changed, "as Ansible would report it");
  }

  const [, image = ""] = /^RUN (.*)$/m.exec(only("dockerfile")) ?? [];
  const root = join(folder, "image");
  for (const path of ["etc/asterisk", "var/lib/asterisk", "usr/share/asterisk/sounds/en"])
    await mkdir(join(root, path), { recursive: true });
  const conf = `[directories]\n${["astetcdir=/etc/asterisk", "astvarlibdir=/var/lib/asterisk", "astdatadir=/usr/share/asterisk"].join("\n")}\n`;
  await writeFile(join(root, "etc/asterisk/asterisk.conf"), conf);
  const built = await run(`${image} --root ${root}`);
  assert.is(built.exitCode, 0, built.stderr);
  assert.match(await readFile(join(root, "etc/asterisk/smart_transfer.d/directory.conf"), "utf8"), /105/);

  const [, , job = ""] = /^((?:\S+ ){5})(.*)$/m.exec(only("crontab")) ?? [];
  const quiet = await run(job);
  assert.equal([quiet.exitCode, quiet.stdout], [0, ""]);
}

test.run();
