import { test } from "uvu";
import * as assert from "uvu/assert";
import { parseConf } from "../src/asterisk/conf.ts";
import { generatorOf } from "../src/installer/plan/custom-files.ts";
import { planInstall, planUninstall } from "../src/installer/plan/plan.ts";
import { editingFindings } from "../src/installer/preflight/editing.ts";
import { featuresConfFindings } from "../src/installer/preflight/features-conf.ts";
import type { Finding } from "../src/installer/preflight/finding.ts";
import { generatorFindings } from "../src/installer/preflight/generators.ts";
import { moduleFindings, modulesToLoad } from "../src/installer/preflight/modules.ts";
import { inspectSettings } from "../src/installer/settings/model.ts";
import { hasRealFiles, realFiles } from "./corpus.ts";
import { contents, perform, shipped, snapshotOf, treeOf } from "./snapshot.ts";

const etc = "/etc/asterisk";
const text = "[101]\ndevice = PJSIP/101\n";
const { settings } = inspectSettings(text);

/** Under which name each kind is read. */
const names = {
  features: "features.conf",
  extensions: "extensions.conf",
  lua: "extensions.lua",
  pjsip: "pjsip.conf",
  sip: "sip.conf",
  modules: "modules.conf",
  asterisk: "asterisk.conf",
} as const;

/** The files that are refused, and why. Each reason was checked by hand. */
const refused: Record<string, [reason: RegExp, count: number]> = {
  features: [/will ignore all of features\.conf/, 11],
  extensions: [/a generated one only/, 1],
  lua: [/our block cannot be added to this Lua file/, 2],
  modules: [/modules\.conf, line \d+ forbids pbx_lua\.so/, 1],
};

const generated = / writes .*, which includes no file that is left to you/;

async function remarksOn(kind: keyof typeof names, content: string): Promise<Finding[]> {
  const files = { [`${etc}/${names[kind]}`]: content };
  const snapshot = snapshotOf(files);
  const general = [...editingFindings(snapshot, undefined), ...generatorFindings(snapshot)];
  const tree = await treeOf(files, names[kind]);
  if (kind === "features") return [...general, ...featuresConfFindings(tree)];
  if (kind === "modules")
    return [...general, ...moduleFindings({ modulesConf: tree, present: undefined, running: undefined })];
  return general;
}

for (const kind of Object.keys(names) as (keyof typeof names)[]) {
  test(`real files as ${names[kind]}: in and out to the byte, or refused for a reason`, async () => {
    if (!hasRealFiles()) return;
    let count = 0;
    for (const { name, text: content } of realFiles(kind)) {
      const why = (await remarksOn(kind, content)).find((one) => one.kind === "refusal")?.says;
      if (why !== undefined) {
        count++;
        const itself = refused[kind]?.[0].test(why) ?? false;
        assert.ok(itself || (generatorOf(content) !== undefined && generated.test(why)), `${name}: ${why}`);
        assert.match(why, `${etc}/${names[kind]}`, name);
        continue;
      }
      const files = { [`${etc}/${names[kind]}`]: content };
      const tree = await treeOf(files, names[kind]);
      const loads =
        kind === "modules" ? modulesToLoad({ modulesConf: tree, present: undefined, running: undefined }) : [];
      const before = snapshotOf(files);
      const installed = perform(before, planInstall(before, text, settings, shipped, ["en"], { loads }));
      const marked = installed.files.get(`${etc}/${names[kind]}`)?.content.toString("latin1") ?? "";
      const isElsewhere = generatorOf(content) !== undefined;
      if (!isElsewhere && kind !== "sip" && kind !== "asterisk" && (kind !== "modules" || loads.length > 0)) {
        assert.ok(marked.length > content.length, name);
        if (kind !== "lua") assert.ok(marked.startsWith(content), `${name}: what was there is there`);
      }
      assert.equal(
        planInstall(installed, text, settings, shipped, ["en"], { loads }).changes,
        [],
        `${name}: twice is once`,
      );
      assert.equal(contents(perform(installed, planUninstall(installed))), contents(before), name);
      if (kind !== "lua") assert.equal(parseConf(marked).length, parseConf(content).length, `${name}: no section more`);
    }
    assert.is(count, refused[kind]?.[1] ?? 0, "as many refused as are at fault");
  });
}

test.run();
