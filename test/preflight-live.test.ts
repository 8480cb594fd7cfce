import { mkdtemp, readFile, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { configTree } from "../src/asterisk/config-tree.ts";
import { fileSystem } from "../src/asterisk/files.ts";
import { modulesIn } from "../src/asterisk/listings.ts";
import { neededModules } from "../src/asterisk/modules.ts";
import {
  applicationList,
  endpointList,
  functionList,
  hintList,
  moduleList,
  wholeAnswer,
} from "../src/asterisk/whole-answer.ts";
import { featuresConfFindings, optionsIn } from "../src/installer/preflight/features-conf.ts";
import { differences, fileStates } from "../src/sandbox/demo/file-states.ts";
import { unpackAsterisk } from "../src/sandbox/packages.ts";
import { type Pbx, startPbx } from "../src/sandbox/pbx.ts";
import { TerminalSession, whyNoTerminal } from "../src/tools/pictures/terminal-session.ts";
import { hasRealFiles, realFiles } from "./corpus.ts";
import { command } from "./live.ts";

const endpoints = ["101", "102"];
const needed: readonly string[] = neededModules(undefined);

/** Runs the command against it, as an admin would. */
function runner({ reach }: Pbx) {
  return (...args: string[]) =>
    execa("node", [command, ...args, "--no-rehearsal", ...reach], { reject: false, stdin: "ignore" });
}

/** A PBX without phones, for one test. */
const onPbx = (story: (pbx: Pbx) => Promise<void>) => async () => {
  const suite = process.env.ASTERISK_SUITE;
  const release = await unpackAsterisk(suite === undefined ? {} : { suite });
  const pbx = await startPbx({ release, folder: await mkdtemp(join(tmpdir(), "p-")), endpoints });
  try {
    await story(pbx);
  } finally {
    await pbx.stop();
  }
};

const voidingTexts: Record<string, [text: string, line: number | undefined]> = {
  "nothing at fault": ["[featuremap]\nblindxfer => #1\n", undefined],
  "an option that was removed or never was": ["[featuremap]\nautomonitor => *1\n", 2],
  "an option of another section": ["[featuremap]\nblindxfer = #1\nxfersound = beep\n", 3],
  "an unknown option of [general]": ["[general]\nfeaturedigittimout = 500\n", 2],
  "parking, which is passed over": ["[general]\nparkext => 700\nparkpos => 701-720\n", undefined],
  "a time that is no number": ["[general]\ntransferdigittimeout = fast\n", 2],
  "an entry before any section": ["blindxfer = #1\n[featuremap]\n", 1],
  "a header without its end": ["[featuremap]\n[applicationmap\n", 2],
  "an entry without an application": ["[applicationmap]\nx => *9,self\n", 2],
  "an entry with a wrong side": ["[applicationmap]\nx => *9,both,NoOp\n", 2],
  "the old form of a side": ["[applicationmap]\nx => *9,self/caller,NoOp,hello\n", undefined],
  "a group that names what is not there": ["[applicationmap]\nx => *9,self,NoOp\n[group]\nx => *8\ny => *7\n", 5],
  "a group": ["[group]\nx => *8\n[applicationmap]\nx => *9,self,NoOp\n", undefined],
  "a template is not looked at": ["[x](!)\ny = 1\n[featuremap]\nblindxfer=#1\n", undefined],
  "an include of what is not there": ["[featuremap]\n#include features_none.conf\n", 2],
  "an include of a pattern that fits nothing": ["[featuremap]\n#include none.d/*.conf\n", 2],
  "a try at it": ["[featuremap]\n#tryinclude features_none.conf\n", undefined],
  "a line without =": ["[featuremap]\nblindxfer\n", undefined],
  "a section of another case": ["[FeatureMap]\nblindxfer = ##\n", undefined],
  "a parking lot": ["[parkinglot_a]\nwhatever = 1\n", undefined],
};

test(
  "what voids features.conf is foretold, line by line and file by file of the real ones",
  onPbx(async (pbx) => {
    const file = join(pbx.etcDir, "features.conf");
    const known = {
      general: optionsIn(await pbx.cli("config show help features globals")),
      featuremap: optionsIn(await pbx.cli("config show help features featuremap")),
    };
    assert.ok(known.general.has("featuredigittimeout") && known.featuremap.has("blindxfer"));
    const compare = async (name: string, text: string) => {
      await writeFile(file, text, "latin1");
      const said = await pbx.cli("module reload features");
      const tree = await configTree(fileSystem(), pbx.etcDir, "features.conf", join(pbx.etcDir, "smart_transfer.d"));
      const findings = featuresConfFindings(tree, known);
      const isLoaded = /success/.test(said);
      assert.is(findings.length === 0, isLoaded, `${name}: ${said} ${findings.map(({ says }) => says).join("\n")}`);
      return findings;
    };
    for (const [name, [text, line]] of Object.entries(voidingTexts)) {
      const findings = await compare(name, text);
      assert.equal(
        findings.map(({ says }) => Number(/, line (\d+):/.exec(says)?.[1])),
        line === undefined ? [] : [line],
        name,
      );
    }
    if (!hasRealFiles()) return;
    // Files that include others need these too.
    for (const { name, text } of realFiles("features").filter(({ text }) => !/^#(?:include|exec)/m.test(text)))
      await compare(name, text);
  }),
);

test(
  "each counted listing of Asterisk has the rows that it says",
  onPbx(async (pbx) => {
    const dialplan = join(pbx.etcDir, "extensions.conf");
    await writeFile(
      dialplan,
      `${await readFile(dialplan, "latin1")}\n[hints]\nexten => 101,hint,PJSIP/101\n`,
      "latin1",
    );
    await pbx.cli("dialplan reload");
    for (const listing of [applicationList, functionList, moduleList, hintList, endpointList]) {
      let times = 0;
      const shown = await wholeAnswer({ run: (asked) => pbx.cli(asked).finally(() => times++) }, listing);
      assert.is(times, 1, `${listing.command}:\n${shown}`);
    }
  }),
);

test(
  "a row that Asterisk's command line lost is asked for again",
  onPbx(async (pbx) => {
    const lossy = join(pbx.folder, "lossy");
    const [, asterisk = ""] = pbx.reach;
    assert.is(pbx.reach[0], "--asterisk");
    const lose = `case "$*" in *functions*) if mkdir "${lossy}.once" 2>/dev/null; then ${asterisk} "$@" | grep -v ^GLOBAL; exit; fi;; esac`;
    await writeFile(lossy, `#!/bin/sh\n${lose}\nexec ${asterisk} "$@"\n`, { mode: 0o755 });
    const reach = ["--asterisk", lossy, ...pbx.reach.slice(2)];
    const { exitCode, stderr } = await runner({ ...pbx, reach })("install", "--yes", "--extensions", "101,102");
    assert.is(exitCode, 0, stderr);
    assert.ok((await stat(`${lossy}.once`)).isDirectory(), "a row was lost");
  }),
);

test(
  "where modules.conf loads only what it names, what is needed is added in one line, lasts, and goes again",
  onPbx(async (pbx) => {
    const file = join(pbx.etcDir, "modules.conf");
    const [run, look] = [runner(pbx), () => fileStates(pbx.etcDir)];
    const loaded = modulesIn(await pbx.cli("module show"));
    const lines = [...loaded].filter((name) => !needed.includes(name)).map((name) => `load = ${name}\n`);
    await writeFile(file, `[modules]\nautoload = no\n${lines.join("")}\n[global]\n`);
    await pbx.restart();
    assert.ok(!modulesIn(await pbx.cli("module show")).has("pbx_lua.so"));
    const before = await look();

    const installed = await run("install", "--yes", "--extensions", "101,102");
    assert.is(installed.exitCode, 0, installed.stdout + installed.stderr);
    assert.match(installed.stderr, /Our line adds .*pbx_lua\.so/);
    assert.match(installed.stderr, /module load pbx_lua\.so/);
    await pbx.restart();
    const checked = await run("check");
    assert.is(checked.exitCode, 0, checked.stdout);
    assert.match((await run("install", "--yes")).stdout, "Nothing to do");

    const gone = await run("uninstall", "--yes");
    assert.is(gone.exitCode, 0, gone.stderr);
    assert.equal(differences(before, await look()), []);

    await writeFile(
      file,
      (await readFile(file, "utf8")).replace("autoload = no", "autoload = yes\nnoload = app_read.so"),
    );
    const refused = await run("install", "--yes", "--extensions", "101,102");
    assert.is(refused.exitCode, 1);
    assert.match(refused.stderr, /modules\.conf, line 3 forbids app_read\.so/);
  }),
);

test(
  "a PBX whose whole dialplan is Lua: refused before anything is asked where it forbids pbx_config, else that is loaded",
  onPbx(async (pbx) => {
    const [modules, conf] = [join(pbx.etcDir, "modules.conf"), join(pbx.etcDir, "extensions.conf")];
    const [run, look] = [runner(pbx), () => fileStates(pbx.etcDir)];
    const [text, dialplan] = [await readFile(modules, "utf8"), await readFile(conf, "utf8")];
    await writeFile(
      join(pbx.etcDir, "extensions.lua"),
      'extensions = { internal = { ["_XXX"] = function(_, number) app.Dial("PJSIP/" .. number, 30) end } }\n',
    );
    await writeFile(conf, "");
    await writeFile(modules, text.replace("[modules]", "[modules]\nnoload => pbx_config.so"));
    await pbx.restart();
    const before = await look();
    const refused = await run("install", "--yes", "--extensions", "101,102");
    assert.is(refused.exitCode, 1, refused.stderr);
    assert.match(refused.stderr, /modules\.conf, line \d+ forbids pbx_config\.so/);
    assert.match(refused.stderr, /Delete that line, run `asterisk -rx 'module load \S+'`, then run this again\./);
    if ((await whyNoTerminal()) === undefined) {
      const asked = new TerminalSession(["node", command, "install", ...pbx.reach]);
      assert.is(await asked.code(), 1);
      assert.match(asked.text, /forbids pbx_config\.so/);
      assert.not.match(asked.text, /\?/, "no question");
    }
    assert.equal(differences(before, await look()), [], "nothing is changed");

    // The remedy, but for its second half.
    await writeFile(modules, text);
    const unloaded = await look();
    const installed = await run("install", "--yes", "--extensions", "101,102");
    assert.is(installed.exitCode, 0, installed.stdout + installed.stderr);
    assert.match(installed.stderr, /module load pbx_config\.so/);
    await pbx.restart();
    const checked = await run("check");
    assert.is(checked.exitCode, 0, checked.stdout);
    assert.is((await run("uninstall", "--yes")).exitCode, 0);
    assert.equal(differences(unloaded, await look()), []);
    await writeFile(conf, dialplan);
  }),
);

test(
  "a key that the running Asterisk has beside its files, and one that is on file, are refused with a free one",
  onPbx(async (pbx) => {
    const run = runner(pbx);
    const file = join(pbx.etcDir, "features.conf");
    const install = (...more: string[]) => run("install", "--yes", "--extensions", "101,102", ...more);
    await writeFile(file, "[featuremap]\nblindxfer = ##\n");
    await pbx.cli("module reload features");
    const before = await fileStates(pbx.etcDir);
    const onFile = await install("--key", "#");
    assert.is(onFile.exitCode, 1);
    assert.match(onFile.stderr, /The key # begins that of `blindxfer => ##` \(.*features\.conf, line 2\)/);
    assert.match(onFile.stderr, "--key: '#7' is free");
    assert.equal(differences(before, await fileStates(pbx.etcDir)), []);

    await writeFile(file, "[featuremap]\nblindxfer = #\n");
    const running = await install("--key", "#");
    assert.match(running.stderr, /`blindxfer => ##` of the running Asterisk/);
    await pbx.cli("module reload features");
    const noted = await install();
    assert.is(noted.exitCode, 0, noted.stdout + noted.stderr);
    assert.match(noted.stderr, /# starts this transfer from now on, in place of `blindxfer => #`/);

    await writeFile(file, `${await readFile(file, "utf8")}automonitor = *1\n`);
    const voided = await install("--key", "#7");
    assert.is(voided.exitCode, 1);
    assert.match(voided.stderr, /features\.conf, line 4: this Asterisk does not know `automonitor` in \[featuremap\]/);
  }),
);

test(
  "without --key the first free one is taken where # is not, told, and kept from then on",
  onPbx(async (pbx) => {
    const run = runner(pbx);
    const install = (...more: string[]) => run("install", "--yes", "--extensions", "101,102", ...more);
    const settings = join(pbx.etcDir, "smart_transfer.conf");
    const key = async () => /^smart-transfer +no def +(\S+)/m.exec(await pbx.cli("features show"))?.[1];
    const features = join(pbx.etcDir, "features.conf");
    await writeFile(features, "[featuremap]\nblindxfer = ##\n");
    await pbx.cli("module reload features");
    const first = await install();
    assert.is(first.exitCode, 0, first.stdout + first.stderr);
    assert.match(
      first.stderr,
      /The key # begins that of `blindxfer => ##` .* So the transfer key is #7\. transfer_key in /,
    );
    assert.match(await readFile(settings, "utf8"), /^transfer_key = #7\s/m);
    assert.is(await key(), "#7");
    // The key stays, although # is free by now and the settings name none.
    await writeFile(features, (await readFile(features, "utf8")).replace("##", "*1"));
    await pbx.cli("module reload features");
    const file = join(pbx.folder, "other.conf");
    await writeFile(file, "[general]\nring_timeout = 12\n[101]\ndevice = PJSIP/101\n");
    for (const again of [await install(), await run("install", "--yes", "--settings", file)]) {
      assert.is(again.exitCode, 0, again.stdout + again.stderr);
      assert.is(await key(), "#7");
    }
    assert.match(await readFile(settings, "utf8"), /^transfer_key = #7$/m);
  }),
);

test(
  "an endpoint that a wizard makes gets the key in pjsip_wizard.conf, and one of a database is refused with its place",
  onPbx(async (pbx) => {
    const run = runner(pbx);
    const file = join(pbx.etcDir, "pjsip_wizard.conf");
    const phone =
      "[phone](!)\ntype = wizard\naccepts_registrations = yes\naccepts_auth = yes\nendpoint/context = internal\n";
    await writeFile(file, `${phone}\n[201](phone)\ninbound_auth/username = 201\nendpoint/set_var = A=1\n`);
    await pbx.cli("module reload res_pjsip.so");
    const before = await fileStates(pbx.etcDir);
    const installed = await run("install", "--yes", "--extensions", "101,201");
    assert.is(installed.exitCode, 0, installed.stdout + installed.stderr);
    const shown = await pbx.cli("pjsip show endpoint 201");
    assert.match(shown, /DYNAMIC_FEATURES +: smart-transfer\s/);
    assert.match(shown, /TRANSFER_CONTEXT +: smart-transfer-button-internal\s/);
    assert.match(shown, /^ A +: 1\s/m);
    assert.match(await readFile(file, "utf8"), /^#tryinclude "smart_transfer\.d\/pjsip_wizard\.conf" ; asterisk/m);
    assert.is((await run("uninstall", "--yes")).exitCode, 0);
    assert.equal(differences(before, await fileStates(pbx.etcDir)), []);
    assert.not.match(await pbx.cli("pjsip show endpoint 201"), "DYNAMIC_FEATURES");

    // Endpoints that Asterisk creates by itself are in no file either.
    await writeFile(
      join(pbx.etcDir, "sorcery.conf"),
      "[res_pjsip]\nendpoint = astdb,endpoints\nendpoint = config,pjsip.conf,criteria=type=endpoint\n",
    );
    await pbx.cli(String.raw`database put endpoints/endpoint 301 "{\"context\":\"internal\"}"`);
    await pbx.restart();
    assert.match(await pbx.cli("pjsip show endpoints"), /Endpoint: {2}301 /);
    const refused = await run("install", "--yes", "--extensions", "101,301");
    assert.is(refused.exitCode, 1, refused.stdout);
    assert.match(refused.stderr, /PJSIP\/301 from a database \(.*sorcery\.conf, line 2\)/);
  }),
);

const header = "; Do NOT edit this file as it is auto-generated by FreePBX. All modifications to ;\n";

test(
  "on a PBX laid out as FreePBX does it, only the files that it leaves to the admin are added to, and all works",
  onPbx(async (pbx) => {
    const [run, look] = [runner(pbx), () => fileStates(pbx.etcDir)];
    const write = (name: string, text: string) => writeFile(join(pbx.etcDir, name), text);
    for (const name of ["extensions", "pjsip"])
      await write(`${name}_additional.conf`, await readFile(join(pbx.etcDir, `${name}.conf`), "utf8"));
    await write(
      "features.conf",
      `${header}[general]\n#include features_general_additional.conf\n[applicationmap]\n#include features_applicationmap_custom.conf\n#include features_applicationmap_additional.conf\n[featuremap]\n#include features_featuremap_additional.conf\n`,
    );
    await write("features_general_additional.conf", "featuredigittimeout = 700\n");
    // The admin's lines have no header and belong to the section that was opened last. Ours must not open another.
    await write("features_applicationmap_custom.conf", "mine => *9,self,NoOp");
    await write("features_applicationmap_additional.conf", "theirs => *8,self,NoOp\n");
    await write("features_featuremap_additional.conf", "disconnect = **\n");
    await write(
      "extensions.conf",
      `${header}#include extensions_custom.conf\n#include extensions_additional.conf\n[globals]\nDYNAMIC_FEATURES = theirs\n`,
    );
    await write("extensions_custom.conf", "[custom]\nexten => 1,1,NoOp()\n");
    await write("pjsip.conf", `${header}#include pjsip_additional.conf\n#include pjsip.endpoint_custom_post.conf\n`);
    await write("pjsip.endpoint_custom_post.conf", "");
    await pbx.restart();
    const before = await look();

    const installed = await run("install", "--yes", "--extensions", "101,102");
    assert.is(installed.exitCode, 0, installed.stdout + installed.stderr);
    assert.match(
      installed.stderr,
      /features\.conf is written by FreePBX: our line goes into features_applicationmap_custom/,
    );
    const changed = differences(before, await look()).filter((name) => !name.includes("smart_transfer"));
    assert.equal(changed.map((name) => name.replace(/^.*\//, "").replace(/ .*/, "")).sort(), [
      "extensions.lua",
      "extensions_custom.conf",
      "features_applicationmap_custom.conf",
      "pjsip.endpoint_custom_post.conf",
    ]);
    const shown = await pbx.cli("features show");
    for (const feature of ["mine", "theirs", "smart-transfer"])
      assert.match(shown, new RegExp(`^${feature} +no def`, "m"));
    assert.match(shown, /Disconnect Call +\* +\*\*/);
    assert.match(await pbx.cli("pjsip show endpoint 101"), /DYNAMIC_FEATURES +: theirs#smart-transfer/);
    await pbx.restart();
    assert.is((await run("check")).exitCode, 0);
    assert.is((await run("uninstall", "--yes")).exitCode, 0);
    assert.equal(differences(before, await look()), []);
  }),
);

test.run();
