import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as esbuild from "esbuild";
import { execa } from "execa";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { packSounds, unpackSounds } from "../src/installer/packed-sounds.ts";

const top = join(import.meta.dirname, "..");
const bundle = await readFile(join(top, "dist/install.js"), "utf8");
const manifest = JSON.parse(await readFile(join(top, "package.json"), "utf8"));

test("the bundle is not minified", () => {
  const code = bundle.split("\n").filter((line) => !line.includes('unpackSounds("'));
  assert.ok(code.length > 10_000, `${code.length} lines`);
  const longest = code.reduce((one, other) => (one.length > other.length ? one : other));
  assert.ok(longest.length < 1000, `a line of ${longest.length} characters: ${longest.slice(0, 100)}`);
});

test("the bundle needs nothing but Node", async () => {
  const again = { entryPoints: ["dist/install.js"], absWorkingDir: top, bundle: true, write: false, metafile: true };
  const { metafile } = await esbuild.build({ ...again, platform: "node", format: "esm", logLevel: "silent" });
  assert.equal(Object.keys(metafile?.inputs ?? {}), ["dist/install.js"]);
  assert.ok(metafile?.inputs["dist/install.js"]?.imports.some(({ path }) => path === "fs/promises"));
  for (const kind of ["dependencies", "peerDependencies", "optionalDependencies"]) assert.is(manifest[kind], undefined);
});

test("the licence of every package in the bundle, and of both voices, is passed on", () => {
  const packages = [...bundle.matchAll(/^\/\/ (?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)\//gm)].map(
    ([, name]) => name,
  );
  const licences = bundle.slice(bundle.indexOf("\n/*\nBundled with this program:\n"));
  for (const name of ["execa", "cross-spawn", "prompts", "diff"]) assert.ok(packages.includes(name), name);
  for (const name of new Set(packages)) assert.match(licences, new RegExp(`^${name}: .*Copyright`, "m"));
  for (const words of ["hereby granted, free of charge, to any person", "Redistributions in binary form"])
    assert.is(licences.split(words).length, 2, `"${words}" stands there once`);
  assert.match(licences, /Copyright \(c\) 2003 Carnegie Mellon University/);
  assert.match(licences, /Copyright \(c\) 2005 Nickolay V\. Shmyrev/);
});

test("sounds come out of their packing as they went in", () => {
  const frames = (count: number, from: number) =>
    Buffer.from(Array.from({ length: count * 33 }, (_, i) => (i * from) % 251));
  const sounds = { en: { "a.gsm": frames(3, 7), "b-c.gsm": frames(1, 5) }, ru: { "a.gsm": frames(40, 3) } };
  assert.equal(unpackSounds(packSounds(sounds)), sounds);
});

test("publint has nothing to say", async () => {
  const { messages } = await publint({ pkgDir: top, strict: true });
  assert.equal(
    messages.map((message) => formatMessage(message, manifest)),
    [],
  );
});

test("the tarball has at most 700 KB, the command, the README with its pictures and the licence, and npx runs it without a network", async () => {
  const folder = await mkdtemp(join(tmpdir(), "package-"));
  try {
    // Without scripts: prepack would rebuild the files that other tests use.
    const packing = ["pack", "--ignore-scripts", "--json", "--pack-destination", folder];
    const { stdout } = await execa("npm", packing, { cwd: top });
    const [packed] = JSON.parse(stdout) as [
      { filename: string; size: number; files: { path: string; mode: number }[] },
    ];
    assert.ok(packed.size <= 700_000, `${packed.size} bytes`);
    assert.equal(packed.files.map(({ path }) => path).sort(), [
      "LICENSE",
      "README.md",
      "assets/README.md",
      "assets/benchmark.md",
      "assets/demo.svg",
      "assets/log.svg",
      "assets/reference.md",
      "assets/wizard.svg",
      "dist/install.js",
      "dist/package.json",
      "package.json",
    ]);
    assert.is((packed.files.find(({ path }) => path === "dist/install.js")?.mode ?? 0) & 0o111, 0o111);
    const args = ["--yes", "--offline", `--package=${join(folder, packed.filename)}`, "asterisk-smart-transfer"];
    const env = { npm_config_cache: join(folder, "cache"), npm_config_update_notifier: "false" };
    const ran = await execa("npx", [...args, "--version"], { cwd: folder, env });
    assert.is(ran.stdout, manifest.version);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test.run();
