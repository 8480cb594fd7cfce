import { test } from "uvu";
import * as assert from "uvu/assert";
import { readRecord } from "../src/contract/read-record.ts";
import { adviceFrom, rules } from "../src/installer/log/advice.ts";
import { shortened } from "../src/installer/log/anonymous.ts";
import { type Figures, Summing, spreadOf } from "../src/installer/log/figures.ts";
import { harmless, harmlessJson } from "../src/installer/log/harmless.ts";
import { csvListing, jsonListing, plainListing } from "../src/installer/log/list.ts";
import { summaryPage } from "../src/installer/log/page.ts";
import { isSelected, selectionOf } from "../src/installer/log/selection.ts";
import { summaryText } from "../src/installer/log/summary-text.ts";
import type { Transfer } from "../src/installer/log/transfers.ts";
import { duration, storyOf } from "../src/installer/log/words.ts";
import { exitCode, Problem } from "../src/terminal/problem.ts";

const noon = new Date(2026, 10, 27, 12).getTime();

/** "102 returned desk=20.0 recall=3.2", transferred by 101. */
function transfer(text: string, more: Partial<Transfer> = {}): Transfer {
  const [to, outcome, ...steps] = text.split(" ");
  const record = readRecord(["caller=900 from=101", `to=${to}`, `outcome=${outcome}`, ...steps].join(" "));
  assert.ok(record, text);
  return { ...record, time: noon, ...more };
}

const stories: readonly [record: string, story: string][] = [
  ["102 answered desk=5.2", "answered by 102 after 5.2 s"],
  ["102 waited line=34.0", "waited 34 s, answered by 102"],
  ["102 waited desk=0.2 line=34.0", "rang 0.2 s; waited 34 s, answered by 102"],
  ["102 answered-mobile desk=20.0 mobile=8.0", "rang 20 s; answered by the mobile of 102 after 8 s"],
  ["102 returned desk=20.0 recall=3.2", "102 did not answer: rang 20 s; back to 101, who answered after 3.2 s"],
  ["102 returned line=125.0 recall=3.0", "102 was busy: waited 2 min 5 s; back to 101, who answered after 3 s"],
  [
    "102 returned mobile=12.0 recall-line=60.4",
    "the mobile of 102 did not answer: mobile 12 s; back to 101, who answered after 60 s",
  ],
  ["102 returned recall=3.0", "102 was not reachable: back to 101, who answered after 3 s"],
  [
    "102 fallback desk=20.0 recall=25.0 fallback=0.0",
    "102 did not answer: rang 20 s; 101 rang 25 s; sent to the fallback",
  ],
  ["102 abandoned desk=9.0", "hung up after 9 s, while 102 rang"],
  ["102 abandoned line=240.0", "hung up after 4 min of waiting for 102"],
  ["102 abandoned desk=20.0 recall=5.0", "102 did not answer: rang 20 s; hung up after 5 s, while 101 rang again"],
  [
    "102 abandoned recall=25.0 goodbye=1.0",
    "102 was not reachable: 101 rang 25 s; nobody took the call: heard the goodbye",
  ],
  ["102 something desk=2.0", "something after 2 s"],
  ["102 answered", "answered"],
];
for (const [record, story] of stories) test(`in words: ${record}`, () => assert.is(storyOf(transfer(record)), story));

test("seconds as people say them", () => {
  assert.equal([0, 0.04, 9.96, 10, 119.4, 120, 125.2].map(duration), [
    "0 s",
    "0 s",
    "10 s",
    "10 s",
    "119 s",
    "2 min",
    "2 min 5 s",
  ]);
});

test("a list, for people, for programs and for spreadsheets", () => {
  const one = transfer("102 answered desk=5.2 node=a");
  assert.is(
    plainListing((_, text) => text).line(one),
    "2026-11-27 12:00:00  900              101    102    a  answered by 102 after 5.2 s",
  );
  assert.equal(JSON.parse(jsonListing.line(one)), {
    node: "a",
    time: new Date(noon).toISOString(),
    caller: "900",
    from: "101",
    to: "102",
    outcome: "answered",
    reason: null,
    seconds: 5.2,
    steps: [{ step: "desk", seconds: 5.2 }],
    what: "answered by 102 after 5.2 s",
  });
  const cells = csvListing.line(transfer("102 returned desk=20.0 recall=3.2 recall=1.0")).split(",");
  const row = Object.fromEntries((csvListing.head ?? "").split(",").map((name, at) => [name, cells[at]]));
  assert.equal(
    [row.time, row.desk, row.recall, row.seconds, row.reason],
    ['"2026-11-27 12:00:00"', "20", "4.2", "24.2", '"no answer"'],
  );
});

test("what a caller chose does nothing: to a terminal, in JSON, in a spreadsheet", () => {
  const caller = '\u001b[2J\u009b2J\u202e\u2028"x\n';
  const one = transfer("102 answered desk=5.2", { caller });
  for (const line of [plainListing((_, text) => text).line(one), csvListing.line(one), jsonListing.line(one)])
    assert.not.match(line, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  assert.is(JSON.parse(jsonListing.line(one)).caller, caller, "and JSON gives it back as it was");
  assert.is(JSON.parse(harmlessJson("\u{e0001}")), "\u{e0001}");
  assert.is(harmless("Jürgen Œ 王"), "Jürgen Œ 王");
  const cell = (number: string) => csvListing.line(transfer("102 answered desk=5.2", { caller: number })).split(",")[1];
  assert.is(cell("=1+1"), "'=1+1");
  assert.is(cell("+4930123"), "+4930123");
  assert.is(cell("-1"), "'-1");
});

test("callers shortened", () => {
  assert.equal(["", "101", "9001", "+4930123456", "123456", "anonymous"].map(shortened), [
    "",
    "101",
    "9001",
    "+4930...",
    "123...",
    "anon...",
  ]);
});

test("which are wanted", () => {
  const now = new Date(2026, 10, 28, 12).getTime();
  const wanted = (options: { since?: string; extension?: string; outcome?: string }) =>
    isSelected(
      transfer("102 answered desk=5.2"),
      selectionOf({ since: undefined, extension: undefined, outcome: undefined, ...options }, now),
    );
  for (const since of ["24h", "1d", "1w", "1440m", "2026-11-27", "2026-11-27 12:00", "2026-11-27T12:00:00"])
    assert.ok(wanted({ since }), since);
  for (const since of ["23h", "2026-11-28", "2026-11-27 12:00:01"]) assert.not(wanted({ since }), since);
  assert.ok(wanted({ extension: "101" }) && wanted({ extension: "102" }) && wanted({ outcome: "answered" }));
  assert.not(wanted({ extension: "10" }) || wanted({ extension: "900" }) || wanted({ outcome: "returned" }));
  for (const mistake of [
    { since: "yesterday" },
    { since: "2026-06-31" },
    { since: "7" },
    { since: "" },
    { outcome: "lost" },
    { extension: "1 2" },
  ])
    assert.throws(
      () => wanted(mistake),
      (error: unknown) => error instanceof Problem && error.code === exitCode.usage,
    );
});

function summaryOf(...records: readonly [count: number, record: string][]) {
  const summing = new Summing();
  for (const [count, record] of records) for (let at = 0; at < count; at++) summing.add(transfer(record));
  return summing.summary();
}

test("the middle one, all but five of a hundred, and the longest", () => {
  assert.is(spreadOf([]), undefined);
  assert.equal(spreadOf([3]), { median: 3, most: 3, longest: 3 });
  const hundred = Array.from({ length: 100 }, (_, at) => 100 - at);
  assert.equal(spreadOf(hundred), { median: 50, most: 95, longest: 100 });
});

test("the figures", () => {
  const { all, days, receivers, transferers } = summaryOf(
    [3, "102 answered desk=2.0"],
    [2, "102 returned line=30.0 recall=4.0"],
    [1, "103 abandoned desk=20.0 recall=25.0 recall=5.0 goodbye=1.0"],
  );
  assert.is(all.count, 6);
  assert.equal(all.byOutcome, { answered: 3, returned: 2, abandoned: 1 });
  assert.equal(all.byReason, { busy: 2, "no answer": 1 });
  assert.is(all.goodbyes, 1);
  assert.equal(all.waits, { median: 2, most: 51, longest: 51 });
  assert.equal(all.recalls, { median: 4, most: 30, longest: 30 });
  assert.equal([...days.keys()], ["2026-11-27"]);
  assert.equal(
    [...receivers].map(([name, { count }]) => [name, count]),
    [
      ["102", 5],
      ["103", 1],
    ],
  );
  assert.is(transferers.get("101")?.count, 6);
});

/** Just enough for each rule, and one too few. */
const found: Readonly<Record<string, readonly [enough: [number, string][], tooFew: [number, string][]]>> = {
  busy: [
    [
      [4, "102 waited line=3.0"],
      [6, "102 answered desk=1.0"],
    ],
    [
      [4, "102 waited line=3.0"],
      [7, "102 answered desk=1.0"],
    ],
  ],
  "no answer": [
    [
      [4, "102 returned desk=20.0 recall=1.0"],
      [6, "102 answered desk=1.0"],
    ],
    [
      [4, "102 returned desk=20.0 recall=1.0"],
      [5, "102 answered desk=1.0"],
    ],
  ],
  "not reachable": [
    [
      [3, "102 returned recall=1.0"],
      [7, "102 answered desk=1.0"],
    ],
    [
      [2, "102 returned recall=1.0"],
      [8, "102 answered desk=1.0"],
    ],
  ],
  mobile: [
    [
      [5, "102 returned mobile=20.0 recall=1.0"],
      [5, "102 answered-mobile mobile=1.0"],
    ],
    [
      [4, "102 returned mobile=20.0 recall=1.0"],
      [6, "102 answered-mobile mobile=1.0"],
    ],
  ],
  waits: [
    [
      [9, "102 answered desk=1.0"],
      [1, "102 waited line=121.0"],
    ],
    [
      [9, "102 answered desk=1.0"],
      [1, "102 waited line=120.0"],
    ],
  ],
  recalls: [
    [
      [3, "102 fallback recall=1.0 fallback=0.0"],
      [7, "102 returned recall=1.0"],
    ],
    [
      [2, "102 fallback recall=1.0 fallback=0.0"],
      [8, "102 returned recall=1.0"],
    ],
  ],
  "hung up": [
    [
      [2, "102 abandoned desk=1.0"],
      [18, "102 answered desk=1.0"],
    ],
    [
      [2, "102 abandoned desk=1.0"],
      [19, "102 answered desk=1.0"],
    ],
  ],
  goodbye: [[[1, "102 abandoned recall=1.0 goodbye=1.0"]], [[1, "102 returned recall=1.0"]]],
};

test("every rule has its figures here", () =>
  assert.equal(Object.keys(found).sort(), rules.map(({ id }) => id).sort()));

for (const rule of rules) {
  test(`what is found wanting: ${rule.id}`, () => {
    const [enough = [], tooFew = []] = found[rule.id] ?? [];
    const says = (records: readonly [number, string][]) => {
      const figures = (
        rule.of === "all" ? summaryOf(...records).all : [...summaryOf(...records)[rule.of].values()][0]
      ) as Figures;
      const [some, all] = rule.part(figures);
      const sentence = rule.says(rule.of === "all" ? "" : rule.of === "receivers" ? "102" : "101", some, all, figures);
      return adviceFrom(summaryOf(...records)).includes(sentence);
    };
    assert.ok(says(enough));
    assert.not(says(tooFew));
  });
}

const sheet = {
  abilities: { unicode: false, moves: false, colours: false },
  paint: (_: unknown, text: string) => text,
  columns: 200,
};

test("the summary on a terminal", () => {
  const text = summaryText(summaryOf([6, "102 returned line=30.0 recall=4.0"], [6, "103 answered desk=2.0"]), sheet);
  assert.match(text, /^12 transfers, 2026-11-27 to 2026-11-27$/m);
  assert.match(text, /^102 +6 +#{20} +6 +34 s +34 s +34 s +4\.0 s\n +came back: busy 6$/m);
  assert.match(text, /^103 +6 +#{20} +6 +2\.0 s +2\.0 s +2\.0 s$/m);
  assert.not.match(text, /voicemail/, "what did not come about has no column");
});

test("the page needs nothing else, and what others chose is only text in it", () => {
  const summing = new Summing();
  summing.add(transfer("102 answered desk=2.0", { to: '<script>alert("1")</script>&\u202e' }));
  const page = summaryPage(summing.summary());
  assert.not.match(page, /<script|<link|<img|@import|url\(|https?:/);
  assert.match(page, /&lt;script&gt;alert\(&quot;1&quot;\)&lt;\/script&gt;&amp;\ufffd/);
  assert.match(page, /<svg width="100%" height="14" role="img"><rect x="0.0%" width="100%"/);
  const lost = summaryPage(summaryOf([1, "102 abandoned desk=2.0 goodbye=0.0"]));
  assert.match(lost, /<li>1 of 1 callers heard a goodbye, because nobody took them: <code>fallback<\/code> in/);
});

test.run();
