import { test } from "uvu";
import * as assert from "uvu/assert";
import { readRecord } from "../src/contract/read-record.ts";
import { recordOf } from "../src/contract/record.ts";

test("a record is read as it was written", () => {
  assert.equal(readRecord(recordOf("900", "101", "102", "returned", " desk=20.0 recall=3.2 recall=10.0")), {
    caller: "900",
    from: "101",
    to: "102",
    outcome: "returned",
    steps: [
      ["desk", 20],
      ["recall", 3.2],
      ["recall", 10],
    ],
    more: {},
  });
  assert.equal(readRecord(recordOf("", "", "102", "answered", ""))?.steps, []);
});

test("what was escaped is itself again, and bytes that are no UTF-8 do no harm", () => {
  const caller = (value: string) => readRecord(recordOf(value, "", "", "answered", ""))?.caller;
  assert.is(caller("1%20outcome%3Danswered"), "1 outcome=answered");
  assert.is(caller("J%C3%BCrgen"), "Jürgen");
  assert.is(caller("%25 20".replace(" ", "")), "%20", "once, not twice");
  assert.is(caller("%0A%1B%00"), "\n\u001b\0");
  assert.is(caller("%FF9"), "\ufffd9");
});

test("what a later version tells is kept by its name", () => {
  const record = readRecord("caller=900 from=101 to=102 outcome=answered desk=0.1 node=a%20b line=2.0");
  assert.equal(record?.more, { node: "a b" });
  assert.equal(record?.steps, [
    ["desk", 0.1],
    ["line", 2],
  ]);
});

test("what is no record is none", () => {
  const real = "caller=900 from=101 to=102 outcome=answered desk=0.1";
  assert.ok(readRecord(real));
  for (const text of [
    "",
    ` ${real}`,
    `${real} `,
    `${real}\n`,
    `${real}\n${real}`,
    real.replace("desk", "Lift"),
    real.replace("0.1", "x"),
    `${real} node`,
    `${real} outcome=answered`,
    `${real} __proto__=x`,
    real.replace("900", "9 00"),
    real.replace("900", "1 outcome=answered"),
    real.replace("900", "é"),
    real.replace("900", "%2"),
    real.replace("900", "%zz"),
    real.replace("from=101 ", ""),
    real.replace("caller=900 from=101", "from=101 caller=900"),
  ])
    assert.is(readRecord(text), undefined, JSON.stringify(text));
});

test.run();
