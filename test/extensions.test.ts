import { test } from "uvu";
import * as assert from "uvu/assert";
import { isExtensionNumber, parseExtensions, writeExtensions } from "../src/installer/settings/extensions.ts";
import { exitCode, Problem } from "../src/terminal/problem.ts";

const usual = (...extensions: string[]) => extensions.map((extension) => ({ extension, device: `PJSIP/${extension}` }));

test("an extension is 1 to 20 digits", () => {
  for (const text of ["0", "7", "101", "007", "1".repeat(20)]) assert.ok(isExtensionNumber(text), text);
  for (const text of ["", " ", "10 1", "*1", "1#", "-1", "+1", "1.0", "1a", "101\n", "\u0661", "1".repeat(21)])
    assert.not.ok(isExtensionNumber(text), JSON.stringify(text));
});

test("lists are read", () => {
  const cases: [string, { extension: string; device: string }[]][] = [
    ["101", usual("101")],
    ["101-104", usual("101", "102", "103", "104")],
    ["101-101", usual("101")],
    [" 101 , 103 ", usual("101", "103")],
    ["007-011", usual("007", "008", "009", "010", "011")],
    ["0,00,000", usual("0", "00", "000")],
    ["201=PJSIP/alice", [{ extension: "201", device: "PJSIP/alice" }]],
    ["201=SIP/a&PJSIP/b-c", [{ extension: "201", device: "SIP/a&PJSIP/b-c" }]],
    ["110,101-102,201=PJSIP/alice", [...usual("110", "101", "102"), { extension: "201", device: "PJSIP/alice" }]],
    ["12345678901234567890", usual("12345678901234567890")],
  ];
  for (const [list, entries] of cases) assert.equal(parseExtensions(list), entries, list);
  assert.is(parseExtensions("10000-19999").length, 10_000);
});

test("long numbers are counted to the last digit", () => {
  assert.equal(
    parseExtensions("12345678901234567889-12345678901234567891"),
    usual("12345678901234567889", "12345678901234567890", "12345678901234567891"),
  );
});

const errors: readonly [list: string, message: string][] = [
  ["", "--extensions: an entry is empty."],
  ["101,", "--extensions: an entry is empty."],
  ["101,,102", "--extensions: an entry is empty."],
  ["110-101", "--extensions: the range 110-101 runs backwards."],
  ["99-101", "--extensions: the range 99-101 has numbers of different lengths."],
  ["101,101", "--extensions: extension 101 is listed twice."],
  ["101-105,103=PJSIP/alice", "--extensions: extension 103 is listed twice."],
  ["alice", '--extensions: "alice" is no extension.'],
  ["*98", '--extensions: "*98" is no extension.'],
  ["101-", '--extensions: "101-" is no extension.'],
  ["-101", '--extensions: "-101" is no extension.'],
  ["101-102-103", '--extensions: "101-102-103" is no extension.'],
  ["101;102", '--extensions: "101;102" is no extension.'],
  ["101 102", '--extensions: "101 102" is no extension.'],
  ["=PJSIP/101", '--extensions: "=PJSIP/101" is no extension.'],
  ["101=PJSIP/a\nb", '--extensions: "101=PJSIP/a\nb" is no extension.'],
  ["101-105=PJSIP/x", '--extensions: "101-105=PJSIP/x": a range takes no device.'],
  ["101=", '--extensions: "" must be a device such as PJSIP/101, or several joined by &.'],
  ["101=PJSIP/a b", '--extensions: "PJSIP/a b" must be a device such as PJSIP/101, or several joined by &.'],
  ["101=PJSIP/a)", '--extensions: "PJSIP/a)" must be a device such as PJSIP/101, or several joined by &.'],
  [`${"1".repeat(21)}`, `--extensions: ${"1".repeat(21)} is longer than 20 digits.`],
  ["10000-20000", "--extensions: the range 10000-20000 has more than 10000 extensions."],
];

for (const [list, message] of errors) {
  test(`refused: ${JSON.stringify(list)}`, () => {
    try {
      parseExtensions(list);
      assert.unreachable();
    } catch (error) {
      assert.instance(error, Problem);
      assert.is((error as Problem).message, message);
      assert.is((error as Problem).code, exitCode.usage);
      assert.is((error as Problem).remedy, "Give it as 101-110,115,201=PJSIP/alice, or auto.");
    }
  });
}

test("ranges are written where devices are the usual ones", () => {
  const cases: [list: string, written: string][] = [
    ["101", "101"],
    ["101,102", "101-102"],
    ["101,102,103,105,107,108", "101-103,105,107-108"],
    ["102,101", "102,101"],
    ["9,10", "9,10"],
    ["099,100", "099-100"],
    ["1,2,03,04", "1-2,03-04"],
    ["101,102=PJSIP/bob,103", "101,102=PJSIP/bob,103"],
    ["101=PJSIP/101,102", "101-102"],
    ["101=PJSIP/102,102=PJSIP/101", "101=PJSIP/102,102=PJSIP/101"],
  ];
  for (const [list, written] of cases) assert.is(writeExtensions(parseExtensions(list)), written, list);
  assert.is(writeExtensions([]), "");
});

test("what is written is read as the same", () => {
  const directories = [
    usual("1", "2", "10", "11", "100"),
    usual("00", "01", "02", "98", "99"),
    [...usual("101", "102"), { extension: "103", device: "PJSIP/c&SIP/d" }, ...usual("104", "105")],
    usual("9007199254740991", "9007199254740992", "9007199254740993"),
    usual("10000000000000000000", "10000000000000000500", "99999999999999999998", "99999999999999999999"),
  ];
  for (const directory of directories) {
    const written = writeExtensions(directory);
    assert.equal(parseExtensions(written), directory, written);
  }
});

test.run();
