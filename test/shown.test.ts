// What stands in somebody else's file cannot control root's terminal when the command shows it.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { renderPlan } from "../src/installer/cli/render.ts";
import { painter } from "../src/terminal/paint.ts";
import { shown, shownPainted } from "../src/terminal/shown.ts";

const owner = { uid: 0, gid: 0, mode: 0o644 };
const write = (before: string, after: string) => ({
  kind: "write" as const,
  path: "/etc/asterisk/features.conf",
  before: Buffer.from(before),
  after: Buffer.from(after),
  owner,
});

test("the lines of a diff show escapes, and obey none", () => {
  const before = "[general]\n; \x1b]0;title\x07\x1b[8mhidden\x1b[31m \u009b2J\r\u202e\ttab\n";
  const plan = { changes: [write(before, `${before}key = 1\n`)], reloads: [], notes: [] };
  const text = renderPlan(plan, painter(false));
  assert.match(text, / ; \\x1b\]0;title\\x07\\x1b\[8mhidden\\x1b\[31m \\u009b2J\\x0d\\u202e\ttab\n\+key = 1/);
  assert.not.match(text, /(?![\n\t])[\p{Cc}\p{Cf}]/u);
});

test("a message keeps our colours and nothing else", () => {
  const red = painter(true)("red", "fail");
  assert.is(shownPainted(`${red} \x1b[2J\x1b[1;31m\x07 caf\xe9`), `${red} \\x1b[2J\\x1b[1;31m\\x07 caf\xe9`);
});

test("JSON stays JSON", () => {
  const value = { seen: "\x1b[2J\x7f\u009b\u2028\u{e0001}\n" };
  const text = shown(JSON.stringify(value));
  assert.not.match(text, /[\p{Cc}\p{Zl}]/u);
  assert.equal(JSON.parse(text), value);
});

test.run();
