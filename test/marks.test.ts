import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { brokenBlock, withBlock, withLine, withoutBlock, withoutLine } from "../src/installer/plan/marks.ts";

const corpus = join(import.meta.dirname, "../../shared/corpus");
const line = '#tryinclude "smart_transfer.d/features.conf"';
const block = ["extensions = extensions or {}", "do", "end"];

const added = withLine("", line).trimEnd();
const addedBlock = withBlock("", block).trimEnd();

const nasty: Record<string, string> = {
  empty: "",
  "a newline": "\n",
  "blank lines at the end": "[a]\n\n\n\n",
  "no final newline": "[a]\nb = 1",
  "one word": "x",
  "only a comment": "; nothing here\n",
  "a comment without newline": "; nothing here",
  CRLF: "[a]\r\nb = 1\r\n",
  "CRLF without the last": "[a]\r\nb = 1",
  "mixed, LF at the end": "[a]\r\nb = 1\n",
  "mixed, CRLF at the end": "[a]\nb = 1\r\n",
  "mixed, none at the end": "[a]\nb = 1\r\nc = 2",
  "a lone CR at the end": "[a]\r",
  "a lone CR after lines": "[a]\nb = 1\r",
  "CRLF and a lone CR": "[a]\r\nb = 1\r",
  "the word": "; asterisk-smart-transfer is to come\n; asterisk-smart-transfer\n",
  "the word in Lua": "-- asterisk-smart-transfer\nlocal x = 1\n",
  "our line commented out": `;${added}\n; ${added}\n`,
  "our line commented out, no newline": `;${added}`,
  "our line without its mark": `${line}\n`,
  "our line indented": `  ${added}\n`,
  "our block commented out": addedBlock.replace(/^/gm, "-- "),
  "the end of a block alone": `${addedBlock.split("\n").at(-1)}\n`,
  "Latin-1 bytes": "; caf\u00e9 \u00ff\u0080\n[a\u00df]\n",
  "a byte order mark": "\u00ef\u00bb\u00bf[a]\n",
  "NUL and control characters": "a\0b\x0b\x0c\x1a\n",
  "an open block of comments": "[a]\n;--\nb = 1\n",
};

for (const [title, text] of Object.entries(nasty)) {
  test(`taken out again to the byte: ${title}`, () => {
    const marked = withLine(text, line);
    assert.ok(marked.split(/\r?\n/).includes(added), "the line is in");
    assert.is(withLine(marked, line), marked, "adding twice is adding once");
    assert.is(withoutLine(marked, line), text);
    assert.is(withoutLine(text, line), text, "nothing to take out");

    const blocked = withBlock(text, block);
    assert.ok(blocked.replaceAll("\r\n", "\n").includes(addedBlock), "the block is in");
    assert.is(withBlock(blocked, block), blocked, "adding twice is adding once");
    assert.is(withoutBlock(blocked), text);
    assert.is(withoutBlock(text), text, "nothing to take out");
  });
}

test("real files are taken back to the byte", () => {
  if (!existsSync(corpus)) {
    console.log(`\nSKIPPED: there is no folder ${corpus}`);
    return assert.not.ok(existsSync(corpus));
  }
  const files = ["features", "lua", "pjsip", "sip", "extensions"].flatMap((kind) =>
    readdirSync(join(corpus, kind)).map((name) => join(corpus, kind, name)),
  );
  assert.ok(files.length > 0);
  for (const file of files) {
    const text = readFileSync(file, "latin1");
    assert.ok(withoutLine(withLine(text, line), line) === text, file);
    assert.ok(withoutBlock(withBlock(text, block)) === text, file);
    assert.ok(withLine(withLine(text, line), line) === withLine(text, line), file);
    assert.ok(withBlock(withBlock(text, block), block) === withBlock(text, block), file);
    assert.ok(Buffer.from(withLine(text, line), "latin1").includes(readFileSync(file)), `${file}: bytes were changed`);
  }
});

test("a block with other lines takes the old one's place, and what stands around it stays", () => {
  for (const newline of ["\n", "\r\n"]) {
    const old = withBlock(`before${newline}`, block);
    const edited = `${old}after${newline}`;
    const renewed = withBlock(edited, ["do return end"]);
    assert.is(renewed, edited.replace(block.join(newline), "do return end"));
    assert.is(withoutBlock(renewed), `before${newline}after${newline}`);
  }
});

test("what the admin writes after our line, or before, survives its removal", () => {
  const cases: [was: string, edit: (text: string) => string, left: string][] = [
    ["a\n", (text) => `${text}b\n`, "a\nb\n"],
    ["a\n", (text) => `${text}b`, "a\nb"],
    ["a", (text) => `${text}\nb\n`, "a\nb\n"],
    ["a\r\n", (text) => `${text}b\r\n`, "a\r\nb\r\n"],
    ["a\n", (text) => `b\n${text}`, "b\na\n"],
    ["a\n", (text) => text.replace("a", "c"), "c\n"],
    ["", (text) => `${text}b\n`, "b\n"],
  ];
  for (const [was, edit, left] of cases) {
    assert.is(withoutLine(edit(withLine(was, line)), line), left, JSON.stringify(left));
    assert.is(withoutBlock(edit(withBlock(was, block))), left, JSON.stringify(left));
  }
});

test("a block whose end the admin deleted takes nothing of the admin's with it", () => {
  const text = withBlock("before\n", block);
  const broken = `${text.slice(0, text.lastIndexOf("end\n"))}end\nlocal mine = 1\n`;
  const again = withBlock(withBlock(broken, block), block);
  assert.match(again, "local mine = 1");
  assert.match(withoutBlock(again), "local mine = 1");
});

test("a block without its end is found, wherever it stands", () => {
  const whole = withBlock("a\n", block);
  const broken = whole.slice(0, whole.lastIndexOf("-- "));
  assert.is(brokenBlock(""), undefined);
  assert.is(brokenBlock(whole), undefined);
  assert.is(brokenBlock(broken), 2);
  assert.is(brokenBlock(broken + whole), 2);
  assert.is(brokenBlock(whole + broken), whole.split("\n").length + 1);
});

test("what the admin wrote behind our line, in its comment, stays a comment", () => {
  assert.is(withoutLine(`a\n${added} and mine\nb\n`, line), "a\n; and mine\nb\n");
  assert.is(withoutBlock(`a\n${addedBlock} and mine\nb\n`), "a\n-- and mine\nb\n");
});

test("lines of several kinds do not meddle with each other", () => {
  const other = '#tryinclude "smart_transfer.d/features.conf.d"';
  const both = withLine(withLine("a\n", line), other);
  assert.is(withoutLine(both, other), withLine("a\n", line));
  assert.is(withoutLine(both, line), withLine("a\n", other));
});

test("what somebody has copied is ours each time: one is left by an install, none by an uninstall", () => {
  for (const newline of ["\n", "\r\n"]) {
    for (const tail of ["", newline, `${newline}mine${newline}`]) {
      const before = `mine${newline}`;
      const copied = (one: string) => `${before}${one}${newline}mine too${newline}${one}${tail}`;
      const left = tail === "" ? `${before}mine too` : `${before}mine too${newline}${tail.slice(newline.length)}`;
      const once = withLine(copied(added), line);
      assert.is(once.split(added).length, 2);
      assert.is(withoutLine(once, line), left);
      assert.is(withoutLine(copied(added), line), left);

      const ours = addedBlock.replaceAll("\n", newline);
      assert.is(brokenBlock(copied(ours)), undefined);
      const renewed = withBlock(copied(ours), ["do return end"]);
      assert.is(renewed.split("-- asterisk-smart-transfer begins").length, 2);
      assert.match(renewed, "do return end");
      assert.is(withoutBlock(renewed), left);
      assert.is(withoutBlock(copied(ours)), left);
    }
  }
});

test.run();
