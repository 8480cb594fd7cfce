import { test } from "uvu";
import * as assert from "uvu/assert";
import { extensionSettings } from "../src/contract/extension-settings.ts";
import { kinds } from "../src/contract/kinds.ts";
import type { Setting } from "../src/contract/setting.ts";
import { generalSettings } from "../src/contract/settings-table.ts";
import { editedDocument, newDocument } from "../src/installer/settings/document.ts";
import { faultOf } from "../src/installer/settings/fault.ts";
import { inspectSettings, readSettings } from "../src/installer/settings/model.ts";
import { generalRows, promptSettings } from "../src/installer/settings/prompt-settings.ts";
import { Problem } from "../src/terminal/problem.ts";

const rows: readonly Setting[] = [...generalRows, ...extensionSettings];
const number = (row: Setting) => "number" in kinds[row.kind];
/** Settings that a new document leaves out, because there is only one node. */
const forNodes = (row: Setting) => row.forNodes === true;
const required = (row: Setting) => "required" in kinds[row.kind];

/** Valid values, other than the default where possible. New kinds add theirs here. */
const samples: Partial<Record<string, readonly string[]>> = {
  keys: ["#", "*", "*0", "ABCD", "##", "0*#9"],
  sound: ["beep", "custom/hello-1", "/var/lib/sounds/my.own_one"],
  name: ["jazz", "Music_2-b"],
  prefix: ["XY", "R. T-_0", "A"],
  destination: ["100@internal", "s@from-internal", "*97@vm.ctx", "operator@default"],
  devices: ["PJSIP/101", "SIP/a-b_c&PJSIP/101&IAX2/x"],
  digit: ["1", "*", "#"],
  code: ["*77", "#7", "*7#", "**"],
  mailbox: ["*$" + "{EXTENSION}@vm", "100@internal"],
  passThrough: ["6XX@queues,7[0-9]@parkedcalls", "_8.@x"],
  states: ["INUSE", "INUSE,RINGING"],
  mobileDial: ["PJSIP/$" + "{NUMBER}@trunk", "DAHDI/g1/$" + "{NUMBER}"],
  number: ["+79120000101", "101", "*72#"],
  dial: ["PJSIP/101@node2", "Local/101@internal/n&PJSIP/x", "SIP/10.0.0.1:5070", "Local/$" + "{EXTENSION}@x/n"],
  dialOptions: ["t", "HhTtKk"],
  secret: ["s3cret", "AZ+/_.-"],
  optionalName: ["b", "transport-tls"],
  dnd: ["Custom:DND$" + "{EXTENSION}", "Custom:$" + "{EXTENSION}-dnd"],
};

function samplesOf(row: Setting): readonly string[] {
  if (row.choices) return row.choices;
  if (number(row)) return [String(row.min ?? 0), String(row.max)];
  return samples[row.kind] ?? [row.default];
}

const hostile = [
  "1\n2",
  "x\n",
  "\nx",
  "a,b",
  "a)b",
  "a(b",
  "a;b",
  "$" + "{x}",
  "Local/$" + "{CALLERID(num)}@x",
  "$" + "[1+1]",
  "%x%",
  'a"b',
  "a'b",
  "a\\b",
  "a\tb",
  "a\rb",
  "a\0b",
  "a|b",
  "a=b",
  "[a]",
  "a^b",
  "a!b",
  "a`b",
  "caf\u00e9",
  "\u0661\u0662",
  "\u200b",
  "\u{1f600}",
  "x".repeat(100_000),
  "1".repeat(100_000),
];

test("defaults pass their own check", () => {
  // An extension's device has no default: it must be given.
  for (const row of rows) if (row.name !== "device") assert.is(faultOf(row, row.default), undefined, row.name);
});

test("names are there once", () => {
  for (const table of [generalRows, extensionSettings])
    assert.is(new Set(table.map(({ name }) => name)).size, table.length);
});

test("what may be passes", () => {
  for (const row of rows)
    for (const value of samplesOf(row)) assert.is(faultOf(row, value), undefined, `${row.name} = ${value}`);
});

test("limits are inclusive", () => {
  for (const row of rows.filter(number)) {
    const { min = 0, max, name } = row;
    const sentence = `must be ${kinds[row.kind].expected} from ${min} to ${max}`;
    for (const value of [min, min + 1, max - 1, max]) assert.is(faultOf(row, String(value)), undefined, name);
    for (const value of [
      min - 1,
      max + 1,
      `${max}0`,
      `${min}.5`,
      `+${max}`,
      `0x${min}`,
      "1e1",
      "",
      " ",
      "ten",
      `${max} `,
    ])
      assert.is(faultOf(row, String(value)), sentence, `${name} = ${value}`);
  }
});

/** How a value begins, of the kinds that have a shape. */
const shapes: Partial<Record<string, string>> = {
  code: "*",
  destination: "100@internal",
  mailbox: "100@internal",
  devices: "PJSIP/101",
  dial: "PJSIP/101",
  dnd: "Custom:DND$" + "{EXTENSION}",
  mobileDial: "PJSIP/$" + "{NUMBER}",
  passThrough: "6XX@queues",
  states: "INUSE",
};

/** What such a value may go on with, where digits may not. */
const goesOn: Partial<Record<string, string>> = { states: "A", dialOptions: "t" };

test("texts are as long as they may be, and no longer", () => {
  for (const row of rows.filter((one) => !number(one) && !one.choices)) {
    const { name, max, kind } = row;
    const filled = (length: number) => (shapes[kind] ?? "").padEnd(length, goesOn[kind] ?? "1");
    assert.is(faultOf(row, filled(max)), undefined, name);
    assert.type(faultOf(row, filled(max + 1)), "string", name);
  }
});

test("only choices can be chosen", () => {
  for (const row of rows.filter(({ choices }) => choices)) {
    const choices = row.choices ?? [];
    for (const choice of choices) assert.is(faultOf(row, choice), undefined);
    for (const value of [
      "",
      "maybe",
      `${choices[0]} `,
      String(choices[0]).toUpperCase(),
      choices.join(","),
      "a".repeat(row.max),
    ])
      assert.is(faultOf(row, value), `must be ${choices.join(" or ")}`, `${row.name} = ${value}`);
  }
});

test("what is required must be there", () => {
  for (const row of rows) assert.is(faultOf(row, "") === undefined, !required(row), row.name);
});

test("hostile values are refused", () => {
  for (const row of rows)
    for (const value of hostile) assert.type(faultOf(row, value), "string", `${row.name} = ${value.slice(0, 20)}`);
});

test("a value has the form that its expectation names", () => {
  const wrong: Partial<Record<string, readonly string[]>> = {
    destination: ["100", "@internal", "100@", "@", "100@a@b"],
    digit: ["12", "A", ""],
    passThrough: ["6XX", "@queues", "6XX@", "6XX@queues,", "6XX@a@b"],
    states: ["inuse", "INUSE,", ",INUSE", "INUSE, RINGING"],
    mobileDial: ["PJSIP/101", "$" + "{NUMBER}", "PJSIP/$" + "{EXTEN}", "PJSIP/$" + "{NUMBER}&PJSIP/1"],
    number: ["1+2", "12 34", "12-34", "+"],
    dial: ["alice", "PJSIP/", "/101", "PJSIP/101&"],
    devices: ["alice", "/", "PJSIP/", "/101", "&", "PJSIP/101&", "&PJSIP/101", "PJSIP/101&&PJSIP/102"],
  };
  for (const row of rows)
    for (const value of wrong[row.kind] ?? []) assert.type(faultOf(row, value), "string", `${row.name} = ${value}`);
});

test("an empty text is the defaults and nobody", () => {
  const { settings, faults } = inspectSettings("");
  assert.equal(faults, []);
  assert.equal(settings.directory, []);
  for (const { name, default: value } of generalSettings) assert.is(settings.general[name], value);
  assert.equal(settings.prompts, Object.fromEntries(promptSettings.map(({ name, default: value }) => [name, value])));
});

test("values are read, defaults filled in", () => {
  const text = [
    "[general]",
    "ring_timeout = 15 ; seconds",
    "recall_prefix =",
    "prompt_dial => my/own",
    "[101]",
    "device = PJSIP/101",
    "[0102]",
    "transfer = no",
    "device=SIP/x&PJSIP/y",
  ].join("\r\n");
  const { general: found, prompts, directory } = readSettings(text, "x.conf");
  assert.is(found.ring_timeout, "15");
  assert.is(found.recall_prefix, "");
  assert.is(found.recall_timeout, "25");
  assert.is(prompts.prompt_dial, "my/own");
  assert.is(prompts.prompt_goodbye, "smart-transfer/goodbye");
  const [one, other] = directory;
  assert.is(directory.length, 2);
  assert.is(one?.extension, "101");
  assert.is(one?.device, "PJSIP/101");
  assert.is(one?.transfer, "yes");
  assert.is(other?.extension, "0102");
  assert.is(other?.device, "SIP/x&PJSIP/y");
  assert.is(other?.transfer, "no");
});

const faulty: readonly [title: string, text: string, line: number, message: RegExp][] = [
  [
    "out of range",
    "[general]\n\nring_timeout = 0\n",
    3,
    /^ring_timeout = 0: it must be a number of seconds from 1 to 600$/,
  ],
  ["no choice", "[general]\nhear = noise\n", 2, /^hear = noise: it must be ringing or music$/],
  ["an unknown key", "[general]\nring_time = 5\n", 2, /^"ring_time" is not a setting of \[general\]$/],
  [
    "one key for two things",
    "[general]\nvoicemail = *$" + "{EXTENSION}@vm\nreturn_key_line = 4\nvoicemail_key = 4\n",
    4,
    /^voicemail_key = 4: it must not be the same as return_key_line$/,
  ],
  [
    "one key for two things, one by default",
    "[general]\nreturn_key_line = 2\nvoicemail = *$" + "{EXTENSION}@vm\n",
    3,
    /^voicemail_key = 2: it must not be the same as return_key_line$/,
  ],
  ["a key of the other table", "[general]\ndevice = PJSIP/1\n", 2, /^"device" is not a setting of \[general\]$/],
  ["a key of [general]", "[101]\ndevice = PJSIP/1\nhear = music\n", 3, /^"hear" is not a setting of \[101\]$/],
  [
    "an unknown section",
    "[general]\n[sales]\n",
    2,
    /^\[sales\] is neither \[general\] nor an extension of up to 20 digits$/,
  ],
  ["an extension too long", `[${"1".repeat(21)}]\ndevice = PJSIP/1\n`, 1, /is neither/],
  ["an extension twice", "[101]\ndevice = PJSIP/1\n[101]\ndevice = PJSIP/2\n", 3, /^\[101\] is there twice$/],
  ["[general] twice", "[general]\nhear = music\n[general]\nring_timeout = 5\n", 3, /twice/],
  ["no device", "; x\n[101]\ntransfer = no\n", 2, /^\[101\] has no device$/],
  ["an empty device", "[101]\ndevice =\n", 2, /device/],
  ["a wrong device", "[101]\ndevice = PJSIP/a b\n", 2, /^device = PJSIP\/a b: it must be a device such as/],
  ["a section behind CRLF", "[general]\r\n[x]\r\n", 2, /^\[x\] is neither/],
  ["behind a block of comments", ";--\n[x]\n--;\n[y]\n", 4, /^\[y\] is neither/],
  // Each of these makes Asterisk ignore the section or the whole file, and nobody who transfers would hear of it.
  ["an extension made a template", "[101](!)\ndevice = PJSIP/1\n", 1, /./],
  ["an entry before any section", "hear = music\n[general]\n", 1, /./],
  ["a header that is not closed", "[general]\nhear = music\n[101\ndevice = PJSIP/1\n", 3, /./],
  ["a line that is none", "[general]\nring_timeout 5\n", 2, /./],
];

for (const [title, text, line, message] of faulty) {
  test(`a fault: ${title}`, () => {
    const [first] = inspectSettings(text).faults;
    assert.is(first?.line, line);
    assert.match(first?.message ?? "", message);
    try {
      readSettings(text, "/etc/x.conf");
      assert.unreachable();
    } catch (error) {
      assert.instance(error, Problem);
      assert.ok((error as Problem).message.startsWith(`/etc/x.conf, line ${line}: ${first?.message}`));
    }
  });
}

test("faults are counted, and what is at fault keeps its default", () => {
  const text = "[general]\nring_timeout = x\nhear = music\nfoo = 1\n[101]\ndevice = PJSIP/1\nreceive = maybe\n";
  const { settings, faults } = inspectSettings(text);
  assert.equal(
    faults.map(({ line }) => line),
    [2, 4, 7],
  );
  assert.is(settings.general.ring_timeout, "20");
  assert.is(settings.general.hear, "music");
  assert.is(settings.directory[0]?.receive, "yes");
  assert.throws(
    () => readSettings(text, "x.conf"),
    (error: Problem) => error.message.endsWith(" (and 2 more).") && error.remedy === "Correct it, then run this again.",
  );
});

test("of what is there twice the first counts, as for AST_CONFIG()", () => {
  const key = inspectSettings("[general]\nring_timeout = 10\nring_timeout = 30\n").settings;
  assert.is(key.general.ring_timeout, "10");
  const section = inspectSettings("[101]\ndevice = PJSIP/a\n[101]\ndevice = PJSIP/b\n").settings;
  assert.equal(
    section.directory.map(({ device }) => device),
    ["PJSIP/a"],
  );
  const parts = inspectSettings("[general]\nhear = music\n[general]\nring_timeout = 5\n").settings;
  assert.is(parts.general.ring_timeout, "20");
});

const directory = [
  { extension: "101", device: "PJSIP/101" },
  { extension: "0201", device: "PJSIP/alice&SIP/bob" },
];

test("a new document gives the answers back, for every setting", () => {
  for (const row of generalRows) {
    for (const value of samplesOf(row)) {
      const settings = readSettings(newDocument({ general: { [row.name]: value }, directory }), "x.conf");
      const read: Record<string, string> = { ...settings.general, ...settings.prompts };
      for (const { name, default: usual } of generalRows)
        assert.is(read[name], name === row.name ? value : usual, name);
      assert.equal(
        settings.directory.map(({ extension, device }) => ({ extension, device })),
        directory,
      );
    }
  }
});

test("a new document is plain ASCII that explains every setting and marks those that install applies", () => {
  const text = newDocument({ general: {}, directory });
  assert.not.match(text, /[^\n -~]/);
  assert.ok(text.endsWith("\n"));
  for (const row of rows) {
    const { name, about, applied } = row;
    const lines = text.split("\n").filter((one) => new RegExp(`^[; ]*${name} =`).test(one));
    if (forNodes(row)) {
      assert.equal(lines, [], name);
      continue;
    }
    assert.ok(
      lines.some((line) => line.includes(`; ${applied ? "(*) " : ""}${about}`)),
      name,
    );
  }
  assert.equal(readSettings(newDocument({ general: {} }), "x.conf").directory, []);
});

/** The lines of one text that the other has not at the same place. */
function changedLines(before: string, after: string): string[] {
  const old = before.split("\n");
  return after.split("\n").filter((line, at) => line !== old[at]);
}

test("an edit changes the one line", () => {
  const whole = newDocument({ general: {}, directory });
  for (const text of [whole, whole.replaceAll("\n", "\r\n"), whole.trimEnd()]) {
    for (const row of generalRows.filter((one) => !forNodes(one))) {
      for (const value of samplesOf(row).filter((one) => one !== row.default)) {
        const edited = editedDocument(text, { general: { [row.name]: value } });
        const changed = changedLines(text, edited);
        assert.is(changed.length, 1, `${row.name} = ${value}`);
        assert.is(changed[0]?.replace(/ +/g, " ").indexOf(`${row.name} = ${value} ; `), 0, changed[0]);
        assert.ok(changed[0]?.trimEnd().endsWith(row.about), changed[0]);
        assert.is(changed[0]?.endsWith("\r"), text.includes("\r"));
        assert.is(edited.split("\n").length, text.split("\n").length);
        const { settings } = inspectSettings(edited);
        assert.is({ ...settings.general, ...settings.prompts }[row.name], value);
        assert.is(editedDocument(edited, { general: { [row.name]: value } }), edited);
      }
    }
  }
});

const edits: readonly [title: string, before: string, after: string][] = [
  ["a value", "[general]\nring_timeout = 5\n", "[general]\nring_timeout = 9\n"],
  ["no spaces", "[general]\nring_timeout=5\n", "[general]\nring_timeout= 9\n"],
  ["an arrow", "[general]\nring_timeout => 5\n", "[general]\nring_timeout => 9\n"],
  ["a comment behind", "[general]\nring_timeout = 5  ; = x\n", "[general]\nring_timeout = 9  ; = x\n"],
  ["a comment right behind", "[general]\nring_timeout=5;x\n", "[general]\nring_timeout= 9 ;x\n"],
  ["no value", "[general]\nring_timeout =\n", "[general]\nring_timeout = 9\n"],
  ["no value, a comment", "[general]\nring_timeout = ; x\n", "[general]\nring_timeout = 9 ; x\n"],
  ["indented", "\t[general]\n\tring_timeout\t=\t5\n", "\t[general]\n\tring_timeout\t=\t9\n"],
  ["CRLF", "[general]\r\nring_timeout = 5\r\n", "[general]\r\nring_timeout = 9\r\n"],
  ["no final newline", "[general]\nring_timeout = 5", "[general]\nring_timeout = 9"],
  ["commented out: put in", "[general]\n;ring_timeout = 5\n", "[general]\nring_timeout = 9\n;ring_timeout = 5\n"],
  [
    "in another section: put in",
    "[general]\n[x]\nring_timeout = 5\n",
    "[general]\nring_timeout = 9\n[x]\nring_timeout = 5\n",
  ],
  ["missing", "[general]\nhear = music\n", "[general]\nring_timeout = 9\nhear = music\n"],
  ["missing, CRLF", "[general]\r\nhear = music\r\n", "[general]\r\nring_timeout = 9\r\nhear = music\r\n"],
  ["no [general]", "; x\n", "; x\n\n[general]\nring_timeout = 9\n"],
  ["no [general], no newline", "; x", "; x\n\n[general]\nring_timeout = 9\n"],
  ["there already", "[general]\nring_timeout=9 ; x", "[general]\nring_timeout=9 ; x"],
  [
    "twice: the one that counts",
    "[general]\nring_timeout = 5\nring_timeout = 7\n",
    "[general]\nring_timeout = 9\nring_timeout = 7\n",
  ],
  ["a block before", "[general]\n;-- a=b --;ring_timeout = 5\n", "[general]\n;-- a=b --;ring_timeout = 9\n"],
  ["an escaped semicolon", "[general]\nring_timeout = a\\;b ; x\n", "[general]\nring_timeout = 9 ; x\n"],
];

for (const [title, before, after] of edits) {
  test(`an edit: ${title}`, () => {
    const answers = { general: { ring_timeout: "9" } };
    assert.is(editedDocument(before, answers), after);
    assert.is(editedDocument(after, answers), after);
    assert.is(editedDocument(before, { general: {} }), before);
  });
}

test("a value within whose line a block comment stands is replaced all the same", () => {
  for (const line of [
    "ring_timeout = ;-- was 4 --; 5",
    "ring_timeout = 5 ;-- was 4 --;",
    "ring_timeout ;-- s --; = 5",
  ]) {
    const edited = editedDocument(`[general]\n${line}\nhear = music\n`, { general: { ring_timeout: "9" } });
    const { settings, faults } = inspectSettings(edited);
    assert.equal(faults, [], edited);
    assert.is(settings.general.ring_timeout, "9", edited);
    assert.is(settings.general.hear, "music", edited);
  }
});

test("several answers at once", () => {
  const text = newDocument({ general: {} });
  const edited = editedDocument(text, { general: { hear: "music", ring_timeout: "9", prompt_dial: "beep" } });
  assert.is(changedLines(text, edited).length, 3);
  assert.is(
    editedDocument(edited, { general: { hear: "ringing", ring_timeout: "20", prompt_dial: "smart-transfer/dial" } }),
    text,
  );
});

const three = [
  "[general]",
  "hear = music",
  "",
  "; Anna",
  "[101]",
  "device = PJSIP/101 ; her desk",
  "receive = no",
  "",
  "; Reception",
  "[102]",
  "device = PJSIP/102",
  "",
  "; Boris",
  "[103]",
  "device = PJSIP/103",
  "",
].join("\n");

const kept = (...extensions: string[]) => extensions.map((extension) => ({ extension, device: `PJSIP/${extension}` }));

test("the directory: the same one changes nothing", () => {
  assert.is(editedDocument(three, { general: {}, directory: kept("101", "102", "103") }), three);
  assert.is(editedDocument(three, { general: {}, directory: kept("103", "101", "102") }), three);
});

test("the directory: a new device changes its line only", () => {
  const edited = editedDocument(three, {
    general: {},
    directory: [{ extension: "101", device: "PJSIP/anna" }, ...kept("102", "103")],
  });
  assert.is(edited, three.replace("device = PJSIP/101 ;", "device = PJSIP/anna ;"));
});

test("the directory: who is new comes at the end", () => {
  const answers = { general: {}, directory: [...kept("101", "102", "103"), { extension: "201", device: "SIP/a" }] };
  assert.is(editedDocument(three, answers), `${three}\n[201]\ndevice = SIP/a\n`);
  assert.is(editedDocument(three.trimEnd(), answers), `${three}\n[201]\ndevice = SIP/a\n`);
  const windows = editedDocument(three.replaceAll("\n", "\r\n"), answers);
  assert.is(windows, `${three}\n[201]\ndevice = SIP/a\n`.replaceAll("\n", "\r\n"));
  assert.is(editedDocument(windows, answers), windows);
});

test("the directory: whoever left goes, with all that is theirs and nothing else", () => {
  const without = (...extensions: string[]) => editedDocument(three, { general: {}, directory: kept(...extensions) });
  for (const left of [["101", "103"], ["102", "103"], ["101", "102"], ["102"], ["101"], []]) {
    const edited = without(...left);
    assert.equal(
      readSettings(edited, "x.conf").directory.map(({ extension }) => extension),
      left,
    );
    assert.is(readSettings(edited, "x.conf").general.hear, "music");
    assert.is(editedDocument(edited, { general: {}, directory: kept(...left) }), edited);
  }
  assert.match(without("102", "103"), "; Reception\n[102]");
  assert.match(without("101", "103"), "; Boris\n[103]");
  assert.match(without("101", "102"), "receive = no\n");
});

test.run();
