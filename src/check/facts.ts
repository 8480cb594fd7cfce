import type { Fact } from "./evidence.ts";
import { asteriskFacts } from "./facts/asterisk.ts";
import { fileFacts } from "./facts/files.ts";
import { logFacts } from "./facts/log.ts";
import { runningFacts } from "./facts/running.ts";
import { soundFacts } from "./facts/sounds.ts";

/** Everything that must be so for a transfer to work, in the order in which one would look. */
export const facts: readonly Fact[] = [...asteriskFacts, ...fileFacts, ...runningFacts, ...soundFacts, ...logFacts];
