import { type UnknownWord, unknownWords, type Vocabulary } from "../../asterisk/vocabulary.ts";
import { type Finding, refusal } from "./finding.ts";
import type { Inspection } from "./inspection.ts";

/**
 * Refuses if the dialplan needs something that this Asterisk does not have: it would fail in the middle of a call,
 * visible only in the log.
 */
export function vocabularyFindings({ running, modules }: Inspection, wanted: Vocabulary): Finding[] {
  if (running === undefined) return [];
  return unknownWords(wanted, running.vocabulary, modules.running).map((word) =>
    refusal(`This Asterisk has no ${word.name}.`, wordRemedy(word)),
  );
}

export function wordRemedy({ module }: UnknownWord): string {
  const from = module === undefined ? "Other versions of Asterisk have it built in" : `Its module ${module} is missing`;
  return `${from}: try the newest asterisk-smart-transfer (\`npx asterisk-smart-transfer@latest\`), which may do without.`;
}
