import { test } from "uvu";
import * as assert from "uvu/assert";
import { fingerprint, generatedFiles } from "../src/installer/plan/generated.ts";
import { loadedContexts } from "../src/installer/plan/loader-block.ts";
import { digest } from "../src/installer/plan/manifest.ts";
import { type Phase, phasesOf } from "../src/installer/plan/phases.ts";
import { isInstalled, isMarked, type Plan, planInstall, planUninstall } from "../src/installer/plan/plan.ts";
import type { Snapshot } from "../src/installer/plan/snapshot.ts";
import { type Answers, editedDocument, newDocument } from "../src/installer/settings/document.ts";
import { parseExtensions } from "../src/installer/settings/extensions.ts";
import { readSettings } from "../src/installer/settings/model.ts";
import { contents, directories, paths, perform, shipped, snapshotOf, withLua, withoutLua } from "./snapshot.ts";

const { etc, data } = directories;
const admins = {
  [`${etc}/extensions.conf`]: "[internal]\nexten => 100,1,Answer\n\n",
  [`${etc}/features.conf`]: "[general]\n; caf\u00e9\n[featuremap]\nblindxfer => ##\n",
  [`${etc}/pjsip.conf`]: "[101]\r\ntype = endpoint\r\n[102]\r\ntype = endpoint",
  [`${etc}/extensions.lua`]: 'extensions = { default = { ["100"] = function() app.answer() end } }\n',
};
const without = (...names: string[]) =>
  Object.fromEntries(Object.entries(admins).filter(([path]) => !names.some((name) => path.endsWith(`/${name}`))));

const answers = (extensions: string, general: Answers["general"] = {}): Answers => ({
  general,
  directory: parseExtensions(extensions),
});
const settingsOf = (extensions: string, general?: Answers["general"]) =>
  readSettings(newDocument(answers(extensions, general)), "x.conf");

function planFrom(snapshot: Snapshot, text: string, languages: readonly string[] = ["en"]): Plan {
  return planInstall(snapshot, text, readSettings(text, "x.conf"), shipped, languages);
}

function planFor(snapshot: Snapshot, extensions: string, general?: Answers["general"]): Plan {
  return planFrom(snapshot, newDocument(answers(extensions, general)));
}

function installed(snapshot: Snapshot, extensions = "101-102", general?: Answers["general"]): Snapshot {
  return perform(snapshot, planFor(snapshot, extensions, general));
}

function withFile(snapshot: Snapshot, path: string, edit: (text: string) => string): Snapshot {
  const file = snapshot.files.get(path) ?? { uid: 0, gid: 0, mode: 0o644, content: Buffer.alloc(0) };
  const content = Buffer.from(edit(file.content.toString("latin1")), "latin1");
  return { ...snapshot, files: new Map(snapshot.files).set(path, { ...file, content }) };
}

function withMode(snapshot: Snapshot, path: string, mode: number): Snapshot {
  const file = snapshot.files.get(path);
  return file ? { ...snapshot, files: new Map(snapshot.files).set(path, { ...file, mode }) } : snapshot;
}

const listed = ({ changes }: Plan) => changes.map(({ kind, path }) => `${kind} ${path}`);
const text = (snapshot: Snapshot, path: string) => snapshot.files.get(path)?.content.toString("latin1");

test("an install, in its order: folders, what is new, and the admin's files last", () => {
  const plan = planFor(snapshotOf(admins), "101-102");
  assert.equal(listed(plan), [
    `make folder ${etc}/smart_transfer.d`,
    `make folder ${data}/sounds/en/smart-transfer`,
    `write ${etc}/smart_transfer.conf`,
    `write ${etc}/smart_transfer.d/dialplan.lua`,
    `write ${etc}/smart_transfer.d/directory.conf`,
    `write ${etc}/smart_transfer.d/extensions.conf`,
    `write ${etc}/smart_transfer.d/features.conf`,
    `write ${etc}/smart_transfer.d/pjsip-101.conf`,
    `write ${etc}/smart_transfer.d/pjsip-102.conf`,
    `write ${etc}/smart_transfer.d/pjsip.conf`,
    `write ${data}/sounds/en/smart-transfer/dial.gsm`,
    "write /var/lib/asterisk/smart-transfer/manifest.json",
    `write ${etc}/extensions.conf`,
    `write ${etc}/pjsip.conf`,
    `write ${etc}/features.conf`,
    `write ${etc}/extensions.lua`,
  ]);
  assert.equal(plan.notes, []);
  for (const change of plan.changes) {
    if (change.kind !== "write") continue;
    const isAdmins = Object.keys(admins).includes(change.path);
    assert.is(change.before?.toString("latin1"), isAdmins ? admins[change.path] : undefined, change.path);
  }
});

test("the admin's files get one line each, and extensions.lua a block under 1 KB", () => {
  const snapshot = installed(snapshotOf(admins));
  const added = (name: string) => {
    const was = admins[`${etc}/${name}`] ?? "";
    const now = text(snapshot, `${etc}/${name}`) ?? "";
    assert.ok(now.startsWith(was), name);
    return now.slice(was.length);
  };
  for (const name of ["extensions.conf", "features.conf"])
    assert.is(added(name), `#tryinclude "smart_transfer.d/${name}" ; asterisk-smart-transfer\n`);
  assert.is(added("pjsip.conf"), '\r\n#tryinclude "smart_transfer.d/pjsip.conf" ; asterisk-smart-transfer');
  const block = added("extensions.lua");
  assert.ok(block.length < 1024, `${block.length} bytes`);
  assert.match(block, `dofile("${etc}/smart_transfer.d/dialplan.lua")`);
  for (const name of ["extensions.conf", "features.conf", "pjsip.conf", "extensions.lua"]) {
    assert.ok(isMarked(snapshot, name));
    assert.not.ok(isMarked(snapshotOf(admins), name));
  }
  assert.ok(isInstalled(snapshot));
  assert.not.ok(isInstalled(snapshotOf(admins)));
});

test("installing twice changes nothing", () => {
  for (const files of [admins, without("extensions.lua"), without("features.conf", "pjsip.conf"), {}]) {
    const snapshot = installed(snapshotOf(files));
    const plan = planFor(snapshot, "101-102");
    assert.equal(listed(plan), []);
    assert.equal(plan.reloads, []);
  }
});

test("an uninstall gives back every byte, owner and mode, and every folder", () => {
  const snapshots = {
    "as Debian has it": admins,
    "no extensions.lua": without("extensions.lua"),
    "no features.conf": without("features.conf"),
    "none of them": {},
    "empty ones": Object.fromEntries(Object.keys(admins).map((path) => [path, ""])),
    "a prompt's folder that is there": { ...admins, [`${data}/sounds/en/smart-transfer/own.gsm`]: "x" },
  };
  for (const [title, files] of Object.entries(snapshots)) {
    const before = snapshotOf(files);
    const after = installed(before);
    const plan = planUninstall(after);
    assert.equal(contents(perform(after, plan)), contents(before), title);
    assert.equal(plan.notes, [], title);
    assert.not.ok(isInstalled(perform(after, plan)), title);
  }
});

test("an uninstall gives all back after several installs", () => {
  const before = snapshotOf(admins);
  let snapshot = before;
  for (const extensions of ["101-105", "101,103=PJSIP/x", "300-700", "1"]) snapshot = installed(snapshot, extensions);
  assert.equal(contents(perform(snapshot, planUninstall(snapshot))), contents(before));
});

test("an uninstall gives all back where not even the sounds' folder was there, and a language came later", () => {
  const full = snapshotOf(admins);
  const folders = new Map([...full.folders].filter(([path]) => !path.includes("/sounds")));
  const before: Snapshot = { ...full, folders };
  const document = newDocument(answers("101"));
  const english = perform(before, planFrom(before, document));
  const both = perform(english, planFrom(english, document, ["en", "ru"]));
  assert.ok(both.files.has(`${data}/sounds/ru/smart-transfer/dial.gsm`));
  assert.equal(contents(perform(both, planUninstall(both))), contents(before));
});

test("an uninstall where nothing is installed changes nothing", () => {
  const plan = planUninstall(snapshotOf({ ...admins, [`${etc}/smart_transfer.conf`]: "[general]\n" }));
  assert.equal(plan, { changes: [], reloads: [], pause: { changes: 0, reloads: 0 }, notes: [] });
});

test("what the admin wrote into their files meanwhile stays, only ours is taken out", () => {
  let snapshot = installed(snapshotOf(without("extensions.lua")));
  snapshot = withFile(snapshot, `${etc}/features.conf`, (was) => `${was}[applicationmap]\nx => 1\n`);
  snapshot = withFile(snapshot, `${etc}/extensions.lua`, (was) => `${was}extensions.mine = {}\n`);
  const after = perform(snapshot, planUninstall(snapshot));
  assert.is(text(after, `${etc}/features.conf`), `${admins[`${etc}/features.conf`]}[applicationmap]\nx => 1\n`);
  assert.is(text(after, `${etc}/extensions.lua`), "extensions.mine = {}\n");
});

test("settings edited since the install are kept by an uninstall, which says so", () => {
  const snapshot = withFile(installed(snapshotOf(admins)), paths.settings, (was) => was.replace("= 20", "= 30"));
  const plan = planUninstall(snapshot);
  assert.equal(plan.notes, [`${paths.settings} stays, because somebody has edited it since the install.`]);
  const after = perform(snapshot, plan);
  assert.is(text(after, paths.settings), text(snapshot, paths.settings));
  assert.not.ok([...after.files.keys()].some((path) => path.startsWith(paths.own)));
});

test("a settings file that was there before stays", () => {
  const document = newDocument(answers("101"));
  const before = snapshotOf({ ...admins, [paths.settings]: document });
  const snapshot = perform(before, planFrom(before, document));
  assert.equal(contents(perform(snapshot, planUninstall(snapshot))), contents(before));
});

test("a file of ours that was edited is kept with its folder, which the plan does not claim to remove", () => {
  const own = `${paths.own}/features.conf`;
  const snapshot = withFile(installed(snapshotOf(admins)), own, (was) => `${was}; mine\n`);
  const plan = planUninstall(snapshot);
  assert.ok(perform(snapshot, plan).files.has(own));
  assert.not.ok(listed(plan).includes(`remove folder ${paths.own}`));
});

test("somebody's own file in smart_transfer.d survives everything", () => {
  const own = `${paths.own}/pjsip-mine.conf`;
  let snapshot = withFile(installed(snapshotOf(admins)), own, () => "; mine\n");
  snapshot = installed(snapshot, "103");
  assert.is(text(snapshot, own), "; mine\n");
  const after = perform(snapshot, planUninstall(snapshot));
  assert.is(text(after, own), "; mine\n");
  assert.ok(after.folders.has(paths.own));
});

const foreign = {
  ...admins,
  [`${paths.own}/features.conf`]: "[sales]\n; caf\u00e9",
  [`${paths.own}/pjsip-102.conf`]: "",
};

test("what stood in the place of our files is kept beside them, which is told, and given back by an uninstall", () => {
  const before = withMode(snapshotOf(foreign), `${paths.own}/features.conf`, 0o600);
  const plan = planFor(before, "101-102");
  assert.equal(
    plan.notes,
    ["features.conf", "pjsip-102.conf"]
      .map((name) => `${paths.own}/${name}`)
      .map(
        (path) => `${path}.edited keeps the file that was in the place of ours: uninstall gives it back as ${path}.`,
      ),
  );
  const snapshot = perform(before, plan);
  assert.is(text(snapshot, `${paths.own}/features.conf.edited`), foreign[`${paths.own}/features.conf`]);
  assert.is(snapshot.files.get(`${paths.own}/features.conf.edited`)?.mode, 0o600);
  // This holds after installs that write our file again or remove it, too.
  for (const extensions of [[], ["101-105"], ["101"], ["101", "101-103"]]) {
    const later = extensions.reduce((was, one) => installed(was, one), snapshot);
    const uninstall = planUninstall(later);
    assert.equal(uninstall.notes, []);
    assert.equal(contents(perform(later, uninstall)), contents(before), extensions.join());
  }
});

test("what stood in the place of our files is not given back over what somebody edited since", () => {
  const own = `${paths.own}/features.conf`;
  const snapshot = installed(snapshotOf(foreign));
  const left = (edited: string) => {
    const after = withFile(snapshot, edited, () => "; mine\n");
    const plan = planUninstall(after);
    return { ...plan, files: perform(after, plan) };
  };
  const ours = left(own);
  assert.is(text(ours.files, own), "; mine\n");
  assert.is(text(ours.files, `${own}.edited`), foreign[own]);
  assert.is(ours.notes.length, 2);
  const theirs = left(`${own}.edited`);
  assert.is(text(theirs.files, own), undefined);
  assert.is(text(theirs.files, `${own}.edited`), "; mine\n");
  assert.equal(theirs.notes, [`${own}.edited stays, because we did not make it.`]);
});

test("settings that somebody edited are kept beside the file that replaces them, which is told", () => {
  const file = newDocument(answers("101-103"));
  const replacing = (snapshot: Snapshot) =>
    planInstall(snapshot, file, readSettings(file, "x.conf"), shipped, ["en"], { isReplaced: true });
  const unedited = installed(snapshotOf(admins));
  assert.equal(replacing(unedited).notes, []);
  let snapshot = withFile(unedited, paths.settings, (was) => `${was}; mine\n`);
  const mine = text(snapshot, paths.settings);
  const plan = replacing(snapshot);
  assert.equal(plan.notes, [`${paths.settings}.edited keeps what somebody wrote into our file.`]);
  snapshot = perform(snapshot, plan);
  assert.is(text(snapshot, paths.settings), file);
  assert.is(text(snapshot, `${paths.settings}.edited`), mine);
  assert.equal(replacing(snapshot).changes, [], "twice changes nothing");
  snapshot = perform(snapshot, replacing(withFile(snapshot, paths.settings, () => "; other\n")));
  assert.is(text(snapshot, `${paths.settings}.edited-2`), "; other\n");
  assert.equal(planUninstall(snapshot).notes.length, 2, "both stay, and it says so");
  // Uninstall gives back the file that was there before ours.
  const before = snapshotOf({ ...admins, [paths.settings]: "[general]\n; old\n" });
  const over = perform(before, replacing(before));
  assert.equal(contents(perform(over, planUninstall(over))), contents(before));
});

test("a file that has the name of the backup is kept, and so is the one that is backed up", () => {
  const own = `${paths.own}/features.conf`;
  const before = snapshotOf({ ...foreign, [`${own}.edited`]: foreign[own] as string });
  const snapshot = installed(before);
  assert.is(text(snapshot, `${own}.edited-2`), foreign[own]);
  assert.equal(contents(perform(snapshot, planUninstall(snapshot))), contents(before));
});

test("the manifest of a version that gave nothing back is understood", () => {
  const snapshot = withFile(installed(snapshotOf(foreign)), paths.manifest, (was) =>
    was.replace(/,\s*"displaced": \{[^}]*\}/, ""),
  );
  assert.not.match(text(snapshot, paths.manifest) ?? "", "displaced");
  const plan = planUninstall(snapshot);
  assert.is(plan.notes.length, 2);
  assert.ok(perform(snapshot, plan).files.has(`${paths.own}/features.conf.edited`));
});

test("an endpoint that leaves the directory loses its file", () => {
  const snapshot = installed(snapshotOf(admins), "101-103");
  const plan = planFor(snapshot, "101,103");
  assert.equal(listed(plan), [
    `write ${etc}/smart_transfer.conf`,
    `write ${etc}/smart_transfer.d/directory.conf`,
    `write ${etc}/smart_transfer.d/extensions.conf`,
    `write ${etc}/smart_transfer.d/pjsip.conf`,
    "write /var/lib/asterisk/smart-transfer/manifest.json",
    `delete ${etc}/smart_transfer.d/pjsip-102.conf`,
  ]);
  assert.equal(contents(perform(snapshot, plan)), contents(installed(snapshotOf(admins), "101,103")));
});

test("the line of an older version is taken out of queues.conf with its file, and only that is reloaded", () => {
  for (const queues of ["[sales]\nmember => PJSIP/101\n", ""]) {
    const line = '#tryinclude "smart_transfer.d/queues.conf" ; asterisk-smart-transfer\n';
    const before = snapshotOf({ ...admins, ...(queues === "" ? {} : { [`${etc}/queues.conf`]: queues }) });
    const now = installed(before);
    const old = new Map([
      [`${paths.own}/queues.conf`, "[smart-transfer-101]\n"],
      ...(queues === "" ? [[`${etc}/queues.conf`, line] as const] : []),
    ]);
    const modules = new Set([...withLua, "app_queue.so"]);
    let snapshot: Snapshot = withFile({ ...now, modules }, `${etc}/queues.conf`, (was) => was + line);
    snapshot = withFile(snapshot, `${paths.own}/queues.conf`, () => old.get(`${paths.own}/queues.conf`) ?? "");
    snapshot = withFile(snapshot, paths.manifest, (was) => {
      const manifest = JSON.parse(was);
      for (const [path, content] of old) manifest.made[path] = digest(Buffer.from(content));
      manifest.marked.push(`${etc}/queues.conf`);
      return JSON.stringify(manifest);
    });
    assert.ok(isMarked(snapshot, "queues.conf"));
    const plan = planFor(snapshot, "101-102");
    assert.equal(listed(plan), [
      "write /var/lib/asterisk/smart-transfer/manifest.json",
      ...(queues === "" ? [] : [`write ${etc}/queues.conf`]),
      `delete ${paths.own}/queues.conf`,
      ...(queues === "" ? [`delete ${etc}/queues.conf`] : []),
    ]);
    assert.equal(plan.reloads, ["module reload app_queue.so"]);
    const unloaded = new Set([...withLua].filter((name) => name !== "app_queue.so"));
    assert.equal(planFor({ ...snapshot, modules: unloaded }, "101-102").reloads, []);
    assert.equal(contents(perform(snapshot, plan)), contents(now));
    assert.equal(contents(perform(snapshot, planUninstall(snapshot))), contents(before));
  }
});

test("a lost manifest does not make our own files somebody else's", () => {
  const first = installed(snapshotOf(admins));
  const files = new Map(first.files);
  files.delete(paths.manifest);
  const snapshot = installed({ ...first, files });
  const after = perform(snapshot, planUninstall(snapshot));
  assert.equal(
    [...after.files.keys()].filter((path) => path.startsWith(paths.own)),
    [],
  );
});

test("a manifest that is none is not trusted", () => {
  for (const broken of ["", "{", "null", "[]", "{}", '{"version":1}'])
    assert.throws(
      () => planUninstall(snapshotOf({ [paths.manifest]: broken })),
      /cannot be read as our manifest/,
      broken,
    );
});

const luaLoads = "module reload pbx_lua.so";
const directoryReloads = ["module reload pbx_config.so"];
const allReloads = [...directoryReloads, "module reload res_pjsip.so", "module reload features"];
const reloads: readonly [title: string, change: (snapshot: Snapshot) => Plan, commands: readonly string[]][] = [
  ["a longer ring", (snapshot) => planFor(snapshot, "101-102", { ring_timeout: "30" }), []],
  ["another key", (snapshot) => planFor(snapshot, "101-102", { transfer_key: "*1" }), ["module reload features"]],
  ["other music", (snapshot) => planFor(snapshot, "101-102", { music_class: "jazz" }), ["module reload features"]],
  ["one more", (snapshot) => planFor(snapshot, "101-103"), [...directoryReloads, "module reload res_pjsip.so"]],
  ["one less", (snapshot) => planFor(snapshot, "101"), [...directoryReloads, "module reload res_pjsip.so"]],
  [
    "one who does not transfer",
    (snapshot) => {
      const now = text(snapshot, paths.settings) ?? "";
      return planFrom(snapshot, editedDocument(`${now}\n[109]\ndevice = SIP/x\ntransfer = no\n`, { general: {} }));
    },
    directoryReloads,
  ],
  ["an uninstall", planUninstall, [luaLoads, ...allReloads].reverse()],
];

for (const [title, change, commands] of reloads) {
  test(`reloads, no more than needed: ${title}`, () => {
    assert.equal(change(installed(snapshotOf(admins))).reloads, commands);
  });
}

test("a new dialplan of ours reloads nothing: it is read on first use", () => {
  const snapshot = installed(snapshotOf(admins));
  const document = newDocument(answers("101-102"));
  const newer = { ...shipped, version: "1.2.4", dialplan: "return { new = true }\n" };
  const plan = planInstall(snapshot, document, readSettings(document, "x.conf"), newer, ["en"]);
  assert.equal(listed(plan), [`write ${paths.own}/dialplan.lua`, `write ${paths.manifest}`]);
  assert.equal(plan.reloads, []);
});

test("pbx_lua is loaded where it was not, and unloaded when its file goes", () => {
  const others = allReloads;
  const lua = (modules: ReadonlySet<string> | undefined, files: Record<string, string>) =>
    planFor({ ...snapshotOf(files), modules }, "101").reloads;
  assert.equal(lua(withLua, admins), ["module reload pbx_lua.so", ...others]);
  assert.equal(lua(undefined, admins), ["module reload pbx_lua.so", ...others]);
  assert.equal(lua(withoutLua, without("extensions.lua")), ["module load pbx_lua.so", ...others]);
  const snapshot = { ...installed(snapshotOf(without("extensions.lua"), withoutLua)), modules: withLua };
  assert.equal(planUninstall(snapshot).reloads, ["module unload pbx_lua.so", ...others].reverse());
});

test("an uninstall takes out first what lets people begin a transfer, and pauses before the rest", () => {
  const admin = "[201]\ntype = friend\n";
  const snapshot = installed(
    snapshotOf({ ...admins, [`${etc}/sip.conf`]: admin }, new Set([...withLua, "chan_sip.so"])),
    "101,201=SIP/201",
  );
  const [first, second] = phasesOf(planUninstall(snapshot)) as [Phase, Phase];
  const keyFiles = ["features.conf", "pjsip.conf", "sip.conf"].map((name) => `${etc}/${name}`);
  const ours = ["features.conf", "pjsip-101.conf", "pjsip.conf", "sip-201.conf", "sip.conf"].map(
    (name) => `${paths.own}/${name}`,
  );
  assert.equal(first.changes.map(({ path }) => path).sort(), [...keyFiles, ...ours].sort());
  assert.equal(
    first.reloads,
    ["features", "chan_sip.so", "res_pjsip.so"].map((module) => `module reload ${module}`),
  );
  assert.equal(second.reloads, [...directoryReloads].reverse().concat(luaLoads));
  assert.ok(second.changes.some(({ path }) => path.endsWith("/dialplan.lua")));
});

test("an uninstall leaves a pbx_lua alone that is not loaded: unloading it would fail, loading it nobody asked for", () => {
  for (const files of [admins, without("extensions.lua")]) {
    const snapshot: Snapshot = { ...installed(snapshotOf(files)), modules: withoutLua };
    const lua = planUninstall(snapshot).reloads.filter((command) => command.includes("pbx_lua"));
    assert.equal(lua, []);
  }
});

test("new files look like their neighbours", () => {
  const owner = (snapshot: Snapshot, path: string) => {
    const { uid, gid, mode } = snapshot.files.get(path) ?? snapshot.folders.get(path) ?? { uid: -1, gid: -1, mode: 0 };
    return `${uid}:${gid} ${mode.toString(8)}`;
  };
  const snapshot = installed(snapshotOf(admins));
  for (const path of [paths.settings, `${paths.own}/dialplan.lua`, `${paths.own}/pjsip-101.conf`, `${etc}/pjsip.conf`])
    assert.is(owner(snapshot, path), "105:107 640", path);
  assert.is(owner(snapshot, paths.own), "105:107 755");
  assert.is(owner(snapshot, paths.manifest), "105:107 640");
  assert.is(owner(snapshot, `${data}/sounds/en/smart-transfer`), "0:0 755");
  assert.is(owner(snapshot, `${data}/sounds/en/smart-transfer/dial.gsm`), "0:0 644");
  const bare = installed(snapshotOf({}));
  assert.is(owner(bare, `${etc}/extensions.lua`), "105:107 644");
});

test("a file keeps its own owner and mode", () => {
  const path = `${etc}/features.conf`;
  const base = snapshotOf(admins);
  const mine = { uid: 7, gid: 8, mode: 0o600, content: Buffer.from("x\n") };
  const snapshot: Snapshot = { ...base, files: new Map(base.files).set(path, mine) };
  for (const plan of [planFor(snapshot, "101"), planUninstall(installed(snapshot))]) {
    const change = plan.changes.find((one) => one.path === path);
    assert.equal([change?.owner.uid, change?.owner.gid, change?.owner.mode], [7, 8, 0o600]);
  }
});

test("the generated files of a small directory", () => {
  const document = `${newDocument(answers("1,10,201=PJSIP/alice"))}\n[101]\ndevice = PJSIP/101\ntransfer = no\n`;
  const files = generatedFiles(readSettings(document, "x.conf"), shipped, { spoken: ["en", "ru"] });
  const head = "; Made by asterisk-smart-transfer from smart_transfer.conf. Do not edit: `install` makes it anew.\n";
  const endpoint = (name: string) =>
    `${head}\n[${name}](+type=endpoint)\nset_var = DYNAMIC_FEATURES=smart-transfer\nset_var = TRANSFER_CONTEXT=smart-transfer-button-default\n`;
  const { "extensions.conf": extensions = "", ...others } = Object.fromEntries(files);
  for (const extension of ["1", "10", "201", "101"]) assert.match(extensions, `\nexten => ${extension},1,`);
  assert.match(
    extensions,
    "[smart-transfer-button-default]\ninclude => smart-transfer-directory\ninclude => default\n",
  );
  const identity = `1.2.3, dialplan ${fingerprint("return {}\n")}`;
  assert.equal(others, {
    "dialplan.lua": `-- asterisk-smart-transfer ${identity}\nSMART_TRANSFER_DIALPLAN = "${identity}"\nreturn {}\n`,
    "directory.conf": `${head}
[prefixes1]
1 = yes

[prefixes2]
2 = yes

[prefixes20]
20 = yes

[prefixes10]
10 = yes

[prefixes1-rehearsal]
1 = yes

[devices1]
PJSIP/1 = 1

[devices10]
PJSIP/10 = 10

[devices]
PJSIP/alice = 201

[devices01]
PJSIP/101 = 101

[transferers]
PJSIP/1 = 1
PJSIP/10 = 10
PJSIP/alice = 201

[spoken]
en = yes
ru = yes
`,
    "features.conf": `${head}
[applicationmap]
smart-transfer => #,self,Gosub(smart-transfer-digits,s,1),default
; The caller presses it; the mobile's leg, their peer, sends them back and is released.
smart-transfer-return => *0,peer,BlindTransfer(s,smart-transfer-recall)
`,
    "pjsip-1.conf": endpoint("1"),
    "pjsip-10.conf": endpoint("10"),
    "pjsip-alice.conf": endpoint("alice"),
    "pjsip.conf": `${head}
#tryinclude "smart_transfer.d/pjsip-1.conf"
#tryinclude "smart_transfer.d/pjsip-10.conf"
#tryinclude "smart_transfer.d/pjsip-alice.conf"
`,
  });
});

test("the contexts of extensions.conf go nowhere but to what is there", () => {
  const text = generatedFiles(settingsOf("101"), shipped).get("extensions.conf") ?? "";
  const made = [...text.matchAll(/^\[([\w-]+)\]$/gm)].map(([, name]) => name);
  const lua: readonly string[] = loadedContexts();
  const sections = text.split(/^\[(?=[\w-]+\]$)/m).slice(1);
  for (const section of sections) {
    const labels = [...section.matchAll(/^ same => n\((\w+)\)/gm)].map(([, label]) => label);
    for (const [, label] of section.matchAll(/\?:?(\w+)\)$/gm))
      assert.ok(labels.includes(label), `${label} in [${section}`);
    for (const [, context] of section.matchAll(/(?:Goto\(|BlindTransfer\(.*,)(smart-transfer[\w-]*)/g))
      assert.ok(made.includes(context) || lua.includes(context ?? ""), context);
    assert.is(section.split("{").length, section.split("}").length, section);
    assert.is(section.split("(").length, section.split(")").length, section);
  }
  assert.ok(made.includes("smart-transfer-digits") && made.includes("smart-transfer-answered"));
});

test("the fingerprint is that of the bytes", () => {
  assert.is(fingerprint("return {}\n"), fingerprint(Buffer.from("return {}\n")));
  assert.match(fingerprint(""), /^e3b0c44298fc1c14$/);
});

test("one endpoint, one addition, though it serves several extensions; other channels have none", () => {
  const files = generatedFiles(settingsOf("101=PJSIP/a&PJSIP/b,102=PJSIP/b,103=SIP/c"), shipped);
  const endpoints = [...files.keys()].filter((name) => name.startsWith("pjsip-"));
  assert.equal(endpoints, ["pjsip-a.conf", "pjsip-b.conf"]);
  const index = files.get("directory.conf") ?? "";
  assert.match(index, "PJSIP/b = 101\n");
  assert.match(index, "SIP/c = 103\n");
});

test("the peers of chan_sip get theirs; of sip.conf and pjsip.conf only those are touched that are needed", () => {
  const own = new Map([["SIP/c", { context: "sales", name: "", variables: { DYNAMIC_FEATURES: "x" } }]]);
  const files = generatedFiles(settingsOf("103=SIP/c,104=SIP/d"), shipped, { endpoints: own });
  assert.is(
    (files.get("sip-c.conf") ?? "").split("\n\n")[1],
    "[c](+)\nsetvar = DYNAMIC_FEATURES=x#smart-transfer\nsetvar = TRANSFER_CONTEXT=smart-transfer-button-sales\n",
  );
  const both = { ...admins, [`${etc}/sip.conf`]: "[c]\ntype=friend\n" };
  const snapshot = installed(snapshotOf(both), "103=SIP/c");
  assert.match(text(snapshot, `${etc}/sip.conf`) ?? "", '[c]\ntype=friend\n#tryinclude "smart_transfer.d/sip.conf"');
  assert.is(text(snapshot, `${etc}/pjsip.conf`), admins[`${etc}/pjsip.conf`]);
  const moved = perform(snapshot, planFor(snapshot, "103=PJSIP/c"));
  assert.is(text(moved, `${etc}/sip.conf`), "[c]\ntype=friend\n", "our line goes when nobody needs it");
  assert.match(text(moved, `${etc}/pjsip.conf`) ?? "", "smart_transfer.d/pjsip.conf");
  assert.not.ok([...moved.files.keys()].some((path) => /smart_transfer\.d\/sip[-.]/.test(path)));
  assert.not.ok(
    installed(snapshotOf(admins), "103").files.has(`${etc}/sip.conf`),
    "sip.conf is never made for nothing",
  );
});

test("endpoints are grouped so that there are at most 250 files, each endpoint in one", () => {
  for (const count of [1, 249, 250, 251, 500, 501, 1000, 9999]) {
    const files = generatedFiles(settingsOf(`10000-${10_000 + count - 1}`), shipped);
    const groups = [...files].filter(([name]) => name.startsWith("pjsip-"));
    assert.ok(groups.length <= 250, `${count}: ${groups.length} files`);
    assert.ok(count > 250 || groups.length === count, `${count}: ${groups.length} files`);
    const endpoints = groups.flatMap(([, one]) => [...one.matchAll(/^\[(\d+)\]\(\+type=endpoint\)$/gm)]);
    assert.is(new Set(endpoints.map(([, name]) => name)).size, count);
    assert.is(endpoints.length, count);
    // The files are named: with a pattern Asterisk reads all of them again at every reload.
    const included = [
      ...(files.get("pjsip.conf") ?? "").matchAll(/^#tryinclude "smart_transfer.d\/([\w-]+\.conf)"$/gm),
    ];
    assert.equal(
      included.map(([, name]) => name),
      groups.map(([name]) => name),
    );
  }
});

test("no device leads out of smart_transfer.d", () => {
  for (const device of ["PJSIP/a/b", "PJSIP/a/../../extensions", "PJSIP/../x", "PJSIP/."]) {
    let names: string[];
    try {
      names = [...generatedFiles(settingsOf(`101=${device}`), shipped).keys()];
    } catch {
      continue; // Refused by the settings: as good.
    }
    for (const name of names) assert.not.match(name, "/", device);
  }
});

test("what an endpoint has of its own is said again with ours", () => {
  const own = new Map([
    [
      "PJSIP/101",
      { context: "internal", name: "", variables: { DYNAMIC_FEATURES: "automixmon#x", TRANSFER_CONTEXT: "sales" } },
    ],
    ["PJSIP/102", { context: "internal", name: "", variables: { LANG: "ru" } }],
  ]);
  const snapshot: Snapshot = { ...snapshotOf(admins), endpoints: own };
  const after = installed(snapshot, "101-103");
  const added = (name: string) => /\n(set_var.*)$/s.exec(text(after, `${paths.own}/pjsip-${name}.conf`) ?? "")?.[1];
  const lines = (features: string, context: string) =>
    `set_var = DYNAMIC_FEATURES=${features}\nset_var = TRANSFER_CONTEXT=smart-transfer-button-${context}\n`;
  assert.is(added("101"), lines("automixmon#x#smart-transfer", "sales"));
  assert.is(added("102"), lines("smart-transfer", "internal"));
  assert.is(added("103"), lines("smart-transfer", "default"));
});

test("whose own lines say all that we would is not added to, and their context is made whatever the settings say", () => {
  const endpoint = (variables: Record<string, string>) => ({ context: "internal", name: "", variables });
  const key = { DYNAMIC_FEATURES: "mine#smart-transfer" };
  const own = new Map([
    ["PJSIP/101", endpoint({ ...key, TRANSFER_CONTEXT: "smart-transfer-button-sales" })],
    ["PJSIP/102", endpoint(key)],
    ["PJSIP/103", endpoint({ TRANSFER_CONTEXT: "smart-transfer-button-internal" })],
    // An endpoint outside the directory that has the same template.
    ["PJSIP/900", endpoint({ ...key, TRANSFER_CONTEXT: "smart-transfer-button-guests" })],
  ]);
  const made = (button: string) => {
    const files = generatedFiles(
      readSettings(
        `[general]\ntransfer_button = ${button}\n${[101, 102, 103].map((one) => `[${one}]\ndevice = PJSIP/${one}\n`).join("")}`,
        "x",
      ),
      shipped,
      { endpoints: own },
    );
    const contexts = [
      ...(files.get("extensions.conf") ?? "").matchAll(/^\[(smart-transfer-button-.*)\]\n((?:include.*\n)*)/gm),
    ];
    return {
      added: [...files.keys()].filter((name) => name.startsWith("pjsip-")),
      contexts: Object.fromEntries(contexts.map(([, name, includes]) => [name, includes])),
      addition: /\nset_var.*$/s.exec(files.get("pjsip-103.conf") ?? "")?.[0],
    };
  };
  const withButton = (name: string) => `include => smart-transfer-directory\ninclude => ${name}\n`;
  assert.equal(made("yes"), {
    added: ["pjsip-102.conf", "pjsip-103.conf"],
    contexts: {
      "smart-transfer-button-sales": withButton("sales"),
      "smart-transfer-button-internal": withButton("internal"),
      "smart-transfer-button-guests": withButton("guests"),
    },
    addition:
      "\nset_var = DYNAMIC_FEATURES=smart-transfer\nset_var = TRANSFER_CONTEXT=smart-transfer-button-internal\n",
  });
  assert.equal(made("no"), {
    added: ["pjsip-103.conf"],
    contexts: {
      "smart-transfer-button-sales": "include => sales\n",
      "smart-transfer-button-internal": "include => internal\n",
      "smart-transfer-button-guests": "include => guests\n",
    },
    addition: "\nset_var = DYNAMIC_FEATURES=smart-transfer\n",
  });
});

test("a block of ours whose end is gone is refused, with its line, before anything is changed", () => {
  const path = `${etc}/extensions.lua`;
  const snapshot = withFile(installed(snapshotOf(admins)), path, (was) => was.replace(/-- \S+ ends\n/, "mine()\n"));
  for (const plan of [() => planUninstall(snapshot), () => planFor(snapshot, "101")])
    assert.throws(plan, (error: Error) => error.message.startsWith(`${path}, line 2: `));
});

test("a module that does not run is not reloaded", () => {
  const without = new Set(["res_pjsip.so", "app_read.so"]);
  const modules = new Set([...withLua].filter((name) => !without.has(name)));
  const plan = planFor({ ...snapshotOf(admins), modules }, "101");
  const reloads = ["module load app_read.so", luaLoads, "module reload pbx_config.so", "module reload features"];
  assert.equal(plan.reloads, reloads);
});

test("an install that finds pbx_lua not running loads it, though every file is as it should be", () => {
  const snapshot: Snapshot = { ...installed(snapshotOf(admins)), modules: withoutLua };
  const plan = planFor(snapshot, "101-102");
  assert.equal([listed(plan), plan.reloads], [[], ["module load pbx_lua.so"]]);
});

test("an uninstall without the manifest takes out all but the settings, which may be edited", () => {
  for (const files of [admins, without("extensions.lua", "extensions.conf")]) {
    const before = snapshotOf(files);
    const full = installed(before);
    const snapshot: Snapshot = { ...full, files: new Map([...full.files].filter(([path]) => path !== paths.manifest)) };
    const plan = planUninstall(snapshot, shipped.sounds);
    assert.equal(plan.notes.length, 1);
    const after = perform(snapshot, plan);
    const { [paths.settings]: settings, ...others } = contents(after);
    assert.ok(settings);
    assert.equal(others, contents(before));
  }
});

test.run();
