import type { Fact } from "./evidence.ts";
import { asteriskFacts } from "./facts/asterisk.ts";
import { directoryFacts } from "./facts/directory.ts";
import { fileFacts } from "./facts/files.ts";
import { logFacts } from "./facts/log.ts";
import { placeFacts } from "./facts/places.ts";
import { runningFacts } from "./facts/running.ts";
import { soundFacts } from "./facts/sounds.ts";

/** Everything that a transfer needs, in the order in which an admin would look. */
export const facts: readonly Fact[] = [
  ...asteriskFacts,
  ...fileFacts,
  ...runningFacts,
  ...directoryFacts,
  ...placeFacts,
  ...soundFacts,
  ...logFacts,
];
