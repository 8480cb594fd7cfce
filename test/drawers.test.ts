import { test } from "uvu";
import * as assert from "uvu/assert";
import { parseConf } from "../src/asterisk/conf.ts";
import type { Evidence } from "../src/check/evidence.ts";
import { fileFacts } from "../src/check/facts/files.ts";
import { generatedFiles } from "../src/plan/generated.ts";
import { planInstall } from "../src/plan/plan.ts";
import type { Scene } from "../src/plan/scene.ts";
import { editedDocument, newDocument } from "../src/settings/document.ts";
import { parseExtensions } from "../src/settings/extensions.ts";
import { readSettings } from "../src/settings/model.ts";
import { directories, paths, perform, sceneOf, shipped, time, withLua } from "./scene.ts";

const { etc } = directories;
const path = `${etc}/smart_transfer.d/drawers.conf`;
const withStat = new Set([...withLua, "func_env.so"]);
const documentOf = (count: number) =>
  newDocument({ general: {}, directory: parseExtensions(`10000-${10_000 + count - 1}`) });
const large = documentOf(1_001);
const plan = (scene: Scene, text: string) => planInstall(scene, text, readSettings(text, "x.conf"), shipped, ["en"]);
const pathsOf = (scene: Scene, text: string) => plan(scene, text).changes.map((change) => change.path);

/** As an editor leaves the settings, so many seconds after the scene. */
function edited(scene: Scene, text: string, later: number): Scene {
  const file = scene.files.get(paths.settings);
  if (file === undefined) throw new Error("no settings");
  const now = { ...file, content: Buffer.from(text, "latin1"), modified: scene.time + later };
  return { ...scene, files: new Map(scene.files).set(paths.settings, now) };
}
const later = (scene: Scene, seconds: number): Scene => ({ ...scene, time: scene.time + seconds });
const stateOf = (scene: Scene) => /^state = (.*)$/m.exec(scene.files.get(path)?.content.toString() ?? "")?.[1];

test("a large directory has drawers, where Asterisk has STAT() to tell that they hold", () => {
  assert.ok(pathsOf(sceneOf({}, withStat), large).includes(path));
  assert.not.ok(pathsOf(sceneOf({}, withLua), large).includes(path));
  assert.ok(pathsOf({ ...sceneOf({}), modules: undefined }, large).includes(path), "nobody to ask");
  assert.not.ok(pathsOf(sceneOf({}, withStat), documentOf(1_000)).includes(path));
  for (const modules of [withStat, withLua]) {
    const files = generatedFiles(readSettings(large, "x.conf"), shipped, { modules });
    const has = modules === withStat;
    assert.is(files.has("drawers.conf"), has);
    assert.is(files.get("directory.conf")?.includes("[settings]\ndrawers = yes\n"), has);
    assert.is(files.get("extensions.conf")?.includes("STAT("), has);
  }
});

test("they hold what the settings say, and no drawer is long", () => {
  const text = `${editedDocument(large, { general: { hear: "music" } })}\n[5]\ndevice = SIP/a&PJSIP/b\nreceive = no\nmobile = 900\n`;
  const source = { modified: 1, size: 2 };
  const found = { modules: withStat, source };
  const drawers = parseConf(generatedFiles(readSettings(text, "x.conf"), shipped, found).get("drawers.conf") ?? "");
  const section = (name: string) =>
    drawers.find((one) => one.name === name)?.entries.map((entry) => `${entry.name}=${entry.value}`) ?? [];
  assert.equal(section("source"), ["state=1 2"]);
  assert.ok(section("general").includes("hear=music") && section("general").includes("digit_timeout=3"));
  assert.equal(section("5"), ["5.device=SIP/a&PJSIP/b", "5.mobile=900", "5.receive=no"]);
  assert.ok(section("07").includes("10007.device=PJSIP/10007") && section("07").includes("10907.device=PJSIP/10907"));
  assert.is(drawers.length, 2 + 100 + 1);
  for (const { name, entries } of drawers) assert.ok(name === "general" || entries.length <= 11, name);
});

test("the settings are given a time that is over, and the drawers name it", () => {
  const scene = sceneOf({}, withStat);
  const change = plan(scene, large).changes.find((one) => one.path === paths.settings);
  assert.is(change?.kind === "write" && change.modified, time - 2);
  const after = perform(scene, plan(scene, large));
  assert.is(stateOf(after), `${time - 2} ${large.length}`);
  assert.equal(pathsOf(later(after, 1), large), [], "nothing to do");
  const dated = plan(scene, large).changes.filter((one) => "modified" in one);
  assert.is(dated.length, 1);
  const small = plan(scene, documentOf(10)).changes.filter((one) => "modified" in one);
  assert.equal(small, [], "a small one is written as any file");
});

test("never the time of the settings before, by which Asterisk would know them", () => {
  const scene = perform(sceneOf({}, withStat), plan(sceneOf({}, withStat), large));
  const next = plan(scene, large.replace("digit_timeout = 3", "digit_timeout = 4"));
  assert.is(stateOf(perform(scene, next)), `${time - 3} ${large.length}`);
});

test("after an edit the next install makes them anew, unless another edit could bear the same time", () => {
  const scene = perform(sceneOf({}, withStat), plan(sceneOf({}, withStat), large));
  const text = large.replace("digit_timeout = 3", "digit_timeout = 4");
  const soon = edited(scene, text, 60);
  for (const [seconds, state] of [
    [60, undefined],
    [61, undefined],
    [62, `${time + 60} ${large.length}`],
  ] as const) {
    const now = later(soon, seconds);
    assert.ok(pathsOf(now, text).includes(path), `${seconds} s`);
    const change = plan(now, text).changes.find((one) => one.path === paths.settings);
    assert.is(change, undefined, "the admin's file is left as it is");
    assert.is(stateOf(perform(now, plan(now, text))), state, `${seconds} s`);
  }
});

test("the check wants them right as long as they are read", async () => {
  const scene = perform(sceneOf({}, withStat), plan(sceneOf({}, withStat), large));
  const fact = fileFacts.find(({ id }) => id === "generated");
  const statusOf = async (now: Scene) => {
    const text = now.files.get(paths.settings)?.content.toString("latin1") ?? "";
    const settings = readSettings(text, "x.conf");
    const evidence: Partial<Evidence> = { scene: now, shipped, settings, unreadable: new Map() };
    return (await fact?.look(evidence as Evidence))?.status;
  };
  const withDrawers = (now: Scene, edit: (text: string) => string): Scene => {
    const file = now.files.get(path);
    if (file === undefined) throw new Error("no drawers");
    return {
      ...now,
      files: new Map(now.files).set(path, { ...file, content: Buffer.from(edit(file.content.toString())) }),
    };
  };
  const damaged = (text: string) => text.replace("10007.device = PJSIP/10007", "10007.device = PJSIP/10008");
  const text = large.replace("digit_timeout = 3", "digit_timeout = 4");
  assert.is(await statusOf(later(scene, 60)), "pass");
  assert.is(await statusOf(later(edited(scene, text, 30), 60)), "pass", "edited since");
  assert.is(await statusOf(withDrawers(later(scene, 60), damaged)), "fail");
  assert.is(await statusOf(withDrawers(later(edited(scene, text, 30), 60), damaged)), "pass", "nobody reads them");
});

test.run();
