import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { unpackAsterisk } from "../src/sandbox/packages.ts";

const top = join(import.meta.dirname, "..");
const { root } = await unpackAsterisk();
const sounds = join(root, "usr/share/asterisk/sounds");
const folders = ["en_US_f_Allison", "ru_RU_f_IvrvoiceRU"];

test("the core sounds that the documents name are there in both languages", () => {
  const text = ["README.md", "assets/README.md"].map((name) => readFileSync(join(top, name), "utf8")).join("");
  const named = [...text.matchAll(/prompt_\w+ = ([\w/&-]+)/g)].flatMap(([, sounds = ""]) => sounds.split("&"));
  assert.ok(named.length > 1);
  for (const sound of named)
    for (const folder of folders)
      assert.ok(readFileSync(join(sounds, folder, `${sound}.gsm`)).length > 500, `${folder}: ${sound}`);
});

test.run();
