/**
 * The dialplan broken on purpose, rung by rung: the rehearsal must notice, or the test that is named. MUTANTS=all runs those
 * tests against the broken dialplan too; without it only the rehearsals, all of them on one PBX.
 */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { execa } from "execa";
import * as tstl from "typescript-to-lua";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { AsteriskCli } from "../src/asterisk/cli.ts";
import { modulesIn } from "../src/asterisk/listings.ts";
import type { SceneId } from "../src/contract/scenes.ts";
import { rehearseOnce } from "../src/installer/rehearsal/rehearse.ts";
import { readSettings } from "../src/installer/settings/model.ts";
import { unpackAsterisk } from "../src/sandbox/packages.ts";
import { startPbx } from "../src/sandbox/pbx.ts";
import { command } from "./live.ts";

interface Mutant {
  title: string;
  /** In the compiled dialplan, where it stands once. */
  from: string;
  to: string;
  /** The scene that notices, or a test: its file, and how its title begins. */
  caughtBy: SceneId | readonly [file: string, title: string];
}

const mutants: readonly Mutant[] = [
  {
    title: "the transferer is not let go",
    from: "app.BlindTransfer(digits, context)",
    to: 'app.Playback(prompt("invalid"))',
    caughtBy: ["transfer.test.ts", "an extension that begins another is taken after silence"],
  },
  {
    title: "digits are never an extension",
    from: "if digits == nil or not isInCall() then",
    to: "if true then",
    caughtBy: "unavailable",
  },
  {
    title: "it is not known who transferred",
    from: "local transferer = extensionOf(by) or phone",
    to: 'local transferer = ""',
    caughtBy: "no-answer",
  },
  {
    title: "nobody is refused",
    from: "local refusal = ____temp_0",
    to: "local refusal = nil",
    caughtBy: "unavailable",
  },
  {
    title: "who is refused loses his call",
    from: "app.Playback(prompt(refusalPrompts[refusal]))",
    to: "app.Hangup()",
    caughtBy: "unavailable",
  },
  { title: "busy is not seen", from: 'best = "busy"', to: 'return "free"', caughtBy: "busy-back" },
  {
    title: "the line is left out",
    from: "return ____exports.stand(receiver)",
    to: 'return "busy"',
    caughtBy: "busy-free",
  },
  {
    title: "no key leads out of the line",
    from: ') == setting("return_key_line") then',
    to: ') == "never" then',
    caughtBy: "busy-back",
  },
  {
    title: "the receiver is rung for ever",
    from: 'local limit = seconds(____exports.isRecall() and "recall_timeout" or "ring_timeout")',
    to: "local limit = 60",
    caughtBy: "no-answer",
  },
  {
    title: "no answer is taken for a refusal",
    from: 'return status == "NOANSWER" and "no answer" or "offline"',
    to: 'return "declined"',
    caughtBy: "no-answer",
  },
  {
    title: "the mobile is left out",
    from: "reason = tryMobile(receiver) or reason",
    to: "reason = reason",
    caughtBy: "mobile-refused",
  },
  {
    title: "any key on the mobile takes the call",
    from: "return ask(sounds, timeToAccept, callerIsGone) == accepts",
    to: 'return ask(sounds, timeToAccept, callerIsGone) ~= ""',
    caughtBy: "mobile-refused",
  },
  {
    title: "no key is asked for on the mobile",
    from: "local taken = ____temp_0",
    to: "local taken = true",
    caughtBy: "mobile-refused",
  },
  {
    title: "nobody is recalled",
    from: "        ringTransferer(transfer)\n    end\n    fallBack()",
    to: "    end\n    fallBack()",
    caughtBy: "no-answer",
  },
  {
    title: "the caller is not told that he goes back",
    from: 'app.Playback(prompt("returning"))',
    to: "local _",
    caughtBy: "busy-back",
  },
  {
    title: "the recall does not say why",
    from: 'showReason((receiver .. " ") .. reason)',
    to: "local _",
    caughtBy: "mobile-refused",
  },
  {
    title: "the Transfer button hangs up",
    from: "    if refusal == nil then\n        pursue(transfer)",
    to: "    if refusal == nil then\n        app.Hangup()",
    caughtBy: "button",
  },
  {
    title: "the fallback is never there",
    from: 'if channel.DIALPLAN_EXISTS(context, extension, 1):get() == "1" then',
    to: "if false then",
    caughtBy: "fallback",
  },
  {
    title: "nothing is passed through",
    from: 'match(pattern, digits) == "whole"',
    to: "false",
    caughtBy: "pass-through",
  },
  {
    title: "what became of it is not recorded",
    from: 'local outcome = isAnswered(name) and outcomes[name] or "abandoned"',
    to: 'local outcome = "abandoned"',
    caughtBy: "answered",
  },
  {
    title: "two callers ring one phone",
    from: "return isFree() and ____exports.callersBefore() == 0 and not isRung(extension) and isFree()",
    to: "return isFree()",
    caughtBy: ["line.test.ts", "two transferers pick the same free receiver at once"],
  },
  {
    title: "the transferer is rung though he is busy",
    from: "if isExtension(transferer) and not isHisTurn(transferer) then",
    to: "if false then",
    caughtBy: ["line.test.ts", "the transferer is busy at the recall"],
  },
  {
    title: "who is taken by nobody is let go without a word",
    from: 'app.Playback(prompt("goodbye"))',
    to: "local _",
    caughtBy: ["recall.test.ts", "nobody takes the recall: two tries, then goodbye"],
  },
  {
    title: "the line is no line",
    from: "isFree() and ____exports.callersBefore() == 0 and ",
    to: "isFree() and ",
    caughtBy: ["line-order.test.ts", "five wait, two of whom came in the same instant"],
  },
  {
    title: "what does not exist is passed through",
    from: 'if channel.DIALPLAN_EXISTS(context, number, 1):get() == "1" then',
    to: "if true then",
    caughtBy: ["button.test.ts", "a queue and a conference are sent to unchecked"],
  },
];

/** The same of what is in extensions.conf: only a scene can notice. */
const inConf: readonly (Mutant & { caughtBy: SceneId })[] = [
  { title: "the key lets nobody go", from: "BlindTransfer(", to: "NoOp(", caughtBy: "answered" },
  { title: "who is away is sent on to", from: "^(UNAVAILABLE|INVALID)$", to: "^NEVER$", caughtBy: "unavailable" },
];

function compiled(): string {
  let lua = "";
  const project = join(import.meta.dirname, "../src/dialplan/tsconfig.json");
  tstl.transpileProject(project, {}, (_, text) => {
    lua = text;
  });
  return lua;
}

const dialplan = compiled();

function mutated({ title, from, to }: Mutant, text = dialplan): string {
  assert.is(text.split(from).length, 2, `"${title}": its text stands there once`);
  return text.replace(from, () => to);
}

/** In place of the dialplan: each rehearsal is played by the one that is kept under its number. */
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

test("the rehearsal notices each of these, and nothing else", async () => {
  const suite = process.env.ASTERISK_SUITE;
  const release = await unpackAsterisk(suite === undefined ? {} : { suite });
  const folder = await mkdtemp(join(tmpdir(), "m-"));
  const pbx = await startPbx({ release, folder, endpoints: ["101"] });
  try {
    const reach = ["--asterisk", pbx.command, "--asterisk-conf", pbx.confFile];
    await execa("node", [command, "install", "--yes", "--extensions", "101", "--no-rehearsal", ...reach]);
    const own = join(pbx.etcDir, "smart_transfer.d");
    await writeFile(join(own, "dialplan.lua"), chooser(own));
    const settings = readSettings(await readFile(join(pbx.etcDir, "smart_transfer.conf"), "latin1"), "");
    const modules = modulesIn(await pbx.cli("module show"));

    const brokenScenes = async (text: string): Promise<string[]> => {
      const cli: AsteriskCli = {
        async run(line) {
          const [, number] = /^channel originate Local\/(\d+)-/.exec(line) ?? [];
          if (number !== undefined) await writeFile(join(own, `${number}.lua`), text);
          return pbx.cli(line);
        },
      };
      const sights = { unknown: [], missingSound: undefined };
      const { scenes } = await rehearseOnce({ cli, settings, modules, despiteEvents: false, ...sights });
      return scenes.filter(({ status }) => status === "fail").map(({ id }) => id);
    };
    const queue = mutants.filter(({ caughtBy }) => typeof caughtBy === "string");
    const survivors: string[] = [];
    const next = async () => {
      for (let one = queue.shift(); one !== undefined; one = queue.shift()) {
        const broken = await brokenScenes(mutated(one));
        if (!broken.includes(one.caughtBy as string))
          survivors.push(`${one.title}: ${broken.join(", ") || "unnoticed"}`);
      }
    };
    const [healthy] = await Promise.all([brokenScenes(dialplan), ...Array.from({ length: abreast }, next)]);
    assert.equal(healthy, [], "what is not broken passes in their company");
    const conf = join(own, "extensions.conf");
    const extensions = await readFile(conf, "latin1");
    for (const mutant of inConf) {
      await writeFile(conf, mutated(mutant, extensions), "latin1");
      await pbx.cli("module reload pbx_config.so");
      const broken = await brokenScenes(dialplan);
      if (!broken.includes(mutant.caughtBy)) survivors.push(`${mutant.title}: ${broken.join(", ") || "unnoticed"}`);
    }
    assert.equal(survivors, []);
  } finally {
    await pbx.stop();
  }
});

test("the others are what a test of the suite is about", async () => {
  const rest = mutants.filter(({ caughtBy }) => typeof caughtBy !== "string");
  assert.ok(rest.length > 0);
  for (const mutant of rest) {
    const [file, title] = mutant.caughtBy as readonly [string, string];
    assert.ok((await readFile(join(import.meta.dirname, file), "utf8")).includes(title), `${file} has "${title}"`);
    mutated(mutant);
    if (process.env.MUTANTS === "all") await caughtInFile(mutant, file, title);
  }
});

/** The file's tests, run with a command that carries the broken dialplan. */
async function caughtInFile(mutant: Mutant, file: string, title: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "mutant-"));
  try {
    const bundle = await readFile(command, "utf8");
    assert.is(bundle.split(mutant.from).length, 2, "the bundle has the text as it is");
    const broken = join(folder, "install.cjs");
    await writeFile(
      broken,
      bundle.replace(mutant.from, () => mutant.to),
    );
    const uvu = join(import.meta.dirname, "../node_modules/uvu/bin.js");
    const args = ["--import", "tsx", uvu, import.meta.dirname, `^${file.replaceAll(".", "\\.")}$`];
    const env = { SMART_TRANSFER_COMMAND: broken, FORCE_COLOR: "0" };
    const { exitCode, all } = await execa("node", args, { reject: false, all: true, env });
    assert.is.not(exitCode, 0, `"${mutant.title}" survives ${file}`);
    assert.match(stripVTControlCharacters(all), new RegExp(`FAIL +"${title}`));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test.run();
