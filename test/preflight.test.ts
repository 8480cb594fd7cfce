// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Asterisk's own variables

import { test } from "uvu";
import * as assert from "uvu/assert";
import { aelFiles } from "../src/asterisk/ael.ts";
import { ownEndpoints } from "../src/asterisk/endpoints.ts";
import { luaVersionOf, readLua } from "../src/asterisk/lua.ts";
import { neededModules } from "../src/asterisk/modules.ts";
import { contexts, plainContexts } from "../src/contract/names.ts";
import { buttonContext } from "../src/contract/scenes.ts";
import { generatedFiles } from "../src/installer/plan/generated.ts";
import { loaderBlock } from "../src/installer/plan/loader-block.ts";
import { withBlock, withoutBlock } from "../src/installer/plan/marks.ts";
import { isMarked, planInstall, planUninstall } from "../src/installer/plan/plan.ts";
import type { Snapshot } from "../src/installer/plan/snapshot.ts";
import { buttonLineNotes } from "../src/installer/preflight/button-lines.ts";
import { notesOrThrow } from "../src/installer/preflight/checks.ts";
import { contextFindings } from "../src/installer/preflight/contexts.ts";
import { dynamicFeatureFindings } from "../src/installer/preflight/dynamic-features.ts";
import { editingFindings } from "../src/installer/preflight/editing.ts";
import { endpointFindings } from "../src/installer/preflight/endpoints.ts";
import { type Finding, note, refusal, warning } from "../src/installer/preflight/finding.ts";
import { endpointGeneratorFindings, generatorFindings } from "../src/installer/preflight/generators.ts";
import { type Inspection, inspect } from "../src/installer/preflight/inspection.ts";
import { moduleFindings, modulesToLoad } from "../src/installer/preflight/modules.ts";
import { onlyBlindFindings } from "../src/installer/preflight/only-blind.ts";
import { inspectSettings, readSettings } from "../src/installer/settings/model.ts";
import { hasRealFiles, realFiles } from "./corpus.ts";
import { contents, memory, perform, shipped, snapshotOf, treeOf } from "./snapshot.ts";

const etc = "/etc/asterisk";
const dialplan = (text: string) => treeOf({ [`${etc}/extensions.conf`]: text }, "extensions.conf");
const kinds = (findings: readonly Finding[]) => findings.map(({ kind }) => kind);
const lines = (findings: readonly Finding[]) =>
  findings.flatMap(({ says }) => [...says.matchAll(/line (\d+)/g)].map(([, line]) => Number(line)));

test("a dialplan that sets DYNAMIC_FEATURES itself is named", async () => {
  const tree = await dialplan(`[globals]
DYNAMIC_FEATURES = apprecord
[a]
exten => 1,1,Set(__DYNAMIC_FEATURES=bancaller)
 same => n,Set(DYNAMIC_FEATURES=)
 same => n,Set(DYNAMIC_FEATURES=\${DYNAMIC_FEATURES}#mine)
 same => n,Set(DYNAMIC_FEATURES=x#smart-transfer)
 same => n,NoOp(DYNAMIC_FEATURES)
 same => n,GotoIf($["\${DYNAMIC_FEATURES}" = ""]?x)
;same => n,Set(DYNAMIC_FEATURES=)
 same => n,MSet(a=1,DYNAMIC_FEATURES=y)
`);
  const findings = dynamicFeatureFindings(tree, [
    { path: `${etc}/extensions.ael`, text: "context x {\n 1 => { DYNAMIC_FEATURES=nway; // =\n }\n}\n" },
    { path: `${etc}/extensions.lua`, text: '-- DYNAMIC_FEATURES = "a"\nchannel.DYNAMIC_FEATURES = "a"\n' },
  ]);
  assert.equal(kinds(findings), ["note", "warning"]);
  assert.equal(lines(findings), [2, 4, 5, 11]);
  assert.match(findings[1]?.says ?? "", "2 more places");
  assert.equal(
    dynamicFeatureFindings(await dialplan("[globals]\nDYNAMIC_FEATURES =\n[a]\nexten => 1,1,NoOp\n"), []),
    [],
  );
});

test("what extensions.ael includes is read as well: by name, by pattern, each once, and what is not there is passed over", async () => {
  const files = {
    [`${etc}/extensions.ael`]:
      '#include "ael.d/*.ael"\n\t#include\t"/srv/more.ael"\n// #include "not.ael"\ncontext a {\n}\n',
    [`${etc}/ael.d/one.ael`]: '#include "extensions.ael"\ncontext smart-transfer {\n}\n',
    [`${etc}/ael.d/two.ael`]: '#include "ael.d/one.ael"\n#include "missing.ael"\n#include "ael.d"\n',
    [`${etc}/ael.d/two.bak`]: "",
    [`${etc}/not.ael`]: "",
    "/srv/more.ael": "context b {\n 1 => { DYNAMIC_FEATURES=nway; }\n}\n",
  };
  const scripts = await aelFiles(memory(files), etc);
  const read = [`${etc}/extensions.ael`, `${etc}/ael.d/one.ael`, `${etc}/ael.d/two.ael`, "/srv/more.ael"];
  assert.equal(
    scripts.map(({ path }) => path),
    read,
  );
  assert.match(contextFindings([], scripts, new Map())[0]?.says ?? "", `smart-transfer: ${etc}/ael.d/one.ael, line 2`);
  assert.match(dynamicFeatureFindings([], scripts)[0]?.says ?? "", "/srv/more.ael, line 2");
  assert.equal(await aelFiles(memory({}), etc), []);
});

test("a context of our name in another part of the dialplan is refused, with its place", async () => {
  const tree = await dialplan(
    "[internal]\n[smart-transfer-line]\n[smart-transfer-button-internal]\n[smart-transfers]\n",
  );
  const scripts = [
    { path: `${etc}/extensions.ael`, text: "\ncontext smart-transfer {\n}\nextend context smart-transfer-end {\n}\n" },
    {
      path: `${etc}/extensions.lua`,
      text: 'extensions = {\n ["smart-transfer-end"] = {},\n}\nextensions["smart-transfer-accept"] = {}\n',
    },
  ];
  const running = new Map([
    ["smart-transfer-line", "[ Context 'smart-transfer-line' created by 'pbx_config' ]"],
    ["smart-transfer-alert", "[ Context 'smart-transfer-alert' created by 'pbx_ael' ]"],
    ["smart-transfer-recall", "[ Context 'smart-transfer-recall' created by 'pbx_lua' ]"],
    ["smart-transfer", "There is no existence of 'smart-transfer' context"],
  ]);
  const findings = contextFindings(tree, scripts, running);
  assert.equal(lines(findings), [2, 3, 2, 4, 2, 4]);
  assert.match(findings.at(-1)?.says ?? "", "smart-transfer-alert: the running Asterisk, made by pbx_ael");
  assert.is(findings.length, 7);
  assert.ok(findings.every(({ kind }) => kind === "refusal"));
});

test("a comment that is never closed, and Lua that does not parse, are refused with their line", () => {
  const findings = (files: Record<string, string>) =>
    editingFindings(
      snapshotOf(Object.fromEntries(Object.entries(files).map(([name, text]) => [`${etc}/${name}`, text]))),
      undefined,
    );
  assert.equal(findings({ "features.conf": "[a]\n;-- x --;\n;---\n; ;--\nb = 1\n" }), []);
  const open = findings({ "features.conf": "[a]\n;--\nb = 1\n", "extensions.conf": "\n\n\nx = 1 ;-- y" });
  assert.equal(lines(open), [4, 2], "in the order of the files");
  for (const [text, line] of [
    ["extensions = {\n", 2],
    ["x = 1\n--[[ x\n", 2],
    ["x = 'a\n", 1],
    ["\u00ef\u00bb\u00bfx = 1\n", 1],
    ["#!/usr/bin/lua\nx = 1\n", 1],
    ["x = 1\n/* */\n", 2],
    ["x = 1\nx = 2 return x\n", 2],
  ] as const) {
    const found = findings({ "extensions.lua": text });
    assert.equal(kinds(found), ["refusal"], text);
    assert.equal(lines(found)[0], line, found[0]?.says);
  }
});

const block = loaderBlock("/etc/asterisk/smart_transfer.d/dialplan.lua");

test("in extensions.lua the block stands where it is run", () => {
  const cases: Record<string, string> = {
    "": "@",
    "extensions = {}\n": "extensions = {}\n@",
    "x = 1 -- y": "x = 1 -- y\n@",
    "x = 1\nreturn x\n": "x = 1\n@return x\n",
    "x = 1\r\n  return\r\n": "x = 1\r\n@  return\r\n",
    "do return end\nx = 1\n": "@do return end\nx = 1\n",
    "if x then\n return\nend\n": "if x then\n return\nend\n@",
    "local x <const> = 1\nreturn x": "local x <const> = 1\n@return x",
    "--[[\nreturn\n]]": "--[[\nreturn\n]]\n@",
  };
  for (const [text, expected] of Object.entries(cases)) {
    const lua = readLua(text);
    assert.ok("end" in lua, text);
    const marked = withBlock(text, block, lua.end);
    const found = marked.replace(/-- asterisk-smart-transfer begins[\s\S]*asterisk-smart-transfer ends(\r?\n)?/, "@");
    assert.is(found, expected);
    assert.is(withoutBlock(marked), text);
    const again = readLua(marked);
    assert.ok("end" in again && withBlock(marked, block, again.end) === marked, "twice is once");
  }
});

test("real extensions.lua: whole with the block in it, to the byte without it, or refused for its own fault", () => {
  if (!hasRealFiles()) return;
  const refused: string[] = [];
  for (const { name, text } of realFiles("lua")) {
    const lua = readLua(text);
    if ("line" in lua) {
      refused.push(`${name}:${lua.line}`);
      continue;
    }
    const marked = withBlock(text, block, lua.end);
    const again = readLua(marked);
    assert.ok("end" in again, name);
    assert.ok(withoutBlock(marked) === text, name);
  }
  assert.equal(refused, [
    "lua/Pgm-LabRedesYServicios__practica2_1__3.lua:115",
    "lua/cosmiccableltd__asterisk-conf__1.lua:7",
  ]);
});

const freePbx = `;----;
; Do NOT edit this file as it is auto-generated by FreePBX. All modifications to ;
`;
const freePbxFiles = {
  [`${etc}/features.conf`]: `${freePbx}[general]
[applicationmap]
#include features_applicationmap_additional.conf
#include features_applicationmap_custom.conf
[featuremap]
`,
  [`${etc}/features_applicationmap_custom.conf`]: "mine => *9,self,NoOp",
  [`${etc}/extensions.conf`]: `${freePbx}#include extensions_custom.conf\n`,
  [`${etc}/pjsip.conf`]: `${freePbx}#include pjsip.endpoint.conf\n#include pjsip.endpoint_custom_post.conf\n`,
};

test("where a generator writes the file, our line goes into what it leaves to the admin", () => {
  const snapshot = snapshotOf(freePbxFiles);
  const findings = generatorFindings(snapshot);
  assert.equal(kinds(findings), ["note", "note"]);
  assert.match(findings[0]?.says ?? "", "FreePBX");
  const { settings } = inspectSettings("[101]\ndevice = PJSIP/101\n");
  assert.equal(kinds(endpointGeneratorFindings(snapshot, settings)), ["note"]);
  const plan = planInstall(snapshot, "[101]\ndevice = PJSIP/101\n", settings, shipped, ["en"]);
  const edited = plan.changes.flatMap(({ kind, path }) =>
    kind === "write" && path.endsWith(".conf") && !path.includes("smart_transfer") ? [path.slice(etc.length + 1)] : [],
  );
  assert.equal(edited, [
    "extensions_custom.conf",
    "pjsip.endpoint_custom_post.conf",
    "features_applicationmap_custom.conf",
  ]);
  assert.equal(
    plan.reloads.filter((one) => !one.includes("lua")),
    ["pbx_config.so", "res_pjsip.so", "features"].map((name) => `module reload ${name}`),
  );
  const installed = perform(snapshot, plan);
  assert.ok(["features.conf", "extensions.conf"].every((name) => isMarked(installed, name)));
  assert.equal(contents(perform(installed, planUninstall(installed))), contents(snapshot), "and out again");
});

test("a line in a generated file moves to where it stays; a generator that leaves nothing is refused", () => {
  const line = '#tryinclude "smart_transfer.d/features.conf" ; asterisk-smart-transfer\n';
  const before = freePbxFiles[`${etc}/features.conf`] as string;
  const snapshot = snapshotOf({ ...freePbxFiles, [`${etc}/features.conf`]: before + line });
  const plan = planInstall(snapshot, "", inspectSettings("").settings, shipped, ["en"]);
  const after = perform(snapshot, plan).files;
  assert.is(after.get(`${etc}/features.conf`)?.content.toString(), before);
  assert.match(after.get(`${etc}/features_applicationmap_custom.conf`)?.content.toString() ?? "", line.trim());

  const { settings } = inspectSettings("[101]\ndevice = PJSIP/101\n");
  const miko = endpointGeneratorFindings(
    snapshotOf({ [`${etc}/pjsip.conf`]: "[global]\ntype = global\nuser_agent = mikopbx-2024.1\n" }),
    settings,
  );
  assert.equal(kinds(miko), ["refusal"]);
  assert.match(miko[0]?.says ?? "", `mikopbx writes ${etc}/pjsip.conf`);
  assert.equal(generatorFindings(snapshotOf({ [`${etc}/features.conf`]: "; not generated by anybody\n" })), []);
});

const modulesConf = (text: string) => treeOf({ [`${etc}/modules.conf`]: text }, "modules.conf");
const all: ReadonlySet<string> = new Set(neededModules(undefined));

test("modules: left out ones are added, unwanted and missing ones refused", async () => {
  const inspection = async (text: string, present = all, running = all) => ({
    modulesConf: await modulesConf(text),
    present,
    running,
  });
  const autoload = await inspection("[modules]\nautoload=yes\nnoload => app_voicemail.so\n");
  assert.equal(moduleFindings(autoload), []);
  assert.equal(modulesToLoad(autoload), []);

  const most = neededModules(undefined).filter((name) => name !== "pbx_lua.so" && name !== "app_read.so");
  const some = `[modules]\n${most.map((name, at) => `${at % 2 ? "load => " : "preload = "}${at % 3 ? name : name.replace(".so", "")}\n`).join("")}`;
  assert.equal(modulesToLoad(await inspection(some)), ["app_read.so", "pbx_lua.so"]);
  assert.equal(modulesToLoad(await inspection(some.replace("[modules]", "[modules]\nautoload = no"))).length, 2);
  assert.equal(kinds(moduleFindings(await inspection(some))), ["note"]);
  assert.equal(modulesToLoad(await inspection(some.replace("[modules]", "[modules]\nautoload = yes"))), []);

  const unwanted = moduleFindings(await inspection("[modules]\nautoload = yes\nload = pbx_lua.so\nnoload = pbx_lua\n"));
  assert.equal(kinds(unwanted), ["refusal"]);
  assert.match(unwanted[0]?.says ?? "", "/etc/asterisk/modules.conf, line 4 forbids pbx_lua.so");
  const without = new Set([...all].filter((name) => name !== "app_read.so"));
  const absent = moduleFindings(await inspection("[modules]\nautoload = yes\n", without, without));
  assert.match(absent[0]?.says ?? "", "This Asterisk has no app_read.so");
  assert.equal(moduleFindings(await inspection("[modules]\nautoload = yes\n", without, all)), [], "built in");
});

test("the added modules are one line in modules.conf, and go with it", () => {
  const snapshot = snapshotOf({ [`${etc}/modules.conf`]: "[modules]\nautoload = no\n[global]" });
  const { settings } = inspectSettings("");
  const install = (now: Snapshot, loads: string[]) => planInstall(now, "", settings, shipped, ["en"], { loads });
  const installed = perform(snapshot, install(snapshot, ["app_read.so"]));
  const text = (now: Snapshot, path: string) => now.files.get(`${etc}/${path}`)?.content.toString();
  assert.is(
    text(installed, "modules.conf"),
    '[modules]\nautoload = no\n[global]\n#tryinclude "smart_transfer.d/modules.conf" ; asterisk-smart-transfer',
  );
  assert.match(text(installed, "smart_transfer.d/modules.conf") ?? "", "\n[modules](+)\nload = app_read.so\n");
  assert.equal(install(installed, ["app_read.so"]).changes, []);
  const notAnyMore = perform(installed, install(installed, []));
  assert.is(text(notAnyMore, "modules.conf"), text(snapshot, "modules.conf"));
  assert.is(text(notAnyMore, "smart_transfer.d/modules.conf"), undefined);
  assert.equal(contents(perform(installed, planUninstall(installed))), contents(snapshot));
});

test("what somebody wrote in place of a file of ours is kept beside the new one, and stays at the end", () => {
  const { settings } = inspectSettings("");
  const install = (now: Snapshot) => planInstall(now, "", settings, shipped, ["en"]);
  const own = `${etc}/smart_transfer.d/features.conf`;
  const write = (now: Snapshot, path: string, text: string): Snapshot => {
    const file = now.files.get(path) ?? { uid: 0, gid: 0, mode: 0o644 };
    return { ...now, files: new Map([...now.files, [path, { ...file, content: Buffer.from(text) }]]) };
  };
  const installed = perform(snapshotOf({}), install(snapshotOf({})));
  const edited = write(installed, own, "mine\n");
  const plan = install(edited);
  assert.equal(plan.notes, [`${own}.edited keeps what somebody wrote into our file.`]);
  const mended = perform(edited, plan);
  assert.is(mended.files.get(`${own}.edited`)?.content.toString(), "mine\n");
  assert.equal(mended.files.get(own), installed.files.get(own));
  assert.equal(install(mended).changes, []);
  const again = perform(write(mended, own, "other\n"), install(write(mended, own, "other\n")));
  assert.is(again.files.get(`${own}.edited-2`)?.content.toString(), "other\n");

  const uninstall = planUninstall(again);
  assert.ok(uninstall.notes.includes(`${own}.edited stays, because we did not make it.`));
  const left = perform(again, uninstall).files;
  assert.equal([...left.keys()], [`${own}.edited`, `${own}.edited-2`]);
});

test("endpoints: what they have is kept and told, those of a wizard and of a database are known", async () => {
  const wizard = { conf: "pjsip_wizard.conf", addition: "(+type=wizard)", variable: "endpoint/set_var" };
  const own = new Map([
    ["PJSIP/101", { context: "a", name: "", variables: { DYNAMIC_FEATURES: "apprecord" } }],
    ["PJSIP/102", { context: "a", name: "", variables: { DYNAMIC_FEATURES: "theirs", TRANSFER_CONTEXT: "b" } }],
    ["PJSIP/201", { context: "a", name: "", variables: {}, wizard }],
  ]);
  const snapshot = { ...snapshotOf({}), endpoints: own };
  const { settings } = inspectSettings(
    "[1]\ndevice = PJSIP/101&PJSIP/102\n[2]\ndevice = PJSIP/201\n[3]\ndevice = PJSIP/301\n",
  );
  const inspection = {
    snapshot,
    dialplan: await dialplan("[globals]\nDYNAMIC_FEATURES = apprecord\n"),
    databases: [`${etc}/sorcery.conf, line 5`],
    devices: new Set([...own.keys(), "PJSIP/301"]),
  } as unknown as Inspection;
  const findings = endpointFindings(inspection, settings);
  assert.equal(kinds(findings), ["refusal", "note", "note"]);
  assert.match(findings[0]?.says ?? "", "PJSIP/301 from a database (/etc/asterisk/sorcery.conf, line 5)");
  assert.match(findings[0]?.remedy ?? "", "DYNAMIC_FEATURES=smart-transfer");
  assert.match(findings[1]?.says ?? "", "PJSIP/102 keep their features (theirs)");
  assert.match(findings[2]?.says ?? "", "PJSIP/102 to numbers outside the directory go where they went before: b");

  const made = generatedFiles(settings, shipped, { endpoints: own });
  assert.match(
    made.get("pjsip_wizard-201.conf") ?? "",
    "\n[201](+type=wizard)\nendpoint/set_var = DYNAMIC_FEATURES=smart-transfer\n",
  );
  assert.match(made.get("pjsip-101.conf") ?? "", "DYNAMIC_FEATURES=apprecord#smart-transfer");
});

test("thousands of additions: what they cost is told, and which two lines spare them; then nothing is said", async () => {
  const numbers = Array.from({ length: 4000 }, (_, at) => String(20_000 + at));
  const { settings } = inspectSettings(numbers.map((number) => `[${number}]\ndevice = PJSIP/${number}\n`).join(""));
  const remarksFor = async (some: readonly string[], template: string) => {
    const conf = `[phone](!)\ntype=endpoint\ncontext=office\n${template}${some.map((one) => `[${one}](phone)\n`).join("")}`;
    const endpoints = await ownEndpoints(memory({ [`${etc}/pjsip.conf`]: conf }), etc, `${etc}/smart_transfer.d`);
    const snapshot = { ...snapshotOf({}), endpoints };
    const inspection = { snapshot, dialplan: [], databases: [], running: undefined } as unknown as Inspection;
    const directory = settings.directory.filter(({ extension }) => some.includes(extension));
    return endpointFindings(inspection, { ...settings, directory });
  };
  const [told, ...more] = await remarksFor(numbers, "");
  assert.equal(more, []);
  assert.is(told?.kind, "note");
  assert.match(told?.says ?? "", /^Each of 4000 endpoints .* about 21 s /);
  const lines = [...(told?.says ?? "").matchAll(/`(set_var = [^`]+)`/g)].map(([, line]) => `${line}\n`);
  assert.equal(lines, [
    "set_var = DYNAMIC_FEATURES=smart-transfer\n",
    "set_var = TRANSFER_CONTEXT=smart-transfer-button-office\n",
  ]);
  assert.equal(await remarksFor(numbers, lines.join("")), []);
  assert.equal(await remarksFor(numbers.slice(0, 1999), ""), []);
});

test("phones that forward without asking the dialplan are named, whatever creates their endpoint", async () => {
  const conf =
    "[phone](!)\ntype=endpoint\nredirect_method=URI_PJSIP\n[101](phone)\n[102](phone)\nredirect_method=user\n";
  const wizard = "[103]\ntype=wizard\nendpoint/redirect_method=uri_pjsip\n[104]\ntype=wizard\n";
  const disk = memory({ [`${etc}/pjsip.conf`]: conf, [`${etc}/pjsip_wizard.conf`]: wizard });
  const endpoints = await ownEndpoints(disk, etc, `${etc}/smart_transfer.d`);
  const inspection = { snapshot: { ...snapshotOf({}), endpoints }, dialplan: [], databases: [] };
  const { settings } = inspectSettings([101, 102, 103, 104].map((one) => `[${one}]\ndevice = PJSIP/${one}\n`).join(""));
  const found = endpointFindings(inspection as unknown as Inspection, settings);
  assert.equal(
    found.map(({ kind, says }) => [kind, says.split(" can ")[0]]),
    [["warning", "The phones of PJSIP/101, PJSIP/103"]],
  );
});

test("whoever takes us out is told of their own lines that name a context of ours", async () => {
  const line = "set_var = TRANSFER_CONTEXT=smart-transfer-button-office";
  const notes = await buttonLineNotes(
    memory({
      [`${etc}/pjsip.conf`]: `[phone](!)\ntype=endpoint\n${line}\n#include "smart_transfer.d/pjsip.conf"\n`,
      [`${etc}/smart_transfer.d/pjsip.conf`]: `[101](+type=endpoint)\n${line}\n`,
      [`${etc}/pjsip_wizard.conf`]: `[201]\ntype=wizard\nendpoint/${line}\n`,
      [`${etc}/sip.conf`]: "[a]\ntype=peer\nsetvar=TRANSFER_CONTEXT=sales\n",
    }),
    snapshotOf({}),
  );
  assert.is(notes.length, 1);
  assert.equal(
    [...(notes[0] ?? "").matchAll(/\/(\w+\.conf), line (\d+)/g)].map(([, file, at]) => `${file}:${at}`),
    ["pjsip.conf:3", "pjsip_wizard.conf:3"],
  );
  assert.equal(await buttonLineNotes(memory({ [`${etc}/pjsip.conf`]: "[101]\n" }), snapshotOf({})), []);
});

test("the console tells which contexts there are; whose they are is asked where they cannot be ours", async () => {
  const sightAt = async (completed: string, admins: Record<string, string> = {}) => {
    const asked: string[] = [];
    const run = async (command: string) => {
      asked.push(command);
      return command.startsWith("_command ") ? completed : `${command}: '${command.split(" ").at(-1)}'`;
    };
    const system = memory({ [`${etc}/features.conf`]: "" });
    const snapshot = snapshotOf(admins);
    const { running } = await inspect(
      { system, directories: snapshot.directories, cli: { run } },
      Promise.resolve(snapshot),
    );
    const names = [...(running?.contexts ?? [])].sort();
    return { names, running, asked: asked.filter((command) => command.startsWith("dialplan show ")) };
  };
  assert.equal((await sightAt("_EOF_\n")).names, []);
  const some = "smart-transfer- smart-transfer-line smart-transfer-button-sales smart-transfer-digits _EOF_\n";
  const { names, asked, running } = await sightAt(some);
  assert.equal(names, ["smart-transfer-digits", "smart-transfer-line"]);
  assert.equal(asked.sort(), ["dialplan show smart-transfer-digits", "dialplan show smart-transfer-line"]);
  assert.equal([...(running?.shown.keys() ?? [])].sort(), names);

  const installed = {
    [`${etc}/extensions.lua`]: withBlock("", loaderBlock("/x.lua"), 0),
  };
  const later = await sightAt(some, installed);
  assert.equal([later.names, later.asked, later.running?.shown.size], [names, [], 0]);

  const all = await sightAt("No such command '_command'\n", installed);
  const ours = [...Object.values(contexts), ...Object.values(plainContexts), buttonContext];
  assert.equal(all.names, ours.sort());
  assert.is(all.running?.shown.get("smart-transfer"), "dialplan show smart-transfer: 'smart-transfer'");
});

test("which Lua an Asterisk has is told by the library of its module", () => {
  const version = (needed: string) => luaVersionOf(Buffer.from(`\0libc.so.6\0${needed}\0`));
  assert.is(version("liblua5.1.so.0"), "5.1");
  assert.is(version("liblua-5.2.so"), "5.2");
  assert.is(version("liblua.so.5.3"), "5.3");
  assert.is(version("liblua5.4.so.0"), "5.3", "the nearest that can be parsed");
  assert.is(version("libluajit-5.1.so.2"), "LuaJIT");
  assert.is(version(""), undefined);
});

test("refusals are one Problem with every place; warnings and notes go on", () => {
  assert.equal(notesOrThrow([warning("A.", "B."), note("C.")]), ["A. B.", "C."]);
  assert.throws(
    () => notesOrThrow([warning("A.", "B."), refusal("C.", "D."), refusal("E.", "D.")]),
    (error: Error & { remedy: string }) => error.message === "C.\nE." && error.remedy === "D.",
  );
});

test("a key that stood for Asterisk's own blind transfer: what only that one reached is named, and pass_through proposed", async () => {
  const files = {
    "/etc/asterisk/features.conf": "[featuremap]\nblindxfer => ##\n",
    "/etc/asterisk/extensions.conf": `[from-internal]
include => ext-queues
include => ext-group
exten => 101,hint,PJSIP/101
exten => 101,1,Dial(PJSIP/101)
exten => 105,hint,PJSIP/105
exten => _9X.,1,Dial(PJSIP/trunk)
exten => *97,1,VoiceMailMain()
[ext-queues]
include => from-internal
exten => 201,1,Answer()
same => n,Queue(201)
[ext-group]
exten => 8888,1,Dial(PJSIP/101&PJSIP/102)
[elsewhere]
exten => 202,1,Queue(202)
`,
  };
  const endpoint = { context: "from-internal", name: "", variables: {} };
  const snapshot = snapshotOf(files, undefined, new Map([["PJSIP/101", endpoint]]));
  const [features, dialplan] = [await treeOf(files, "features.conf"), await treeOf(files, "extensions.conf")];
  const inspection = { snapshot, features, dialplan, running: undefined } as Partial<Inspection> as Inspection;
  const says = (general: string) =>
    onlyBlindFindings(inspection, readSettings(`[general]\n${general}\n[101]\ndevice = PJSIP/101\n`, "x.conf")).map(
      (one) => one.says,
    );
  assert.equal(says("transfer_key = ##"), [
    "With ## people also reached numbers outside the directory: feature codes (*97), queues (201), others (8888). From now on it reaches only those that pass_through names: --set 'pass_through=201@from-internal,8888@from-internal'.",
  ]);
  assert.equal(says("transfer_key = #7"), []);
  assert.equal(says("transfer_key = ##\npass_through = 201@from-internal"), []);
});

test.run();
