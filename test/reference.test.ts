import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { withReference } from "../src/bundle/reference.ts";
import { helpText } from "../src/cli/help.ts";

const readme = readFileSync(join(import.meta.dirname, "../README.md"), "utf8");

test("the reference in the README is that of the tables, the whole --help in it", () => {
  assert.ok(readme.includes(helpText()));
  assert.is(readme, withReference(readme), "run `npm run reference`");
});

test.run();
