import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { helpText } from "../src/installer/cli/help.ts";
import { referencePage } from "../src/tools/bundle/reference.ts";

const page = readFileSync(join(import.meta.dirname, "../assets/reference.md"), "utf8");

test("the reference is that of the tables, the whole --help in it", () => {
  assert.ok(page.includes(helpText()));
  assert.is(page, referencePage(), "run `npm run reference`");
});

test.run();
