// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Asterisk's own variables

import { test } from "uvu";
import * as assert from "uvu/assert";
import { type ConfLine, confLines } from "../src/asterisk/conf.ts";
import { extensionSettings } from "../src/contract/extension-settings.ts";
import type { Setting } from "../src/contract/setting.ts";
import { givenAnswers } from "../src/installer/ask/given.ts";
import { parseCommandLine } from "../src/installer/cli/options.ts";
import { generatedFiles } from "../src/installer/plan/generated.ts";
import { brokenBlock, withoutLine } from "../src/installer/plan/marks.ts";
import { planInstall, planUninstall } from "../src/installer/plan/plan.ts";
import { contextFindings } from "../src/installer/preflight/contexts.ts";
import { dynamicFeatureFindings } from "../src/installer/preflight/dynamic-features.ts";
import { editingFindings } from "../src/installer/preflight/editing.ts";
import { featuresConfFindings } from "../src/installer/preflight/features-conf.ts";
import { generatorFindings } from "../src/installer/preflight/generators.ts";
import { keyFindings } from "../src/installer/preflight/keys.ts";
import { moduleFindings, modulesToLoad } from "../src/installer/preflight/modules.ts";
import { editedDocument, newDocument } from "../src/installer/settings/document.ts";
import { inspectSettings, readSettings } from "../src/installer/settings/model.ts";
import { generalRows } from "../src/installer/settings/prompt-settings.ts";
import { Problem } from "../src/terminal/problem.ts";
import { dice } from "../src/tools/chaos/dice.ts";
import { contents, perform, shipped, snapshotOf, treeOf } from "./snapshot.ts";

/** How many of each; ASTERISK_HOSTILE=1000000 has more. */
const count = Number(process.env.ASTERISK_HOSTILE ?? 10_000);

const poison = [
  ..."\n\r\t\0;,|&()[]{}<>\"'`\\$#%!=+*@:/~^ \u001b\u007f\u0085\u00a0\u2028",
  "\r\n[general]\n",
  "\nexten => _X.,1,System(id)",
  "${SHELL(id)}",
  "$[1+1]",
  "]]\n",
  "--[[",
  ");os.execute('id')--",
  '")os.execute("id")--',
  ";--",
  "--;",
  "#exec /bin/sh",
  "\n#include /etc/passwd\n",
  "../../../etc/passwd",
  "&Local/1@x",
  "PJSIP/101",
  "101",
  "Local/1@x/n,30,U(x)",
  "=>",
  "(+)",
  "(!)",
  "${NUMBER}",
  "\u00ef\u00bb\u00bf",
  "99999999999999999999999",
  "-1",
  "1e9",
  "__proto__",
  "constructor",
  "é",
  "Ж",
  "x".repeat(500),
];

/** A valid value into which something hostile was put. */
function hostileValue({ one, below }: ReturnType<typeof dice>, row: Setting): string {
  const base = one([row.default, "", "101", "PJSIP/101", "100@internal", "6XX@queues", "a/b", "PJSIP/${NUMBER}@trunk"]);
  let value = base;
  for (let times = below(3); times >= 0; times--) {
    const at = below(value.length + 1);
    value = value.slice(0, at) + one(poison) + value.slice(at + below(2));
  }
  return value;
}

/** Runs the code. Throws unless it succeeds or throws a Problem with both sentences; then returns `undefined`. */
function refusedOr<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    assert.ok(error.message.length > 0 && error.remedy.length > 0);
    return undefined;
  }
}

const shape = (lines: readonly ConfLine[]) =>
  lines.map((line) => (line.kind === "header" ? `[${line.name}]` : line.kind === "entry" ? line.name : line.kind));
const plain = newDocument({ general: {}, directory: [{ extension: "101", device: "PJSIP/101" }] });
const plainSettings = readSettings(plain, "x");
const plainShape = Object.fromEntries(
  [...generatedFiles(plainSettings, shipped)].map(([name, text]) => [name, shape(confLines(text))]),
);

/** Asserts that the plan has the same lines as with tame values: no value has become a line, a section or a command. */
function assertTame(text: string, value: string): void {
  const settings = refusedOr(() => readSettings(text, "x"));
  if (settings === undefined) return;
  // What only [nodes] need is written where it is given.
  const forNodes = generalRows.filter((row) => row.forNodes).map(({ name }) => name);
  const found = shape(confLines(text));
  assert.equal(
    found.filter((one, at) => !forNodes.includes(one) || found.indexOf(one) !== at),
    shape(confLines(plain)),
    JSON.stringify(value),
  );
  for (const [name, made] of generatedFiles(settings, shipped)) {
    if (name === "dialplan.lua") continue;
    const lines = confLines(made);
    if (name === "extensions.conf" || name === "directory.conf" || name.startsWith("pjsip-")) {
      assert.not.ok(
        lines.some(({ kind }) => kind === "rejected" || kind === "directive"),
        `${name}: ${made}`,
      );
      assert.not.match(made, /System|SHELL|exec |passwd/);
    } else {
      assert.equal(shape(lines), plainShape[name], `${name}: ${JSON.stringify(value)}`);
    }
  }
}

test(`${count} hostile values: each is refused in a sentence, or is nothing but a value`, async () => {
  const chance = dice(20_261_123);
  let accepted = 0;
  for (let at = 0; at < count; at++) {
    const row = chance.one(generalRows);
    const value = hostileValue(chance, row);
    // As an option, which is checked; the sentence must not carry the poison's control characters to the terminal.
    const args = chance.one([
      ["--set", `${row.name}=${value}`],
      ["--key", value],
      ["--return-key", value],
      ["--mobile-dial", value],
      ["--extensions", value],
      ["--mobile", `101=${value}`],
      ["--prompt", `dial=${value}`],
      ["--mobile", `${value}=1`],
    ] as [string, string][]);
    const options = refusedOr(() => parseCommandLine(["install", ...args]).options);
    const answers =
      options &&
      (await givenAnswers(options).catch((error) => {
        if (!(error instanceof Problem)) throw error;
        return undefined;
      }));
    if (answers === undefined) continue;
    accepted++;
    const directory = answers.directory ?? [{ extension: "101", device: "PJSIP/101" }];
    const isNew = answers.directory === undefined && answers.mobiles === undefined && chance.below(2) === 0;
    assertTame(
      isNew ? newDocument({ ...answers, directory }) : editedDocument(plain, { general: answers.general }),
      value,
    );
  }
  assert.ok(accepted > count / 100 && accepted < count * 0.9, `${accepted} were values indeed`);
});

test(`${count} hostile settings files: their faults are told, and what is made of them is tame`, () => {
  const chance = dice(4);
  const lines = plain.split("\n");
  for (let at = 0; at < count; at++) {
    const edited = [...lines];
    for (let times = chance.below(3); times >= 0; times--) {
      const line = chance.below(edited.length);
      const row = chance.one([...generalRows, ...extensionSettings] as Setting[]);
      edited.splice(
        line,
        chance.below(2),
        chance.one([
          `${row.name} = ${hostileValue(chance, row)}`,
          chance.one(poison),
          `[${hostileValue(chance, row)}]`,
        ]),
      );
    }
    const text = edited.join(chance.one(["\n", "\r\n"]));
    const { settings, faults } = inspectSettings(text);
    assert.ok(faults.every(({ line }) => line >= 1 && line <= text.split("\n").length));
    // Whatever is read from it, faults or not, keeps to the table.
    for (const [name, made] of generatedFiles(settings, shipped))
      if (name !== "dialplan.lua") assert.not.match(made, /System|SHELL|exec |passwd|os\.execute/);
    if (faults.length > 0) continue;
    const again = inspectSettings(editedDocument(text, { general: { ring_timeout: "7" } }));
    assert.equal(again, { faults, settings: { ...settings, general: { ...settings.general, ring_timeout: "7" } } });
  }
});

const etc = "/etc/asterisk";
const names = ["features.conf", "extensions.conf", "pjsip.conf", "modules.conf", "extensions.lua", "extensions.ael"];
const pieces = [
  ...poison,
  "[applicationmap]\n",
  "[featuremap](!)\n",
  "[a](+)\n",
  "[101](phone)\ntype=endpoint\n",
  "blindxfer => #1\n",
  "x => *9,self,NoOp\n",
  '#tryinclude "smart_transfer.d/features.conf" ; asterisk-smart-transfer\n',
  '#include "features.conf"\n',
  "-- asterisk-smart-transfer begins: do not edit up to its end\n",
  "-- asterisk-smart-transfer ends\n",
  "extensions = { }\n",
  "return extensions\n",
  "do return end\n",
  "Set(DYNAMIC_FEATURES=)\n",
  "context smart-transfer {\n",
  "noload => pbx_lua.so\n",
  "[modules]\nautoload = no\n",
  "; auto-generated by FreePBX\n",
  "\n\n",
];

test(`${count} hostile configuration files: in and out to the byte, or refused, and nothing is lost`, async () => {
  const chance = dice(7);
  let refused = 0;
  for (let at = 0; at < count; at++) {
    const name = chance.one(names);
    const text = Array.from({ length: chance.below(9) }, () => chance.one(pieces)).join(chance.one(["", "\n", "\r\n"]));
    // Its bytes are those that Latin-1 gives back.
    const bytes = Buffer.from(text).toString("latin1");
    const files = { [`${etc}/${name}`]: bytes };
    const before = snapshotOf(files);
    const tree = await treeOf(files, name);
    const inspection = { modulesConf: tree, present: undefined, running: undefined };
    const findings = [
      ...featuresConfFindings(tree),
      ...keyFindings(plainSettings.general, tree, bytes),
      ...contextFindings(tree, [{ path: name, text: bytes }], new Map([["smart-transfer", bytes]])),
      ...dynamicFeatureFindings(tree, [{ path: name, text: bytes }]),
      ...moduleFindings(inspection),
      ...generatorFindings(before),
    ];
    assert.ok(
      findings.every(({ says }) => says.endsWith(".") || says.endsWith(",")),
      JSON.stringify(findings),
    );
    const loads = name === "modules.conf" ? modulesToLoad(inspection) : [];
    const isOurs =
      withoutLine(bytes, '#tryinclude "smart_transfer.d/features.conf"') !== bytes ||
      /smart-transfer (begins|ends)/.test(bytes);
    const plan = refusedOr(() => {
      if (editingFindings(before, undefined).some(({ kind }) => kind === "refusal")) throw new Problem("a", "b");
      return planInstall(before, plain, plainSettings, shipped, ["en"], { loads });
    });
    if (plan === undefined) {
      refused++;
      continue;
    }
    const installed = perform(before, plan);
    if (at % 4 === 0)
      assert.equal(
        planInstall(installed, plain, plainSettings, shipped, ["en"], { loads }).changes,
        [],
        JSON.stringify(bytes),
      );
    // A line of the admin's that looks like ours is removed like ours.
    if (!isOurs)
      assert.equal(contents(perform(installed, planUninstall(installed))), contents(before), JSON.stringify(bytes));
    assert.is(brokenBlock(installed.files.get(`${etc}/extensions.lua`)?.content.toString("latin1") ?? ""), undefined);
  }
  assert.ok(refused > count / 100 && refused < count / 2, `${refused} were refused`);
});

test.run();
