import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { parseConf } from "../src/asterisk/conf.ts";

const corpus = join(import.meta.dirname, "../../shared/corpus");

/** Sections and entries in short: `[name](!,from)@line name=value@line`. */
function short(text: string): string {
  const sections = parseConf(text).map(({ name, template, from, line, entries }) => {
    const options = [...(template ? ["!"] : []), ...from].join(",");
    const values = entries.map((entry) => ` ${entry.name}=${entry.value}@${entry.line}`);
    return `[${name}]${options === "" ? "" : `(${options})`}@${line}${values.join("")}`;
  });
  return sections.join(" ");
}

// Follows main/config.c. The odd cases were checked with AST_CONFIG() of Asterisk 22.10.1.
const cases: readonly [title: string, text: string, sections: string][] = [
  ["nothing", "", ""],
  ["a section and its entries", "[g]\na = 1\nb=2\n", "[g]@1 a=1@2 b=2@3"],
  ["no final newline", "[g]\na = 1", "[g]@1 a=1@2"],
  ["=> means =", "[g]\na => 1\nb=>2\n", "[g]@1 a=1@2 b=2@3"],
  ["only the first = divides", "[g]\na = b=c => d\n", "[g]@1 a=b=c => d@2"],
  ["no value", "[g]\na =\nb = ; none\n", "[g]@1 a=@2 b=@3"],
  ["comments", "; x\n[g] ; y\na = 1 ; z\n;b = 2\n  ; c\n", "[g]@2 a=1@3"],
  ["a comment directly behind", "[g];y\na=1;z\n", "[g]@1 a=1@2"],
  ["an escaped semicolon", "[g]\na = x\\;y ; c\n", "[g]@1 a=x;y@2"],
  ["a block comment", "[g]\n;-- a = 1\nb = 2\n--;\nc = 3\n", "[g]@1 c=3@5"],
  ["a block comment within a line", "[g]\na = 1;-- 2 --;3\n", "[g]@1 a=13@2"],
  ["text before and behind a block", "[g]\na = 1 ;-- x\ny --; b = 2\n", "[g]@1 a=1@2 b=2@3"],
  ["blocks nest", "[g]\n;--\n;-- x --;\na = 1\n--;\nb = 2\n", "[g]@1 b=2@6"],
  ["a ruler is a comment, no block", "[g]\n;------\na = 1\n;---\nb = 2\n", "[g]@1 a=1@3 b=2@5"],
  ["a ruler within a block", "[g]\n;--\n;-----\na = 1\n--;\nb = 2\n", "[g]@1 b=2@6"],
  ["an opened block does not end with its own dashes", "[g]\n;--;\na = 1\n--;\nb = 2\n", "[g]@1 b=2@5"],
  ["a block that never ends", "[g]\na = 1\n;--\nb = 2\n", "[g]@1 a=1@2"],
  ["a header in a comment", ";[a]\n;--\n[b]\n--;\n[c]\n", "[c]@5"],
  ["a template", "[t](!)\na = 1\n[g](t)\n", "[t](!)@1 a=1@2 [g](t)@3"],
  ["several templates", "[g](!,t,u)\n", "[g](!,t,u)@1"],
  ["an addition", "[g]\n[g](+)\na = 1\n[g](+type=endpoint)\n", "[g]@1 [g](+)@2 a=1@3 [g](+type=endpoint)@4"],
  ["parentheses set apart are no options", "[g] (!)\na = 1\n", "[g]@1 a=1@2"],
  ["spaces belong to a section's name", "[ g ]\na = 1\n", "[ g ]@1 a=1@2"],
  ["a byte order mark", "\ufeff[g]\na = 1\n", "[g]@1 a=1@2"],
  ["a byte order mark read as Latin-1", "\u00ef\u00bb\u00bf[g]\na = 1\n", "[g]@1 a=1@2"],
  ["CRLF", "[g]\r\na = 1\r\nb = 2 ; x\r\n", "[g]@1 a=1@2 b=2@3"],
  ["entries before any section", "a = 1\n[g]\nb = 2\n", "[g]@2 b=2@3"],
  ["indented headers and entries", "  [g]\n\t a = 1\n", "[g]@1 a=1@2"],
  ["sections that are there twice", "[g]\na = 1\n[g]\na = 2\n", "[g]@1 a=1@2 [g]@3 a=2@4"],
  ["entries that are there twice", "[g]\na = 1\na = 2\n", "[g]@1 a=1@2 a=2@3"],
  ["directives", '[g]\n#include "a=b.conf"\n#tryinclude "c"\na = 1\n', "[g]@1 a=1@4"],
  ["a line without =", "[g]\nfoo\na = 1\n", "[g]@1 a=1@3"],
  ["Latin-1 bytes", "[g]\na = caf\u00e9\n", "[g]@1 a=caf\u00e9@2"],
];

for (const [title, text, sections] of cases) test(title, () => assert.is(short(text), sections));

test("real files: every header outside of comments, nothing else, and lines that say what they are said to", () => {
  if (!existsSync(corpus)) {
    console.log(`\nSKIPPED: there is no folder ${corpus}`);
    return assert.not.ok(existsSync(corpus));
  }
  let files = 0;
  for (const entry of readdirSync(corpus, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!path.endsWith(".conf")) continue;
    files++;
    const text = readFileSync(path, "latin1");
    const lines = text.split("\n");
    const sections = parseConf(text);
    // Blocks of comments make it fewer. Asterisk ignores an unclosed header too.
    const headers = lines.filter((line) => /^\s*(\u00ef\u00bb\u00bf)?\[[^\];]*\]/.test(line)).length;
    if (/;--[^-]/.test(text)) assert.ok(sections.length <= headers, path);
    else assert.is(sections.length, headers, path);
    for (const { name, line, entries } of sections) {
      assert.ok(lines[line - 1]?.includes(`[${name}]`), `${path}:${line} [${name}]`);
      for (const one of entries) assert.ok(lines[one.line - 1]?.includes(one.name), `${path}:${one.line} ${one.name}`);
    }
  }
  assert.ok(files > 0, `no file below ${corpus}`);
});

test.run();
