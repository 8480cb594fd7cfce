import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import luaparse from "luaparse";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { parseConf } from "../src/asterisk/conf.ts";
import { extensionSettings } from "../src/contract/extension-settings.ts";
import { kinds } from "../src/contract/kinds.ts";
import { contexts, plainContexts } from "../src/contract/names.ts";
import { readRecord } from "../src/contract/read-record.ts";
import type { Setting } from "../src/contract/setting.ts";
import { generalSettings } from "../src/contract/settings-table.ts";
import { bucketOf } from "../src/installer/plan/directory-index.ts";
import { generatedFiles } from "../src/installer/plan/generated.ts";
import { loaderBlock } from "../src/installer/plan/loader-block.ts";
import { newDocument } from "../src/installer/settings/document.ts";
import { parseExtensions } from "../src/installer/settings/extensions.ts";
import { faultOf } from "../src/installer/settings/fault.ts";
import { readSettings } from "../src/installer/settings/model.ts";
import { promptSettings } from "../src/installer/settings/prompt-settings.ts";
import { luaVersions, unpackLuas } from "../src/sandbox/luas.ts";
import { compileIn, compileWith, sentence, top } from "./compile.ts";

const versions = luaVersions;
const luas = await unpackLuas("lua");
const compilers = await unpackLuas("luac");

function inFolder<T>(story: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "dialplan-"));
  try {
    return story(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const compiled = compileWith({});

test("it compiles without complaint, always to the same bytes, wherever it lies", () => {
  assert.equal(compiled.complaints.map(sentence), []);
  assert.ok(compiled.lua.length > 1000);
  inFolder((folder) => {
    for (const part of ["dialplan", "contract"])
      cpSync(join(top, "src", part), join(folder, "src", part), { recursive: true });
    symlinkSync(join(top, "node_modules"), join(folder, "node_modules"));
    assert.ok(compileIn(folder).lua === compiled.lua);
  });
});

test("it is plain ASCII: files are written as Latin-1", () => {
  assert.not.match(compiled.lua, /[^\n\t -~]/);
});

test("it uses what pbx_lua gives, and of Lua only what every version has and no pcall", () => {
  const given = ["app", "channel", "autoservice_stop", "SMART_TRANSFER_DIALPLAN"];
  const standard = [
    "string",
    "table",
    "math",
    "tonumber",
    "tostring",
    "type",
    "pairs",
    "ipairs",
    "next",
    "select",
    "io",
  ];
  const others = ["error", "assert", "require", "setmetatable", "getmetatable", "rawget", "rawset", "unpack"];
  const { globals } = luaparse.parse(compiled.lua, { luaVersion: "5.1", scope: true }) as unknown as {
    globals: { name: string }[];
  };
  const strange = globals.map(({ name }) => name).filter((name) => ![...given, ...standard, ...others].includes(name));
  assert.equal(strange, []);
  assert.ok(globals.some(({ name }) => name === "app"));
  assert.not.match(compiled.lua, /__TS__/);
});

for (const [at, [program, ...args]] of compilers.entries()) {
  test(`Lua ${versions[at]} takes it`, () => {
    const { status, stderr } = spawnSync(program, [...args, "-p", "-"], { input: compiled.lua, encoding: "utf8" });
    assert.is(status, 0, stderr);
  });
}

test("what Asterisk does not have does not compile", () => {
  const mistakes: [text: string, complaint: RegExp][] = [
    ['app.Playbak("x");', /Playbak/],
    ["app.Playback();", /Expected 1 arguments/],
    ['app.Dial("PJSIP/1", "20", "r");', /not assignable to parameter of type 'number'/],
    ["channel.DIALSTATIS.get();", /DIALSTATIS/],
    ["channel.DEVICE_STATE().get();", /Expected 1 arguments/],
    ["autoservice_halt();", /autoservice_halt/],
  ];
  const text = mistakes.map(([line]) => line).join("\n");
  const complaints = compileWith({ "src/dialplan/mistake.ts": `export {};\n${text}\n` }).complaints.map(sentence);
  for (const [line, complaint] of mistakes)
    assert.ok(
      complaints.some((one) => complaint.test(one)),
      `${line} compiled`,
    );
  assert.is(complaints.length, mistakes.length, complaints.join("\n"));
});

/**
 * Stands for pbx_lua: loads extensions.lua while there is neither `app` nor `channel`, then calls a handler. Prints every
 * application with its arguments and every variable set, with `reads` also every one read; `effects` are what the first, second ... call of an application
 * leaves in variables. As in pbx_lua, who hangs up or goes elsewhere does not come back: a number is raised. Who goes to
 * a context of ours goes on there.
 */
const standIn = `
local scenario = dofile(arg[1])
local values, effects, calls, goes = scenario.values, scenario.effects, {}, nil
dofile(scenario.load)
local function list(...)
  local texts = {}
  for i = 1, select("#", ...) do
    local one = (select(i, ...))
    texts[i] = one == nil and "" or tostring(one)
  end
  return table.concat(texts, ",")
end
local function variable(name)
  return {
    get = function()
      if scenario.reads then print("read " .. name) end
      return values[name]
    end,
    set = function(_, value)
      print("set " .. name .. "=" .. value)
      -- Underscores are how far a variable is inherited, no part of its name.
      values[(name:gsub("^_+", ""))] = value
    end,
  }
end
channel = setmetatable({}, { __index = function(_, name)
  local call = function(_, ...) return variable(name .. "(" .. list(...) .. ")") end
  return setmetatable(variable(name), { __call = call })
end })
app = setmetatable({}, { __index = function(_, name)
  return function(...)
    print(name .. "(" .. list(...) .. ")")
    calls[name] = (calls[name] or 0) + 1
    local effect = (effects[name] or {})[calls[name]] or {}
    for key, value in pairs(effect) do values[key] = value end
    if name == "Goto" then goes = {...} end
    if effect.gone or name == "Hangup" or name == "Goto" then error(-1, 0) end
  end
end })
function autoservice_stop() end
local run = scenario.run or function()
  return extensions[scenario.context][scenario.pattern](scenario.context, scenario.extension)
end
repeat
  goes = nil
  local ok, problem = pcall(run)
  if not ok and type(problem) ~= "number" then print("error: " .. tostring(problem)) end
  local context, extension = goes and goes[1] or "", goes and goes[2]
  local there = extensions and extensions[context]
  run = there and function() return (there[extension] or there["_."])(context, extension) end
until not run
`;

/** Any text, whatever bytes are in it, and tables of texts, as every Lua reads them. */
function lua(value: unknown): string {
  if (typeof value === "string") {
    return `"${[...Buffer.from(value)].map((byte) => `\\${String(byte).padStart(3, "0")}`).join("")}"`;
  }
  if (Array.isArray(value)) return `{ ${value.map(lua).join(", ")} }`;
  const fields = Object.entries(value as object).map(([key, one]) => `[${lua(key)}] = ${lua(one)}`);
  return `{ ${fields.join(", ")} }`;
}

type Values = Readonly<Record<string, string>>;

interface Scenario {
  context?: string;
  pattern?: string;
  extension?: string;
  /** [general] */
  settings?: Values;
  extensions?: string;
  /** Put behind smart_transfer.conf. */
  more?: string;
  values?: Values;
  effects?: Readonly<Record<string, readonly Values[]>>;
  /** What the admin's extensions.lua begins with. */
  admins?: string;
  /** Prints what is read, too. */
  reads?: "yes";
}

/** What AST_CONFIG() answers for a file. */
function asConfig(file: string, text: string): Values {
  const values: Record<string, string> = {};
  for (const section of parseConf(text))
    for (const { name, value } of section.entries) values[`AST_CONFIG(${file},${section.name},${name})`] ??= value;
  return values;
}

/** Everything that the handler does. Asserts that each Lua on this machine does the same. */
function play(scenario: Scenario): string[] {
  const { settings = {}, extensions = "10,101-103,1021", more = "", values = {}, effects = {} } = scenario;
  const { context = contexts.key, pattern = "s", extension = "s", admins = "", reads } = scenario;
  const document = newDocument({ general: settings, directory: parseExtensions(extensions) }) + more;
  const parsed = readSettings(document, "x");
  const files = generatedFiles(parsed, { version: "0", dialplan: compiled.lua }, { spoken: ["en"] });
  return inFolder((folder) => {
    const load = join(folder, "extensions.lua");
    writeFileSync(join(folder, "dialplan.lua"), files.get("dialplan.lua") ?? "");
    writeFileSync(load, `${admins}\n${loaderBlock(join(folder, "dialplan.lua"), true).join("\n")}\n`);
    const read = {
      ...asConfig("smart_transfer.conf", document),
      ...asConfig("smart_transfer.d/directory.conf", files.get("directory.conf") ?? ""),
    };
    const known = { load, context, pattern, extension, values: { ...read, ...values }, effects };
    return runLua(folder, reads ? { ...known, reads } : known);
  });
}

function runLua(folder: string, scenario: object, extra = ""): string[] {
  writeFileSync(join(folder, "stand-in.lua"), standIn);
  writeFileSync(join(folder, "scenario.lua"), `local scenario = ${lua(scenario)}\n${extra}\nreturn scenario\n`);
  const outputs = luas.map(([program, ...args]) => {
    const run = spawnSync(program, [...args, "stand-in.lua", "scenario.lua"], {
      cwd: folder,
      encoding: "utf8",
      timeout: 20_000,
    });
    assert.is(run.status, 0, run.stderr);
    return run.stdout;
  });
  for (const [at, output] of outputs.entries()) assert.is(output, outputs[0], versions[at]);
  const lines = (outputs[0] ?? "").split("\n").slice(0, -1);
  assert.not.ok(
    lines.some((line) => line.startsWith("error: ")),
    lines.join("\n"),
  );
  return lines;
}

const only = (lines: readonly string[], ...names: string[]) =>
  lines.filter((line) => names.some((name) => line.startsWith(`${name}(`) || line.startsWith(`set ${name}=`)));

/** What Read finds, a key each; `#` ends it and is handed over, but not by older Asterisks; "-" is silence, "x" a hang-up. */
function keys(text: string, hash = "#"): readonly Values[] {
  return [...text].map((key) => ({
    SMART_TRANSFER_DIGIT: key === "#" ? hash : "-x".includes(key) ? "" : key,
    READSTATUS: key === "-" ? "TIMEOUT" : key === "x" ? "HANGUP" : "OK",
  }));
}

/** What Read finds in a silence of digit_timeout: it is asked for half a second at a time, and the caller is still there. */
const silence = "------";

/** 101 talks with somebody from outside, and everybody is free. */
const inCall: Values = {
  "CHANNEL(name)": "PJSIP/101-00000001",
  BRIDGEPEER: "PJSIP/trunk-00000002",
  "IMPORT(PJSIP/trunk-00000002,CHANNEL(checkhangup))": "0",
  ...Object.fromEntries(["10", "101", "102", "103", "1021"].map((one) => [`DEVICE_STATE(PJSIP/${one})`, "NOT_INUSE"])),
};
const press = (text: string, more: Scenario = {}) =>
  play({ ...more, values: { ...inCall, ...more.values }, effects: { Read: keys(text), ...more.effects } });

test("digits are taken as soon as they can mean nothing else", () => {
  const cases: [pressed: string, reads: number, receiver: string | undefined][] = [
    ["103", 3, "103"],
    ["1021", 4, "1021"],
    [`102${silence}`, 9, "102"],
    ["102-----1", 9, "1021"],
    ["102#", 4, "102"],
    [`10${silence}`, 8, "10"],
    ["10#", 3, "10"],
    ["103#5", 3, "103"],
    ["#103", 4, "103"],
    ["##10#", 5, "10"],
    [`#-103`, 5, "103"],
    ["#*", 2, undefined],
    ["10*", 3, undefined],
    ["*", 1, undefined],
    ["102*", 4, undefined],
    ["x", 1, undefined],
    ["10x", 3, undefined],
  ];
  for (const [pressed, reads, receiver] of cases)
    for (const hash of ["#", ""]) {
      const lines = press(pressed, { effects: { Read: keys(pressed, hash) } });
      assert.is(only(lines, "Read").length, reads, pressed);
      const transfers = receiver === undefined ? [] : [`BlindTransfer(${receiver},${plainContexts.sent})`];
      assert.equal(only(lines, "BlindTransfer", "Playback"), transfers, pressed);
      assert.is(lines.at(-1), "Return()", pressed);
    }
});

test("from where extensions.conf has stopped, Lua goes on", () => {
  const cases: [before: string, last: string, pressed: string, receiver: string | undefined, more?: Scenario][] = [
    ["10", "3", "", "103"],
    ["102", "-", "", "102"],
    ["102", "#", "", "102"],
    ["10", "*", "", undefined],
    ["", "*", "", undefined],
    ["10", "x", "", undefined],
    ["", "6", "12", "612", { settings: { pass_through: "6XX@queues" } }],
    ["", "9", "103", "103"],
    ["", "-", "103", "103"],
  ];
  for (const [before, last, pressed, receiver, more] of cases) {
    const [values = {}] = keys(last);
    const there = { SMART_TRANSFER_DIGITS: before, "DIALPLAN_EXISTS(queues,612,1)": "1", ...values };
    const lines = press(pressed, { ...more, context: contexts.keyed, values: there });
    const context = more === undefined ? plainContexts.sent : "queues";
    const transfers = receiver === undefined ? [] : [`BlindTransfer(${receiver},${context})`];
    assert.equal(only(lines, "BlindTransfer"), transfers, `${before} ${last} ${pressed}`);
    assert.is(only(lines, "Read").length, pressed.length, `${before} ${last} ${pressed}`);
    assert.is(lines.at(-1), "Return()");
  }
});

/** The caller hangs up after the transfer that these variables of their channel tell of. */
const recorded = (values: Values) =>
  only(
    play({ context: contexts.end, values: { SMART_TRANSFER_STEP: "goodbye", ...values } }),
    "Log",
    "CELGenUserEvent",
  );

test("whatever number a caller shows, the record has the fields that are ours, and it is read back as it was", () => {
  const numbers = [
    "900",
    "",
    "1 from=102 to=103 outcome=answered desk=0.1",
    "1\nNOTICE[1] smart-transfer: caller=1 from=101 to=102 outcome=answered",
    '"Smith" <1>,2;3&4|5\\6',
    "%%20$" + "{SHELL(id)} Jürgen",
    "x".repeat(300),
  ];
  for (const number of numbers) {
    const there = { "CALLERID(num)": number, SMART_TRANSFER_FROM: "101", SMART_TRANSFER_TO: "102" };
    const lines = recorded({ ...there, SMART_TRANSFER_STEPS: " desk=20.0" });
    const [log = "", event = ""] = lines;
    assert.is(lines.length, 2, number);
    const text = log.replace(/^Log\(NOTICE,smart-transfer: (.*)\)$/, "$1");
    assert.is(event, `CELGenUserEvent(SMART_TRANSFER,${text})`);
    const { steps, more: _, ...read } = readRecord(text) ?? { steps: [], more: {} };
    assert.equal(read, { caller: number, from: "101", to: "102", outcome: "abandoned" }, text);
    assert.equal(steps[0], ["desk", 20]);
    assert.is(steps.length, 2, "and the goodbye");
    assert.match(text, /^caller=[!-~]* from=101 to=102 outcome=abandoned desk=20\.0 goodbye=/);
  }
});

test("ordinary numbers stand in the record as they are", () => {
  for (const number of ["+12025550102", "*97#", "alice.smith_2-b"]) {
    const [log = ""] = recorded({ "CALLERID(num)": number, SMART_TRANSFER_TO: "102" });
    assert.match(log, `smart-transfer: caller=${number} from= to=102 outcome=`);
  }
});

test("dial is heard with the first digit only, and every digit may take its time", () => {
  const settings = { digit_timeout: "2", prompt_dial: "my/own" };
  const looks = (count: number) => Array.from({ length: count }, () => "Read(SMART_TRANSFER_DIGIT,,1,t,1,0.5)");
  assert.equal(only(press("---1---0---3", { settings }), "Read"), [
    "Read(SMART_TRANSFER_DIGIT,my/own,1,t,1,0.5)",
    ...looks(11),
  ]);
});

test("what is no extension is invalid as soon as it is clear, again and again, then back to the call", () => {
  const cases: [pressed: string, attempts: string, reads: number, invalids: number, receiver?: string][] = [
    ["999", "3", 3, 3],
    ["9999", "1", 1, 1],
    ["9103", "3", 4, 1, "103"],
    [silence.repeat(3), "3", 18, 3],
    [`#${silence}`.repeat(3), "3", 21, 3],
    [`1${silence}104${silence}`, "2", 10, 2],
    ["19*", "5", 3, 1],
    ["9".repeat(12), "10", 10, 10],
  ];
  for (const [pressed, dial_attempts, reads, invalids, receiver] of cases) {
    const lines = press(pressed, { settings: { dial_attempts } });
    assert.is(only(lines, "Read").length, reads, pressed);
    const said = Array.from({ length: invalids }, () => "Playback(smart-transfer/invalid)");
    assert.equal(only(lines, "Playback"), said, pressed);
    assert.is(only(lines, "BlindTransfer").length, receiver === undefined ? 0 : 1, pressed);
    assert.is(lines.at(-1), "Return()", pressed);
  }
});

test("who cannot be transferred to is refused with the reason, and nobody leaves the call", () => {
  const notReceiving = "\n[104]\ndevice = PJSIP/104\nreceive = no\n";
  const free = { "DEVICE_STATE(PJSIP/104)": "NOT_INUSE" };
  const state = (value: string): Values => ({ "DEVICE_STATE(PJSIP/103)": value });
  const cases: [title: string, pressed: string, prompt: string, scenario: Scenario][] = [
    ["oneself", "101", "invalid", {}],
    [
      "the caller",
      "103",
      "invalid",
      { values: { BRIDGEPEER: "PJSIP/103-0000000a", "IMPORT(PJSIP/103-0000000a,CHANNEL(checkhangup))": "0" } },
    ],
    ["one who does not receive", "104", "invalid", { more: notReceiving, values: free }],
    ["one offline", "103", "unavailable", { values: state("UNAVAILABLE") }],
    ["one who is not there", "103", "unavailable", { values: state("INVALID") }],
  ];
  for (const [title, pressed, prompt, scenario] of cases) {
    const lines = press(pressed, scenario);
    assert.equal(only(lines, "BlindTransfer", "Playback"), [`Playback(smart-transfer/${prompt})`], title);
    assert.is(lines.at(-1), "Return()", title);
  }
});

test("whoever can be reached is, however busy, by any of their phones", () => {
  for (const state of ["NOT_INUSE", "INUSE", "BUSY", "RINGING", "RINGINUSE", "ONHOLD", "UNKNOWN"])
    assert.is(only(press("103", { values: { "DEVICE_STATE(PJSIP/103)": state } }), "BlindTransfer").length, 1, state);
  const two = { extensions: "101,103=PJSIP/a&SIP/b-c" };
  const states = (a: string, b: string) => ({ "DEVICE_STATE(PJSIP/a)": a, "DEVICE_STATE(SIP/b-c)": b });
  for (const [a, b, reached] of [
    ["UNAVAILABLE", "NOT_INUSE", 1],
    ["NOT_INUSE", "UNAVAILABLE", 1],
    ["UNAVAILABLE", "INUSE", 1],
    ["UNAVAILABLE", "INVALID", 0],
  ] as const)
    assert.is(only(press("103", { ...two, values: states(a, b) }), "BlindTransfer").length, reached, `${a} ${b}`);
});

test("channels are known by their device, whatever dashes are in its name", () => {
  const extensions = "101=PJSIP/front-desk,102=PJSIP/front,103=SIP/a-b-c";
  for (const [name, own] of [
    ["PJSIP/front-desk-0000001a", "101"],
    ["PJSIP/front-0000001a", "102"],
    ["SIP/a-b-c-ffffffff", "103"],
  ] as const)
    assert.equal(
      only(press(own, { extensions, values: { "CHANNEL(name)": name } }), "Playback", "BlindTransfer"),
      ["Playback(smart-transfer/invalid)"],
      name,
    );
});

test("a caller who hung up meanwhile is not transferred, and the transferer is not kept", () => {
  const cases = ["103", "9", "-", "1-"].flatMap((pressed) => ["1", ""].map((hungUp) => [pressed, hungUp] as const));
  for (const [pressed, hungUp] of cases) {
    const gone = keys(pressed).map((key) => ({ ...key, "IMPORT(PJSIP/trunk-00000002,CHANNEL(checkhangup))": hungUp }));
    const lines = press("", { effects: { Read: gone } });
    assert.is(only(lines, "Read").length, pressed.length, pressed);
    assert.equal(only(lines, "BlindTransfer", "Playback"), [], pressed);
    assert.is(lines.at(-1), "Return()");
  }
});

/** The caller, Smith, was let go by 101 and goes to 103; both have phones. */
const transferred = (more: Scenario = {}) =>
  play({
    context: contexts.receiver,
    pattern: "_X!",
    extension: "103",
    ...more,
    values: {
      ...inCall,
      BLINDTRANSFER: "PJSIP/101-00000001",
      "CALLERID(name)": "Smith",
      "CALLERID(pres)": "allowed_not_screened",
      "CALLERID(num)": "900",
      "PJSIP_DIAL_CONTACTS(101)": "PJSIP/101/sip:101@10.0.0.1",
      "PJSIP_DIAL_CONTACTS(103)": "PJSIP/103/sip:a@10.0.0.3&PJSIP/103/sip:b@10.0.0.4",
      ...more.values,
    },
  });
const unanswered = (...statuses: string[]) => ({ Dial: statuses.map((DIALSTATUS) => ({ DIALSTATUS })) });
const noAnswer = unanswered(...Array.from({ length: 30 }, () => "NOANSWER"));
const whenRung = "b(smart-transfer-rung^s^1(103@smart-transfer-rung))U(smart-transfer-answered)";
const ringReceiver = `Dial(PJSIP/103/sip:a@10.0.0.3&PJSIP/103/sip:b@10.0.0.4,20,dir${whenRung})`;

test("the receiver is rung on all their phones, and an answer ends the transfer", () => {
  const lines = transferred({ effects: { Dial: [{ gone: "yes" }] } });
  assert.is(lines.at(-1), ringReceiver);
  assert.equal(only(lines, "Playback", "Hangup", "Goto"), []);
});

test("of what a phone registered, only a plain address of that endpoint gets near Dial; else the endpoint is rung", () => {
  const dialled = (contacts: string) => {
    const values = { "PJSIP_DIAL_CONTACTS(103)": contacts };
    const lines = transferred({ values, effects: { Dial: [{ gone: "yes" }] } });
    const [dial = ""] = only(lines, "Dial");
    assert.ok(dial.startsWith("Dial(") && dial.endsWith(`,20,dir${whenRung})`), dial);
    return [dial.slice("Dial(".length, -`,20,dir${whenRung})`.length), only(lines, "Log").length];
  };
  for (const uri of [
    "sip:103@10.0.0.3:5060;transport=TCP;ob",
    "sips:103@example.com",
    "sip:10.0.0.3",
    "sip:a%20b@10.0.0.3;pn-tok=a:b/c+d_e~f;x='y'",
    "sip:103@[2001:db8::1]:5060",
  ])
    assert.equal(dialled(`PJSIP/103/${uri}`), [`PJSIP/103/${uri}`, 0], uri);
  for (const contacts of [
    "PJSIP/103/sip:x&PJSIP/trunk/sip:+1900@10.0.0.9",
    "PJSIP/103/sip:x&PJSIP/trunk",
    "PJSIP/103/sip:x&Local/1@internal",
    "PJSIP/103/sip:x@10.0.0.3&",
    "PJSIP/103/sip:a@h&PJSIP/1031/sip:b@h",
    "PJSIP/103/sip:a@h&PJSIP/103",
    "PJSIP/103/tel:+1900",
    "PJSIP/103/sip:",
    ...[...'\n\r ,;|^"()[]{}$\\<>`\0é']
      .filter((letter) => letter !== ";")
      .map((letter) => `PJSIP/103/sip:x${letter}y@h`),
    "PJSIP/103/sip:103@h;x=[",
    "PJSIP/103/sip:103@[2001:db8::1;x=]",
    "PJSIP/103/sip:103@[x]",
  ].filter((contacts) => !contacts.includes("\0")))
    assert.equal(dialled(contacts), ["PJSIP/103", 1], contacts);
});

test("a transfer asks no more in a directory of 2,000 than in one of 10", () => {
  const asked = (extensions: string) => {
    const more = { extensions, reads: "yes" } as const;
    const lines = [...press("103", more), ...transferred({ ...more, effects: { Dial: [{ gone: "yes" }] } })];
    assert.ok(only(lines, "BlindTransfer").length === 1 && lines.includes(ringReceiver));
    return lines.filter((line) => line.startsWith("read ")).length;
  };
  const few = asked("100-109");
  assert.is(asked("100-109,2000-3989"), few);
  // Each is a look into a file that Asterisk has in memory, or a variable: 5 to 70 us.
  assert.ok(few <= 63, `${few} reads`);
});

/** This is node a; 103 is at home here, and 201 at node b. */
const twoNodes: Values = {
  "AST_CONFIG(smart_transfer.d/directory.conf,node,self)": "a",
  "AST_CONFIG(smart_transfer.d/directory.conf,peers,b)": "smart-transfer-b",
  "AST_CONFIG(smart_transfer.d/directory.conf,trunks,PJSIP/smart-transfer-b)": "b",
  "AST_CONFIG(smart_transfer.d/directory.conf,prefixes2,2)": "yes",
  "AST_CONFIG(smart_transfer.d/directory.conf,prefixes20,20)": "yes",
  "AST_CONFIG(smart_transfer.conf,101,node)": "a",
  "AST_CONFIG(smart_transfer.conf,103,node)": "a",
  "AST_CONFIG(smart_transfer.conf,201,device)": "PJSIP/201",
  "AST_CONFIG(smart_transfer.conf,201,node)": "b",
  "PJSIP_DIAL_CONTACTS(smart-transfer-b)": "PJSIP/smart-transfer-b/sip:10.99.0.2",
  "STRFTIME(,,%s%6q)": "1700000000000000",
  "STRFTIME(,,%s%3q)": "1700000000000",
};
const acrossTo = (dialled: string, seconds: number, heard: string) =>
  `Dial(PJSIP/${dialled}@smart-transfer-b,${seconds},di${heard}b(smart-transfer-rung^s^1(201@smart-transfer-rung))U(smart-transfer-answered))`;
const sentAcross = (more: Scenario = {}) =>
  transferred({ extension: "201", ...more, values: { ...twoNodes, ...more.values } });

test("a remote receiver is rung at their home node, which tells by the cause how it went", () => {
  const cases: [status: string, cause: string, reason: string][] = [
    ["NOANSWER", "19", "no answer"],
    ["NOANSWER", "", "no answer"],
    ["CHANUNAVAIL", "21", "declined"],
    ["CHANUNAVAIL", "29", "dnd"],
    ["CHANUNAVAIL", "27", "offline"],
    ["CHANUNAVAIL", "3", "offline"],
    ["CHANUNAVAIL", "1", "offline"],
    ["CONGESTION", "34", "offline"],
  ];
  for (const [DIALSTATUS, HANGUPCAUSE, reason] of cases) {
    const lines = sentAcross({ effects: { Dial: [{ DIALSTATUS, HANGUPCAUSE }, { gone: "yes" }] } });
    assert.is(only(lines, "Dial")[0], acrossTo("201", 22, "r"), reason);
    assert.ok(lines.includes(`set __SMART_TRANSFER_ALERT=RT 201 ${reason}: Smith`), reason);
  }
});

test("while nobody sees their home node, nothing is dialled: the caller comes back at once", () => {
  const lines = sentAcross({
    values: { "PJSIP_DIAL_CONTACTS(smart-transfer-b)": "" },
    effects: { Dial: [{ gone: "yes" }] },
  });
  assert.is(only(lines, "Dial").length, 1);
  assert.match(only(lines, "Dial")[0] ?? "", /^Dial\(PJSIP\/101\//);
  assert.ok(lines.includes("set __SMART_TRANSFER_ALERT=RT 201 offline: Smith"));
});

test("the caller waits at the home node of the receiver, from when they came", () => {
  const busy = { DIALSTATUS: "BUSY", HANGUPCAUSE: "17", "STRFTIME(,,%s%3q)": "1700000003500" };
  const cases: [after: Values, reason: string][] = [
    [{ DIALSTATUS: "BUSY", HANGUPCAUSE: "17" }, "busy"],
    [{ DIALSTATUS: "NOANSWER", HANGUPCAUSE: "19" }, "no answer"],
    // The receiver's node is dead, and the time that this node allows is over.
    [{ DIALSTATUS: "NOANSWER", HANGUPCAUSE: "17", "STRFTIME(,,%s%3q)": "1700000145500" }, "busy"],
    [{ DIALSTATUS: "CHANUNAVAIL", HANGUPCAUSE: "3" }, "offline"],
  ];
  for (const [after, reason] of cases) {
    const lines = sentAcross({ effects: { Dial: [busy, after, { gone: "yes" }] } });
    const [desk, line] = only(lines, "Dial");
    assert.equal([desk, line], [acrossTo("201", 22, "r"), acrossTo("line-201-3500", 142, "m(default)")], reason);
    assert.ok(lines.includes(`set __SMART_TRANSFER_ALERT=RT 201 ${reason}: Smith`), reason);
  }
});

test("before the transferer lets go of the caller, the home node of a remote receiver is asked", () => {
  const ask = "Dial(PJSIP/ask-201@smart-transfer-b,2,iU(smart-transfer-asked))";
  const cases: [cause: string, prompt: string | undefined, mobile?: boolean][] = [
    ["22", undefined],
    ["17", undefined],
    ["27", "unavailable"],
    ["1", "unavailable"],
    ["21", "unavailable"],
    ["27", undefined, true],
    ["29", "unavailable"],
    ["29", "unavailable", true],
  ];
  for (const [HANGUPCAUSE, prompt, mobile] of cases) {
    const lines = press("201", {
      settings: mobile ? { mobile_dial: "PJSIP/$" + "{NUMBER}@trunk" } : {},
      values: { ...twoNodes, ...(mobile && { "AST_CONFIG(smart_transfer.conf,201,mobile)": "900" }) },
      effects: { Read: keys("201"), Dial: [{ HANGUPCAUSE }] },
    });
    const then =
      prompt === undefined ? `BlindTransfer(201,${plainContexts.sent})` : `Playback(smart-transfer/${prompt})`;
    assert.equal(only(lines, "Dial", "BlindTransfer", "Playback"), [ask, then], `${HANGUPCAUSE} ${mobile}`);
  }
  const gone = press("201", { values: { ...twoNodes, "PJSIP_DIAL_CONTACTS(smart-transfer-b)": "" } });
  assert.equal(only(gone, "Dial", "BlindTransfer", "Playback"), ["Playback(smart-transfer/unavailable)"]);
});

test("busy = ask: the home node says whether a remote receiver is busy; while it is down nothing is asked", () => {
  const cases: [cause: string, isAsked: boolean][] = [
    ["22", false],
    ["17", true],
  ];
  for (const [HANGUPCAUSE, isAsked] of cases) {
    const lines = press("201", {
      settings: { busy: "ask" },
      values: twoNodes,
      effects: { Read: keys("201"), Dial: [{ HANGUPCAUSE }, { HANGUPCAUSE }] },
    });
    assert.is(only(lines, "BlindTransfer").length, isAsked ? 0 : 1, HANGUPCAUSE);
    assert.is(/smart-transfer\/occupied/.test(lines.join("\n")), isAsked, HANGUPCAUSE);
  }
  const gone = press("201", {
    settings: { busy: "ask", mobile_dial: "PJSIP/$" + "{NUMBER}@trunk" },
    values: {
      ...twoNodes,
      "PJSIP_DIAL_CONTACTS(smart-transfer-b)": "",
      "AST_CONFIG(smart_transfer.conf,201,mobile)": "900",
    },
  });
  assert.equal(only(gone, "Dial", "BlindTransfer"), [`BlindTransfer(201,${plainContexts.sent})`]);
});

test("who calls from another node is believed to be an extension of that node, and nobody else", () => {
  const peer = "PJSIP/smart-transfer-b-00000002";
  const cases: [number: string, receiver: string, prompt: string | undefined][] = [
    ["201", "201", "invalid"],
    ["103", "103", undefined],
    ["201,x", "201", undefined],
    ["", "201", undefined],
  ];
  for (const [number, receiver, prompt] of cases) {
    const lines = press(receiver, {
      values: {
        ...twoNodes,
        BRIDGEPEER: peer,
        [`IMPORT(${peer},CHANNEL(checkhangup))`]: "0",
        [`IMPORT(${peer},CALLERID(num))`]: number,
      },
      effects: { Read: keys(receiver), Dial: [{ HANGUPCAUSE: "17" }] },
    });
    const then =
      prompt === undefined ? `BlindTransfer(${receiver},${plainContexts.sent})` : `Playback(smart-transfer/${prompt})`;
    assert.equal(only(lines, "BlindTransfer", "Playback"), [then], number);
  }
});

/** Another node dials this in our context for them. */
const fromPeer = (extension: string, more: Scenario = {}) =>
  play({
    context: contexts.atHome,
    pattern: "_.",
    extension,
    ...more,
    values: {
      ...inCall,
      ...twoNodes,
      CONTEXT: contexts.atHome,
      "CHANNEL(name)": "PJSIP/smart-transfer-b-00000002",
      "IMPORT(PJSIP/smart-transfer-b-00000002,CALLERID(num))": "201",
      "PJSIP_DIAL_CONTACTS(103)": "PJSIP/103/sip:a@10.0.0.3",
      ...more.values,
    },
  });
const applications = (lines: readonly string[]) => lines.filter((line) => /^[A-Z]\w+\(/.test(line));

test("another node reaches the extensions that are at home here, and nothing else", () => {
  const outside = { pass_through: "6XX@queues", fallback: "100@internal", mobile_dial: "PJSIP/$" + "{NUMBER}@trunk" };
  const values = {
    "DIALPLAN_EXISTS(queues,612,1)": "1",
    "DIALPLAN_EXISTS(internal,100,1)": "1",
    "AST_CONFIG(smart_transfer.conf,104,device)": "PJSIP/104",
    "AST_CONFIG(smart_transfer.conf,104,node)": "a",
    "AST_CONFIG(smart_transfer.conf,104,receive)": "no",
    "AST_CONFIG(smart_transfer.conf,103,mobile)": "900",
  };
  for (const dialled of [
    ..."201 line-201-0 ask-201 104 ask-104 999 612 100 +12025550102 s i general nodes line- line-103-x line-103-1-2 ask".split(
      " ",
    ),
    ..."103@internal 103&PJSIP/900 103,20 Local/103 xx-103 -103 line-line-103 103#900 *97".split(" "),
  ])
    assert.equal(applications(fromPeer(dialled, { settings: outside, values })), ["Hangup(1)"], dialled);
  const rung = fromPeer("103", { settings: outside, values, effects: { Dial: [{ DIALSTATUS: "NOANSWER" }] } });
  const dial =
    "Dial(PJSIP/103/sip:a@10.0.0.3,20,ib(smart-transfer-rung^s^1(103@smart-transfer-rung))U(smart-transfer-answered))";
  assert.equal(applications(rung), [dial, "Hangup(19)"], "no key, no mobile, no fallback");
});

test("another node is told how it went, and nothing is answered or played", () => {
  const state = (value: string): Values => ({ "DEVICE_STATE(PJSIP/103)": value });
  const dnd = { settings: { dnd: "Custom:DND$" + "{EXTENSION}" }, values: { "DEVICE_STATE(Custom:DND103)": "INUSE" } };
  const dialled = (...statuses: Values[]) => ({ effects: { Dial: statuses } });
  const cases: [title: string, extension: string, scenario: Scenario, did: RegExp][] = [
    ["busy", "103", { values: state("INUSE") }, /^Hangup\(17\)$/],
    ["offline", "103", { values: state("UNAVAILABLE") }, /^Hangup\(27\)$/],
    ["not to be disturbed", "103", dnd, /^Hangup\(29\)$/],
    ["busy by hand", "103", dialled({ DIALSTATUS: "BUSY" }), /^Dial\(.*\) Hangup\(17\)$/],
    ["no contact", "103", dialled({ DIALSTATUS: "CHANUNAVAIL" }), /^Dial\(.*\) Hangup\(27\)$/],
    ["asked: free", "ask-103", {}, /^Hangup\(22\)$/],
    ["asked: busy", "ask-103", { values: state("INUSE") }, /^Hangup\(17\)$/],
    ["asked: offline", "ask-103", { values: state("INVALID") }, /^Hangup\(27\)$/],
    ["asked: not to be disturbed", "ask-103", dnd, /^Hangup\(29\)$/],
    ["in line, free", "line-103-0", dialled({ DIALSTATUS: "NOANSWER" }), /^Dial\(.*\) Hangup\(19\)$/],
    [
      "in line, then free",
      "line-103-0",
      { values: state("INUSE"), effects: { Wait: [{}, state("NOT_INUSE")], Dial: [{ DIALSTATUS: "NOANSWER" }] } },
      /^Wait\(0\.5\) Wait\(0\.5\) Dial\(.*\) Hangup\(19\)$/,
    ],
    [
      "in line, and the time is over",
      "line-103-0",
      { values: state("INUSE"), effects: { Wait: [{}, { "STRFTIME(,,%s%3q)": "1700000120000" }] } },
      /^Wait\(0\.5\) Wait\(0\.5\) Hangup\(17\)$/,
    ],
    [
      "in line, and their node is gone: nobody is rung for them",
      "line-103-0",
      {
        values: state("INUSE"),
        effects: { Wait: [{}, { ...state("NOT_INUSE"), "PJSIP_DIAL_CONTACTS(smart-transfer-b)": "" }] },
      },
      /^Wait\(0\.5\) Wait\(0\.5\) Hangup\(27\)$/,
    ],
  ];
  for (const [title, extension, scenario, did] of cases)
    assert.match(applications(fromPeer(extension, scenario)).join(" "), did, title);
});

test("who waited at their own node takes a place from then on, at most a minute ago", () => {
  for (const [dialled, ticket] of [
    ["line-103-3500", "103-1699999996500000007"],
    ["line-103-0", "103-1700000000000000007"],
    ["line-103-99999999999999", "103-1699999940000000007"],
  ] as const) {
    const lines = fromPeer(dialled, { values: { UNIQUEID: "1700000000.7" }, effects: { Dial: [{ gone: "yes" }] } });
    assert.ok(lines.includes(`set GROUP(smart-transfer-tickets)=${ticket}`), lines.join("\n"));
  }
});

test("Asterisk's own keys: each node gives them to its own side of a call", () => {
  const answered = { settings: { dial_options: "tTkK" }, effects: { Dial: [{ gone: "yes" }] } };
  assert.match(only(sentAcross(answered), "Dial")[0] ?? "", /,22,dirTKb\(/);
  assert.match(only(fromPeer("103", answered), "Dial")[0] ?? "", /,20,itkb\(/, "whoever they say that they are");
});

test("where there are nodes, the record says which one", () => {
  const there = { ...twoNodes, SMART_TRANSFER_TO: "201", SMART_TRANSFER_STEPS: " desk=1.0" };
  const [log = ""] = recorded(there);
  assert.match(log, / goodbye=[\d.]+ node=a\)$/);
  assert.equal(readRecord(/caller=.*(?=\)$)/.exec(log)?.[0] ?? "")?.more, { node: "a" });
});

test("both know the same bucket for a key", () => {
  const { lua: checks, complaints } = compileWith({
    "src/dialplan/main.ts": 'export { indexed } from "./config";\n',
  });
  assert.equal(complaints, []);
  const names = [
    "1",
    "10",
    "102",
    "0012",
    "PJSIP/102",
    "PJSIP/102-desk",
    "SIP/alice",
    "PJSIP/0004F2AB1CdE",
    "a1b2c",
    "",
  ];
  const lines = inFolder((folder) => {
    writeFileSync(join(folder, "checks.lua"), checks);
    writeFileSync(join(folder, "empty.lua"), "");
    const asked = names.map((name) => `dialplan.indexed("x", ${lua(name)})`).join("\n");
    const run = `function scenario.run()\nlocal dialplan = dofile("checks.lua")\n${asked}\nend`;
    return runLua(folder, { load: "empty.lua", values: {}, effects: {}, reads: "yes" }, run);
  });
  assert.equal(
    lines.filter((line) => line.startsWith("read AST_CONFIG")),
    names.map((name) => `read AST_CONFIG(smart_transfer.d/directory.conf,x${bucketOf(name)},${name})`),
  );
  assert.equal(names.map(bucketOf), ["1", "10", "02", "12", "02", "02", "", "1", "2", ""]);
});

/** What GROUP_MATCH_COUNT() answers while these are the tickets; the caller's own channel is number 7. */
function ticketsOf(...tickets: string[]): Values {
  const own = "17000000000000007";
  const digits = [...own];
  const patterns = [
    "^103-[0-9]+$",
    ...digits.flatMap((digit, at) => (digit === "0" ? [] : [`^103-${own.slice(0, at)}[0-${Number(digit) - 1}]`])),
  ];
  const count = (pattern: string) => tickets.filter((one) => new RegExp(pattern).test(one)).length;
  return {
    UNIQUEID: "1700000000.7",
    "STRFTIME(,,%s%6q)": "17000000000000",
    "STRFTIME(,,%s%3q)": "1700000000000",
    ...Object.fromEntries(
      patterns.map((pattern) => [`GROUP_MATCH_COUNT(${pattern}@smart-transfer-tickets)`, String(count(pattern))]),
    ),
  };
}

test("whose ticket is the lowest rings at once, and who comes later waits", () => {
  const own = "103-17000000000000007";
  const cases: [title: string, tickets: string[], before: number][] = [
    ["alone", [own], 0],
    ["one later", [own, "103-17000000000000008"], 0],
    ["one before", ["103-17000000000000006", own], 1],
    ["long before", ["103-16999999999999999", own], 1],
    ["three", ["103-16999999999999999", "103-17000000000000001", own, "103-17000000000000000"], 3],
    ["for others", ["102-16999999999999999", "1031-16999999999999999", own], 0],
  ];
  for (const [title, tickets, before] of cases) {
    const values = ticketsOf(...tickets);
    const lines = transferred({
      settings: { prompt_busy: "my/busy" },
      values: { ...values, "CHANNEL(language)": "en_GB", EPOCH: "100" },
      effects: { Dial: [{ gone: "yes" }], WaitDigit: [{ gone: "yes" }], Read: [{}, {}, { gone: "yes" }] },
    });
    assert.is(only(lines, "Dial").length, before === 0 ? 1 : 0, title);
    const said = only(lines, "Read").map((line) => line.split(",")[1]);
    const position = ["smart-transfer/position", `digits/${before + 1}`];
    assert.equal(said, before === 0 ? [] : ["my/busy", ...position], title);
    const held = only(lines, "GROUP(smart-transfer-tickets)").map((line) => line.split("=")[1]);
    assert.equal(held, before === 0 ? [own, ""] : [own], title);
  }
});

test("nobody looks at the tickets while somebody takes one, and nobody waits for ever for that", () => {
  const arriving = "GROUP_COUNT(103@smart-transfer-arrivals)";
  const answered = { Dial: [{ gone: "yes" }] };
  const soon = transferred({
    values: { [arriving]: "1" },
    effects: { ...answered, Wait: [{}, {}, { [arriving]: "0" }] },
  });
  assert.equal(only(soon, "Wait", "Dial"), ["Wait(0.01)", "Wait(0.01)", "Wait(0.01)", ringReceiver]);
  const stuck = transferred({ values: { [arriving]: "1" }, effects: answered });
  assert.is(only(stuck, "Wait").length, 100);
  assert.is(stuck.at(-1), ringReceiver);
});

test("while phones are rung for somebody, by their channels or since a moment ago, it is nobody else's turn", () => {
  const pattern = "^103(-100|-99)?$";
  const matching = (count: string) => ({ EPOCH: "100", [`GROUP_MATCH_COUNT(${pattern}@smart-transfer-rung)`]: count });
  for (const group of ["103", "103-100", "103-99"]) assert.match(group, new RegExp(pattern));
  for (const group of ["103-98", "1031", "9103", "103-1000"]) assert.not.match(group, new RegExp(pattern));
  const rung = transferred({ values: matching("1"), effects: { Read: [{ gone: "yes" }] } });
  assert.equal(only(rung, "Dial"), []);
  const free = transferred({ values: matching("0"), effects: { Dial: [{ gone: "yes" }] } });
  assert.equal(only(free, "Dial"), [ringReceiver]);
});

test("how a phone is rung follows from the settings", () => {
  const answered = { effects: { Dial: [{ gone: "yes" }] } };
  const cases: [scenario: Scenario, dial: string][] = [
    [{ settings: { ring_timeout: "7", hear: "music" } }, ringReceiver.replace("20,dir", "7,dim(default)")],
    [{ settings: { hear: "music", music_class: "jazz" } }, ringReceiver.replace("20,dir", "20,dim(jazz)")],
    [
      { extensions: "101", more: "\n[103]\ndevice = PJSIP/103\ndial = Local/103@x/n&SIP/y\n" },
      `Dial(Local/103@x/n&SIP/y,20,dir${whenRung})`,
    ],
    [{ extensions: "101,103=SIP/b&PJSIP/101" }, `Dial(SIP/b&PJSIP/101/sip:101@10.0.0.1,20,dir${whenRung})`],
  ];
  for (const [scenario, dial] of cases) {
    const values = { "DEVICE_STATE(SIP/b)": "NOT_INUSE" };
    assert.equal(only(transferred({ ...answered, ...scenario, values }), "Dial"), [dial]);
  }
});

test("nobody answers: the caller is told, and the transferer sees who comes back, from whom and why", () => {
  const lines = transferred({ effects: noAnswer, settings: { recall_attempts: "3", recall_timeout: "9" } });
  const recall = `Dial(PJSIP/101/sip:101@10.0.0.1,9,irb(${contexts.alert}^s^1(101@smart-transfer-rung))U(smart-transfer-answered))`;
  assert.equal(only(lines, "Dial"), [ringReceiver, recall, recall, recall]);
  assert.equal(only(lines, "Playback"), ["Playback(smart-transfer/returning)", "Playback(smart-transfer/goodbye)"]);
  assert.ok(lines.indexOf("Playback(smart-transfer/returning)") < lines.indexOf(recall));
  assert.ok(lines.indexOf("set __SMART_TRANSFER_ALERT=RT 103 no answer: Smith") < lines.indexOf(recall));
  assert.is(only(lines, "__SMART_TRANSFER_ALERT").at(-1), "set __SMART_TRANSFER_ALERT=");
  assert.equal(only(lines, "CALLERID(name)"), [], "the caller's own name stays as it is");
  assert.is(lines.at(-1), "Hangup()");
});

test("the name that a recall shows", () => {
  const cases: [name: string, scenario: Scenario][] = [
    ["RT 103 no answer: Smith", { effects: noAnswer }],
    ["RT 103 no answer: 900", { effects: noAnswer, values: { "CALLERID(name)": "" } }],
    ["RT 103 no answer: anonymous", { effects: noAnswer, values: { "CALLERID(pres)": "prohib_not_screened" } }],
    ["RT 103 no answer: anonymous", { effects: noAnswer, values: { "CALLERID(pres)": "unavailable" } }],
    [
      "RT 103 no answer",
      { effects: noAnswer, values: { "CALLERID(pres)": "unavailable", "CALLERID(name)": "", "CALLERID(num)": "" } },
    ],
    ["RT 103 offline: Smith", { effects: unanswered("CHANUNAVAIL") }],
    ["RT 103 offline: Smith", { values: { "PJSIP_DIAL_CONTACTS(103)": "" } }],
    ["Back. 103 no answer: Smith", { effects: noAnswer, settings: { recall_prefix: "Back." } }],
  ];
  for (const [name, scenario] of cases) {
    const shown = only(transferred(scenario), "__SMART_TRANSFER_ALERT");
    assert.ok(shown.includes(`set __SMART_TRANSFER_ALERT=${name}`), `${name}: ${shown.join("; ")}`);
  }
});

test("an answered recall is the end of it", () => {
  const lines = transferred({ effects: { Dial: [{ DIALSTATUS: "NOANSWER" }, { gone: "yes" }] } });
  assert.match(lines.at(-1) ?? "", /^Dial\(PJSIP\/101\//);
  assert.equal(only(lines, "Hangup", "Goto"), [`Goto(${contexts.recall},101,1)`]);
});

test("between two recalls there is a breath, and more time when one was refused; the caller hears something", () => {
  const refused = unanswered("NOANSWER", "BUSY", "BUSY");
  const waits = (...scenario: Parameters<typeof transferred>) =>
    only(transferred(...scenario), "Playtones", "StartMusicOnHold", "WaitDigit", "StopPlaytones", "StopMusicOnHold");
  const seconds = (count: number) => Array<string>(count).fill("WaitDigit(1)");
  assert.equal(waits({ effects: noAnswer }), ["Playtones(ring)", ...seconds(1), "StopPlaytones()"]);
  assert.equal(waits({ effects: refused }), ["Playtones(ring)", ...seconds(25), "StopPlaytones()"]);
  assert.equal(waits({ effects: refused, settings: { hear: "music" } }), [
    "StartMusicOnHold(default)",
    ...seconds(25),
    "StopMusicOnHold()",
  ]);
});

test("a caller whom nobody took goes to the fallback, or else hears goodbye", () => {
  const fallback = { fallback: "100@internal" };
  const there = { "DIALPLAN_EXISTS(internal,100,1)": "1" };
  const goodbye = ["Playback(smart-transfer/goodbye)", "Hangup()"];
  const cases: [title: string, scenario: Scenario, end: string[]][] = [
    ["a fallback", { settings: fallback, values: there }, ["Goto(internal,100,1)"]],
    ["one that does not exist", { settings: fallback, values: { "DIALPLAN_EXISTS(internal,100,1)": "0" } }, goodbye],
    ["none", {}, goodbye],
  ];
  for (const [title, scenario, end] of cases) {
    const lines = transferred({ ...scenario, effects: noAnswer });
    assert.equal(lines.slice(-end.length), end, title);
    const warned = only(lines, "Log").filter((line) => line.includes("fallback 100@internal does not exist"));
    assert.is(warned.length, title === "one that does not exist" ? 1 : 0, title);
  }
});

test("without a transferer to go back to, the caller goes to the fallback", () => {
  for (const BLINDTRANSFER of ["", "Local/x@y-00000001;1", "IAX2/trunk-9", "PJSIP/-9", "nonsense"]) {
    const lines = transferred({ effects: noAnswer, values: { BLINDTRANSFER } });
    assert.equal(only(lines, "Dial"), [ringReceiver], BLINDTRANSFER);
    assert.equal(lines.slice(-2), ["Playback(smart-transfer/goodbye)", "Hangup()"], BLINDTRANSFER);
  }
});

test("a transferer without a phone costs the caller no time", () => {
  for (const values of [{ "PJSIP_DIAL_CONTACTS(101)": "" }, { "DEVICE_STATE(PJSIP/101)": "UNAVAILABLE" }]) {
    const lines = transferred({ effects: noAnswer, values });
    assert.equal(only(lines, "Dial"), [ringReceiver]);
    assert.equal(only(lines, "Wait"), []);
    assert.is(lines.at(-1), "Hangup()");
  }
});

test("a transferer who is not of the directory is rung by the phone that they transferred with", () => {
  const values = { BLINDTRANSFER: "SIP/shop-7-00000009", "DEVICE_STATE(SIP/shop-7)": "NOT_INUSE" };
  const lines = transferred({ effects: noAnswer, values });
  assert.equal(
    only(lines, "Dial").slice(1),
    Array(2).fill(
      `Dial(SIP/shop-7,25,irb(${contexts.alert}^s^1(SIP/shop-7@smart-transfer-rung))U(smart-transfer-answered))`,
    ),
  );
  assert.equal(
    only(lines, "Log").filter((line) => line.includes("WARNING")),
    [],
  );
});

test("who may not transfer is told so, and is back in the call", () => {
  const own = (name: string) => ({ values: { "CHANNEL(name)": name } });
  const forbidden = "\n[104]\ndevice = PJSIP/104\ntransfer = no\n";
  for (const scenario of [own("PJSIP/900-00000001"), { ...own("PJSIP/104-00000001"), more: forbidden }])
    assert.equal(press("103", scenario).slice(-2), ["Playback(smart-transfer/forbidden)", "Return()"]);
});

test("the transferer's phone is told that it is a recall, whose and why; a number that is withheld stays so", () => {
  const alert = "set PJSIP_HEADER(add,Alert-Info)=<urn:alert:service:recall:transfer>;info=recall";
  const shown = (name: string, presentation: string) => {
    const known = { "CHANNEL(name)": name, ARG1: "101@smart-transfer-rung", SMART_TRANSFER_ALERT: "RT 103 busy: x" };
    const caller = { "CONNECTEDLINE(name)": "Smith", "CONNECTEDLINE(num)": "900", "CONNECTEDLINE(pres)": presentation };
    return play({ context: contexts.alert, values: { ...known, ...caller } });
  };
  const name = "set CONNECTEDLINE(name,i)=RT 103 busy: x";
  const allowed = "set CONNECTEDLINE(pres,i)=allowed_not_screened";
  const goesOn = "Goto(smart-transfer-rung,s,1)";
  assert.equal(shown("PJSIP/101-00000003", "allowed_passed_screen"), [name, allowed, alert, goesOn]);
  for (const presentation of ["prohib_not_screened", "unavailable"]) {
    const number = "set CONNECTEDLINE(num,i)=anonymous";
    assert.equal(shown("PJSIP/101-00000003", presentation), [name, number, allowed, alert, goesOn]);
  }
  const caller = ["NAME=Smith", "NUM=900", "PRES=allowed"].map((one) => `set __SMART_TRANSFER_CALLER_${one}`);
  assert.equal(shown("Local/101@x-00000003;1", "allowed"), [...caller, name, allowed, goesOn]);
});

test("the admin's own contexts are left as they are, and no dialplan is read for them", () => {
  const admins = 'extensions = { mine = { ["100"] = function(c, e) app.NoOp(c, e) end } }\ndofile = nil';
  assert.equal(play({ admins, context: "mine", pattern: "100", extension: "100" }), ["NoOp(mine,100)"]);
});

test("a setting that is wrong falls back to its default, and the log says so", () => {
  const wrong = { "AST_CONFIG(smart_transfer.conf,general,digit_timeout)": "0" };
  const lines = press("*", { values: wrong });
  assert.equal(only(lines, "Read"), ["Read(SMART_TRANSFER_DIGIT,smart-transfer/dial,1,t,1,0.5)"]);
  assert.equal(only(lines, "Log"), [
    'Log(WARNING,smart_transfer.conf: [general] digit_timeout is not a number of seconds: using "3")',
  ]);
});

/** Values good and bad for a setting; a NUL cannot come out of AST_CONFIG(). */
function valuesFor({ kind, min = 0, max, choices = [], default: usual }: Setting): string[] {
  const numbers = [min - 1, min, max, max + 1].map(String);
  const odd = [
    "",
    " ",
    "0",
    "007",
    "1e1",
    "0x1",
    "1.0",
    "-1",
    "+1",
    "x",
    "X",
    "a b",
    "a@b",
    "@",
    "a@",
    "@b",
    "a@b@c",
    "a/b",
  ];
  const devices = [
    "PJSIP/101",
    "PJSIP/101&SIP/b",
    "&",
    "PJSIP/101&",
    "/",
    "PJSIP/",
    "a.b:c+d-e_f",
    "*0",
    "#",
    "ABCD",
    "E",
  ];
  const hostile = [
    "a\nb",
    "a,b",
    "a)b",
    "a(b",
    "a;b",
    "$" + "{x}",
    'a"b',
    "a\\b",
    "a%b",
    "a]b",
    "a[b",
    "a^b",
    "caf\u00e9",
  ];
  const long = [max, max + 1].map((length) => (kind in kinds ? "1".repeat(length) : ""));
  const begun = [`${usual}\n`, `\n${usual}`, `${usual} `, `${usual},x`];
  return [...new Set([...numbers, ...choices, usual, ...odd, ...devices, ...hostile, ...long, ...begun])];
}

test("the dialplan and the installer agree on every value of every setting", () => {
  const { lua: checks, complaints } = compileWith({
    "src/dialplan/main.ts":
      'export { forgetSettings } from "./config";\nexport { extensionSetting, prompt, setting } from "./settings";\n',
  });
  assert.equal(complaints, []);
  const cases = (section: string, rows: readonly Setting[], call: (name: string) => string) =>
    rows.flatMap((row) =>
      valuesFor(row).map((value) => ({
        key: `AST_CONFIG(smart_transfer.conf,${section},${row.name})`,
        row,
        value,
        call,
      })),
    );
  const all = [
    ...cases("general", generalSettings, (name) => `dialplan.setting(${lua(name)})`),
    ...cases("general", promptSettings, (name) => `dialplan.prompt(${lua(name.replace("prompt_", ""))})`),
    ...cases("101", extensionSettings, (name) => `dialplan.extensionSetting("101", ${lua(name)})`),
  ];
  const lines = inFolder((folder) => {
    writeFileSync(join(folder, "checks.lua"), checks);
    const steps = all.map(
      ({ key, value, call, row }) => `values[${lua(key)}] = ${lua(value)}
        dialplan.forgetSettings()
        print("= " .. (${call(row.name)} == ${lua(value)} and "taken" or "refused"))
        values[${lua(key)}] = nil`,
    );
    // In functions of a few steps each: Lua limits how much one of them may hold.
    const groups = Array.from({ length: Math.ceil(steps.length / 20) }, (_, at) => steps.slice(at * 20, at * 20 + 20));
    const run = `local values = scenario.values
      function scenario.run()
        local dialplan = dofile("checks.lua")
        ${groups.map((group) => `;(function()\n${group.join("\n")}\nend)()`).join("\n")}
      end`;
    writeFileSync(join(folder, "empty.lua"), "");
    return runLua(folder, { load: "empty.lua", values: {}, effects: {} }, run);
  });
  let at = 0;
  const warned = new Set<string>();
  for (const { key, row, value } of all) {
    const logged = lines[at]?.startsWith("Log(WARNING,smart_transfer.conf: [") ?? false;
    if (logged) at++;
    const title = `${row.name} = ${JSON.stringify(value.slice(0, 40))}`;
    // A default is taken unchecked, even the empty one of a device.
    const fine = value === row.default || faultOf(row, value) === undefined;
    assert.is(lines[at++], fine ? "= taken" : "= refused", title);
    // A bad value is reported once for each setting and channel.
    assert.is(logged, !fine && !warned.has(key), `${title}: a warning`);
    if (!fine) warned.add(key);
  }
  assert.is(at, lines.length);
});

test.run();
