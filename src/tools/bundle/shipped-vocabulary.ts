import { generatedFiles, type Shipped } from "../../installer/plan/generated.ts";
import { newDocument } from "../../installer/settings/document.ts";
import { readSettings } from "../../installer/settings/model.ts";
import { confVocabulary, luaVocabulary, Words } from "./vocabulary.ts";

/** What the compiled dialplan and our files of any PBX call, and what only a rehearsal does. */
export function shippedVocabulary(dialplan: string): Shipped["vocabulary"] {
  const words = new Words();
  words.add(luaVocabulary(dialplan, (module) => !/^dialplan\.(rehearsal|stage)\./.test(module)));
  for (const text of confFiles()) words.add(confVocabulary(text));
  const own = words.without();
  const all = new Words();
  all.add(luaVocabulary(dialplan));
  return { dialplan: own, rehearsal: all.without(own) };
}

function confFiles(): string[] {
  const directory = [{ extension: "101", device: "PJSIP/101" }];
  const settings = readSettings(newDocument({ general: {}, directory }), "a sample");
  const files = generatedFiles(settings, { version: "", dialplan: "" });
  return ["extensions.conf", "features.conf"].map((name) => files.get(name) ?? "");
}
