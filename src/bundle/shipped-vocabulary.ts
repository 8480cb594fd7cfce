import { generatedFiles, type Shipped } from "../plan/generated.ts";
import { newDocument } from "../settings/document.ts";
import { readSettings } from "../settings/model.ts";
import { confVocabulary, luaVocabulary, Words } from "./vocabulary.ts";

/** The directories whose files differ in what they call: a small one, and one that has drawers. */
const sizes = [1, 1_001];

/** What the compiled dialplan and our files of any PBX call, and what only a rehearsal does. */
export function shippedVocabulary(dialplan: string): Shipped["vocabulary"] {
  const words = new Words();
  words.add(luaVocabulary(dialplan, (module) => !module.startsWith("dialplan.rehearsal.")));
  for (const size of sizes) for (const text of confFiles(size)) words.add(confVocabulary(text));
  const own = words.without();
  const all = new Words();
  all.add(luaVocabulary(dialplan));
  return { dialplan: own, rehearsal: all.without(own) };
}

function confFiles(size: number): string[] {
  const directory = Array.from({ length: size }, (_, at) => ({
    extension: String(1000 + at),
    device: `PJSIP/${1000 + at}`,
  }));
  const settings = readSettings(newDocument({ general: {}, directory }), "a sample");
  const files = generatedFiles(settings, { version: "", dialplan: "" });
  return ["extensions.conf", "features.conf"].map((name) => files.get(name) ?? "");
}
