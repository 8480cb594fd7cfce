/**
 * Each mutant is noticed: by the scene of the rehearsal that it names, or by the live test. MUTANTS=all runs those tests against
 * the broken dialplans too; without it only the scenes are played, all of them on one PBX.
 */
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { execa } from "execa";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { AsteriskCli } from "../src/asterisk/cli.ts";
import { ownEndpoints } from "../src/asterisk/endpoints.ts";
import { fileSystem } from "../src/asterisk/files.ts";
import { modulesIn } from "../src/asterisk/listings.ts";
import type { SceneId } from "../src/contract/scenes.ts";
import { rehearseOnce } from "../src/installer/rehearsal/rehearse.ts";
import { readSettings } from "../src/installer/settings/model.ts";
import { unpackAsterisk } from "../src/sandbox/packages.ts";
import { startPbx } from "../src/sandbox/pbx.ts";
import { compileWith, sentence, top } from "./compile.ts";
import { command } from "./live.ts";
import { type Mutant, mutants } from "./mutants.ts";

const inScene = mutants.filter(({ caughtBy }) => typeof caughtBy === "string");
const inTest = mutants.filter(({ caughtBy }) => typeof caughtBy !== "string");
const isPlanned = ({ file }: Mutant) => file.startsWith("installer/plan/");

async function mutated({ title, file, from, to }: Mutant): Promise<string> {
  const text = await readFile(join(top, "src", file), "utf8");
  assert.is(text.split(from).length, 2, `"${title}": its text stands once in ${file}`);
  return text.replace(from, () => to);
}

async function compiled(mutant: Mutant): Promise<string> {
  const { lua, complaints } = compileWith({ [`src/${mutant.file}`]: await mutated(mutant) });
  // Code that a mutant leaves unused is no fault.
  const faults = complaints.filter(({ reportsUnnecessary }) => reportsUnnecessary === undefined).map(sentence);
  assert.equal(faults, [], `"${mutant.title}" compiles`);
  return lua;
}

/** A copy of the project that has the mutant in its source, for the length of a story. */
async function inCopy<T>(mutant: Mutant, story: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "mutant-"));
  try {
    for (const part of ["src", "install.ts", "package.json", "assets"])
      await cp(join(top, part), join(folder, part), { recursive: true });
    await symlink(join(top, "node_modules"), join(folder, "node_modules"));
    await writeFile(join(folder, "src", mutant.file), await mutated(mutant));
    return await story(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Replaces the dialplan by all mutants: each rehearsal is played by the mutant of its number. */
const chooser = (folder: string) => `
local chosen
local function run(context, extension)
  local text = (channel.SMART_TRANSFER_REHEARSAL:get() or "") .. " " .. channel.CHANNEL("name"):get()
  chosen = chosen or dofile("${folder}/" .. string.match(text, "(%d%d%d%d%d%d)%-%d") .. ".lua")
  chosen.run(context, extension)
end
return { run = run }
`;

/** As many at a time as a small machine can play. */
const abreast = 5;

test("the scene that each of these names notices it", async () => {
  // Compiles all before anything is played: a compiler takes the processor time that the phones need.
  const dialplan = compileWith({}).lua;
  const broken = new Map<Mutant, string>();
  for (const mutant of inScene) if (!isPlanned(mutant)) broken.set(mutant, await compiled(mutant));

  const suite = process.env.ASTERISK_SUITE;
  const release = await unpackAsterisk(suite === undefined ? {} : { suite });
  const folder = await mkdtemp(join(tmpdir(), "m-"));
  const pbx = await startPbx({ release, folder, endpoints: ["101"] });
  try {
    await execa("node", [command, "install", "--yes", "--extensions", "101", "--no-rehearsal", ...pbx.reach]);
    const own = join(pbx.etcDir, "smart_transfer.d");
    await writeFile(join(own, "dialplan.lua"), chooser(own));
    const settings = readSettings(await readFile(join(pbx.etcDir, "smart_transfer.conf"), "latin1"), "");
    const modules = modulesIn(await pbx.cli("module show"));

    const failing = async (text: string, wanted?: SceneId[]): Promise<string[]> => {
      const cli: AsteriskCli = {
        async run(line) {
          const [, number] = /^channel originate Local\/(\d+)-/.exec(line) ?? [];
          if (number !== undefined) await writeFile(join(own, `${number}.lua`), text);
          return pbx.cli(line);
        },
      };
      const sights = { unknown: [], missingSound: undefined, peers: [] };
      const { scenes } = await rehearseOnce({ cli, settings, modules, despiteEvents: false, ...sights }, wanted);
      return scenes.filter(({ status }) => status === "fail").map(({ id }) => id);
    };
    const survivors: string[] = [];
    const play = async (mutant: Mutant, text: string) => {
      const scene = mutant.caughtBy as SceneId;
      if ((await failing(text, [scene])).length === 0) survivors.push(`${mutant.title}: ${scene} passes`);
    };
    const queue = [...broken];
    const next = async () => {
      for (let one = queue.shift(); one !== undefined; one = queue.shift()) await play(...one);
    };
    const [healthy] = await Promise.all([failing(dialplan), ...Array.from({ length: abreast }, next)]);
    assert.equal(healthy, [], "what is not broken passes in their company");

    const conf = join(own, "extensions.conf");
    const endpoints = await ownEndpoints(fileSystem(), pbx.etcDir, own);
    const extensionsIn = async (project: string): Promise<string> => {
      const source = pathToFileURL(join(project, "src/installer/plan/generated.ts")).href;
      const { generatedFiles } = (await import(source)) as typeof import("../src/installer/plan/generated.ts");
      return generatedFiles(settings, { version: "", dialplan: "" }, { endpoints }).get("extensions.conf") ?? "";
    };
    assert.is(await extensionsIn(top), await readFile(conf, "latin1"), "what is not broken is as installed");
    for (const mutant of inScene.filter(isPlanned)) {
      await writeFile(conf, await inCopy(mutant, extensionsIn), "latin1");
      await pbx.cli("module reload pbx_config.so");
      await play(mutant, dialplan);
    }
    assert.equal(survivors, []);
  } finally {
    await pbx.stop();
  }
});

test("the others are what a test of the suite is about", async () => {
  assert.ok(inTest.length > 0);
  for (const mutant of inTest) {
    const [file, title] = mutant.caughtBy as readonly [string, string];
    assert.ok((await readFile(join(import.meta.dirname, file), "utf8")).includes(title), `${file} has "${title}"`);
    await mutated(mutant);
  }
  if (process.env.MUTANTS !== "all") return;
  const survivors: string[] = [];
  const queue = [...inTest];
  const next = async () => {
    for (let one = queue.shift(); one !== undefined; one = queue.shift()) {
      const { title, caughtBy } = one;
      const failed = await failedTests(one);
      console.log(`${title}: ${caughtBy[0]}: ${failed.join("; ") || "nothing"}`);
      if (!failed.some((test) => test.includes(caughtBy[1] as string))) survivors.push(title);
    }
  };
  await Promise.all(Array.from({ length: filesAbreast }, next));
  assert.equal(survivors, []);
});

const filesAbreast = 4;

/** The failures among the tests that a mutant names, with a command built from its source. */
async function failedTests(mutant: Mutant): Promise<string[]> {
  return inCopy(mutant, async (folder) => {
    const config = join(folder, "src/dialplan/tsconfig.json");
    const text = await readFile(config, "utf8");
    await writeFile(config, text.replaceAll(/("noUnused\w+"): true/g, "$1: false"));
    await execa("node", ["--import", "tsx", join(folder, "src/tools/build.ts")], { cwd: top });
    const [file] = mutant.caughtBy as readonly [string, string];
    const uvu = join(top, "node_modules/uvu/bin.js");
    const args = ["--import", "tsx", uvu, import.meta.dirname, `^${file.replaceAll(".", "\\.")}$`];
    const env = { SMART_TRANSFER_COMMAND: join(folder, "dist/install.js"), FORCE_COLOR: "0" };
    const { exitCode, all } = await execa("node", args, { reject: false, all: true, env });
    const failed = [...stripVTControlCharacters(all).matchAll(/^\s*FAIL +"(.*)"$/gm)];
    return exitCode === 0 ? [] : failed.map(([, title = ""]) => title);
  });
}

test.run();
