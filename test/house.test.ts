import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";

const top = join(import.meta.dirname, "../src");
const files = readdirSync(top, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
const texts = new Map(files.map((file) => [file, readFileSync(join(top, file), "utf8")]));

/** What each file imports of src, types included. The dialplan names its modules without an ending. */
const imports = [...texts].flatMap(([file, text]) =>
  [...text.matchAll(/(?:from|import|import\() ?"(\.[^"]+)"/g)].flatMap(([, name = ""]) => {
    const to = normalize(join(dirname(file), name));
    return [to, `${to}.ts`].filter((one) => texts.has(one)).map((one) => [file, one] as const);
  }),
);

/** The places of a folder, files and folders alike, that can be come back to by following imports. */
function circlesIn(folder: string): string[] {
  const placeOf = (file: string) => {
    const path = relative(folder, file);
    return path.startsWith("..") ? undefined : path.split("/")[0];
  };
  const next = new Map<string, Set<string>>();
  for (const [from, to] of imports) {
    const [one, other] = [placeOf(from), placeOf(to)];
    if (one !== undefined && other !== undefined && one !== other)
      next.set(one, (next.get(one) ?? new Set()).add(other));
  }
  const reachable = (start: string) => {
    const seen = new Set<string>();
    const open = [...(next.get(start) ?? [])];
    for (let place = open.pop(); place !== undefined; place = open.pop()) {
      if (seen.has(place)) continue;
      seen.add(place);
      open.push(...(next.get(place) ?? []));
    }
    return seen;
  };
  return [...next.keys()].filter((place) => reachable(place).has(place));
}

test("no circle of imports, between folders or files", () => {
  const folders = new Set(["", ...files.map((file) => dirname(file)).filter((folder) => folder !== ".")]);
  assert.ok(imports.length > 300, `${imports.length} imports`);
  assert.equal(
    [...folders].flatMap((folder) => circlesIn(folder).map((place) => join(folder, place))),
    [],
  );
});

test("the first level tells the story in at most seven names", () => {
  const names = readdirSync(top);
  assert.ok(names.length <= 7, names.join(", "));
});

test("no file is longer than 250 lines", () => {
  const long = [...texts].filter(([, text]) => text.split("\n").length > 251).map(([file]) => file);
  assert.equal(long, []);
});

test("the tools of the build are imported by themselves only", () => {
  const isTool = (file: string) => file.startsWith("tools/");
  assert.equal(
    imports.filter(([from, to]) => isTool(to) && !isTool(from)),
    [],
  );
});

test("what is called pure touches neither the disk nor a process, nor does what it calls", () => {
  const effects = /from "(?:node:(?:fs|child_process|os|net|worker_threads|timers)\b|execa)|\bprocess\.|\bDate\b/;
  const pure = [...texts.keys()].filter((file) => /^(?:installer\/plan|contract)\//.test(file));
  assert.ok(pure.length > 20, `${pure.length} files`);
  const called = new Set(pure);
  for (const file of called)
    for (const [, name = ""] of (texts.get(file) ?? "").matchAll(
      /^(?:import|export) (?!type)[^;]*? from "(\.[^"]+)";/gms,
    ))
      called.add(normalize(join(dirname(file), name)));
  assert.ok(called.size > pure.length + 10, `${called.size} files`);
  assert.equal(
    [...called].filter((file) => effects.test(texts.get(file) ?? "")),
    [],
  );
});

test("what both sides compile imports nothing but itself", () => {
  const isContract = (file: string) => file.startsWith("contract/");
  assert.equal(
    imports.filter(([from, to]) => isContract(from) && !isContract(to)),
    [],
  );
});

test.run();
