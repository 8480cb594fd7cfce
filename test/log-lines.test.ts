import { test } from "uvu";
import * as assert from "uvu/assert";
import { dateFormat } from "../src/installer/log/date-format.ts";
import { recordLine } from "../src/installer/log/record-line.ts";
import { sifter } from "../src/installer/log/sift.ts";
import { dated, readingOf } from "../src/installer/log/transfers.ts";
import { YearCount } from "../src/installer/log/years.ts";
import { localZone, namedZone, utc } from "../src/installer/log/zone.ts";

const reading = readingOf("%F %T.%3q", localZone);
const isRecord = (line: string) => dated(line, reading) !== undefined;

const told = "caller=900 from=101 to=102 outcome=answered desk=0.1";

/** As Asterisk 16 and 22 write them. */
const real = {
  default: `[2026-11-27 23:22:51.454] NOTICE[13425][C-00000001] Ext. s: smart-transfer: ${told}`,
  plain: `[2026-11-27 23:22:51.454] NOTICE[13425][C-00000001]: Ext. s:4 @ smart-transfer-record: smart-transfer: ${told}`,
  json: `{"hostname":"","timestamp":"2026-11-27 23:22:51.454","identifiers":{"lwp":13425,"callid":"[C-00000001]"},"logmsg":{"location":{"filename":"Ext. s","function":"@ smart-transfer-record","line":4},"level":"NOTICE","message":"smart-transfer: ${told}\\n"}}`,
};

for (const [format, line] of Object.entries(real))
  test(`a record in the logger's format ${format}`, () =>
    assert.equal(recordLine(line), { date: "2026-11-27 23:22:51.454", text: told }));

test("a record without the call's number, of another version's context, of any extension", () => {
  assert.ok(recordLine(real.default.replace("[C-00000001]", "")));
  assert.ok(recordLine(real.plain.replace("smart-transfer-record", "smart-transfer-end")));
  assert.ok(recordLine(real.default.replace("Ext. s:", "Ext. 102:")));
});

const forged = {
  "the dialplan's own words": `[2026-11-27 23:22:51.454] VERBOSE[1][C-00000001] pbx.c: Executing [s@smart-transfer-record:4] Log("PJSIP/900-0", "NOTICE,smart-transfer: ${told}") in new stack`,
  "another level": real.default.replace("NOTICE", "WARNING"),
  "another source": real.default.replace("Ext. s", "chan_sip.c"),
  "a name within another line": `[2026-11-27 23:22:51.454] NOTICE[1][C-00000001] res_pjsip.c: Call from '${real.default}' rejected`,
  "a name behind a dialplan's own words": real.default.replace("smart-transfer:", "From smart-transfer:"),
  "a look-alike of its own beginning": `[2026-11-27 23:22:51.454] WARNING[1] x.c: name] NOTICE[1] Ext. s: smart-transfer: ${told}`,
  "a field more than there is": real.default.replace("caller=900", "caller=900 outcome=answered"),
  "the rest of a line": real.default.slice(4),
  "nothing before it": `smart-transfer: ${told}`,
  "another context, where it is told": real.plain.replace("@ smart-transfer-record", "@ from-trunk"),
  "another context in JSON": real.json.replace("@ smart-transfer-record", "@ from-trunk"),
  "another level in JSON": real.json.replace("NOTICE", "VERBOSE"),
  "a name within a message in JSON": real.json.replace("smart-transfer: caller", "x smart-transfer: caller"),
  "two lines in a message in JSON": real.json.replace("\\n", "\\nx\\n"),
  "half a line in JSON": real.json.slice(0, -9),
};
for (const [what, line] of Object.entries(forged)) test(`no record: ${what}`, () => assert.not(isRecord(line)));

const dates: readonly [format: string, written: string][] = [
  ["%b %e %T", "Nov  7 23:05:09"],
  ["%B %d %H:%M:%S", "November 07 23:05:09"],
  ["%F %T", "2026-11-07 23:05:09"],
  ["%F %T.%3q", "2026-11-07 23:05:09.000"],
  ["%F %T.%q", "2026-11-07 23:05:09.000"],
  ["%F %T.%6q", "2026-11-07 23:05:09.000000"],
  ["%FT%T", "2026-11-07T23:05:09"],
  ["%D %r", "11/07/26 11:05:09 PM"],
  ["%m/%d/%Y %l:%M:%S %P", "11/07/2026 11:05:09 pm"],
  ["%c", "Sat Nov  7 23:05:09 2026"],
  ["%A, %d. %B %Y, %R:%S", "Saturday, 07. November 2026, 23:05:09"],
  ["%Y%m%d-%H%M%S", "20261107-230509"],
  ["%C%y.%m.%d %k:%M:%S", "2026.11.07 23:05:09"],
  ["%-d/%-m/%Y %T", "7/11/2026 23:05:09"],
  ["%Y/%j %T", "2026/311 23:05:09"],
  ["%a %V %F %T %Z", "Sat 45 2026-11-07 23:05:09 CET"],
  ["[%F] (%T) 100%%", "[2026-11-07] (23:05:09) 100%"],
];
for (const [format, written] of dates)
  test(`the dateformat ${format}`, () => {
    const stamp = dateFormat(format).read(written);
    assert.ok(stamp, written);
    assert.is(localZone(stamp, stamp.year ?? 2026), new Date(2026, 10, 7, 23, 5, 9).getTime());
  });

const absolute: readonly [format: string, written: string][] = [
  ["%s", "1794092709"],
  ["%s.%3q", "1794092709.000"],
  ["%FT%T%z", "2026-11-08T01:05:09+0200"],
  ["%F %T %z", "2026-11-07 15:05:09 -0800"],
  ["%F %T %Z", "2026-11-07 23:05:09 UTC"],
];
for (const [format, written] of absolute)
  test(`the dateformat ${format} tells its zone`, () => {
    const stamp = dateFormat(format).read(written);
    assert.ok(stamp);
    assert.is(localZone(stamp, stamp.year ?? 0), Date.UTC(2026, 10, 7, 23, 5, 9));
  });

test("what a dateformat cannot have written is no date", () => {
  for (const text of [
    "",
    "2026-13-07 23:05:09",
    "2026-11-32 23:05:09",
    "2026-11-07 24:05:09",
    "x2026-11-07 23:05:09",
    "2026-11-07 23:05:09x",
  ])
    assert.is(dateFormat("%F %T").read(text), undefined, text);
  assert.is(dateFormat("%T").read("23:05:09"), undefined, "it does not tell the day");
  assert.is(dateFormat("%b %e %T").read("Foo  7 23:05:09"), undefined);
});

test("an older dateformat, and one that nothing explains", () => {
  const unread: string[] = [];
  const usual = readingOf("%F %T", utc, (date) => unread.push(date));
  assert.ok(dated(real.default.replace("2026-11-27 23:22:51.454", "Nov 27 23:22:51"), usual));
  assert.is(dated(real.default.replace("2026-11-27", "yesterday"), usual), undefined);
  assert.equal(unread, ["yesterday 23:22:51.454"]);
});

test("months of other languages", () => {
  const month = (text: string) => dateFormat("%e %b %Y %T").read(` 7 ${text} 2026 23:05:09`)?.month;
  const rows: readonly [name: string, month: number][] = [
    ["Nov", 11],
    ["нояб.", 11],
    ["ноя", 11],
    ["мая", 5],
    ["Mär", 3],
    ["Dez", 12],
    ["févr.", 2],
    ["août", 8],
    ["ene", 1],
    ["11月", 11],
    ["gru", 12],
  ];
  for (const [name, wanted] of rows) assert.is(month(name), wanted, name);
});

test("years that are not named follow from the last line, back through each new year", () => {
  const { read } = dateFormat("%b %e %T");
  const count = new YearCount();
  const stamps = [
    "Mar  3 10:00:00",
    "Dec 31 23:59:59",
    "Jan  1 00:00:00",
    "Jan  1 00:00:00",
    "Nov 30 10:00:00",
    "Feb  2 10:00:00",
  ].map((text) => read(text));
  const turns = stamps.map((stamp) => stamp && count.add(stamp));
  assert.equal(turns, [0, 0, 1, 1, 1, 2]);
  assert.is(count.firstYear(new Date(2026, 1, 2, 10).getTime(), localZone), 2024);
  assert.is(count.firstYear(new Date(2026, 0, 2, 10).getTime(), localZone), 2023, "the last one was not to come yet");
});

test("other machines' clocks", () => {
  const stamp = { month: 7, day: 1, hour: 12, minute: 0, second: 0, ms: 5 };
  assert.is(namedZone("Europe/Berlin")(stamp, 2026), Date.UTC(2026, 6, 1, 10, 0, 0, 5));
  assert.is(namedZone("America/New_York")({ ...stamp, month: 1 }, 2026), Date.UTC(2026, 0, 1, 17, 0, 0, 5));
  assert.is(utc(stamp, 2026), Date.UTC(2026, 6, 1, 12, 0, 0, 5));
});

/** Numbers that are the same in each run. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

test("10,000 lines, true, foreign, forged and half, in pieces of any size: no record is missed, and none is made", () => {
  const roll = dice(19);
  const pick = <T>(some: readonly T[]) => some[roll(some.length)] as T;
  const truths = Object.values(real);
  const lies = Object.values(forged);
  const scraps = [
    "",
    " ",
    "[",
    "] ",
    "NOTICE[1]",
    "Ext. s: ",
    "smart-transfer: ",
    "caller=1",
    "\u001b[31m",
    "\u0000",
    "é",
    "\r",
    "{",
    '"',
    "x".repeat(9000),
  ];
  const expected: string[] = [];
  let text = "";
  for (let at = 0; at < 10_000; at++) {
    const kind = roll(4);
    if (kind === 0) {
      const line = pick(truths).replace("caller=900", `caller=${at}`);
      expected.push(line);
      text += `${line}\n`;
    } else if (kind === 1) text += `${pick(lies)}\n`;
    else if (kind === 2) text += `${pick(scraps)}${pick(lies)}${pick(scraps)}\n`;
    else text += `${pick(truths).slice(0, roll(60))}\n`;
  }
  const whole = Buffer.from(`${text}${real.default}`);
  const sift = sifter("smart-transfer: caller=");
  const found: string[] = [];
  for (let from = 0; from < whole.length; ) {
    const size = 1 + roll(pick([3, 300, 30_000]));
    found.push(...sift(whole.subarray(from, from + size)));
    from += size;
  }
  const records = found.filter(isRecord);
  assert.is(records.length, expected.length);
  assert.equal(records, expected);
});

test("what no newline ends waits, and what is longer than any line is passed over", () => {
  const sift = sifter("mark");
  assert.equal(sift(Buffer.from("a mark")), []);
  assert.equal(sift(Buffer.from("er\nb")), ["a marker"]);
  assert.equal(sift(Buffer.alloc(70_000, "mark")), []);
  assert.equal(sift(Buffer.from("x\nmark\n")), ["mark"]);
});

test.run();
