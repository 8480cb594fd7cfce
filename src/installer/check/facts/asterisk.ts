import { requireVersion } from "../../../asterisk/listings.ts";
import { neededModules } from "../../../asterisk/modules.ts";
import { unknownWords } from "../../../asterisk/vocabulary.ts";
import { few } from "../../../terminal/few.ts";
import { Problem } from "../../../terminal/problem.ts";
import { formerJournal } from "../../plan/former.ts";
import { wordRemedy } from "../../preflight/vocabulary.ts";
import { fail, pass, warn } from "../../verdict.ts";
import type { Fact } from "../evidence.ts";

/** What we need from this Asterisk, and that no killed run left anything unfinished. */
export const asteriskFacts: readonly Fact[] = [
  {
    id: "version",
    live: true,
    withoutSettings: true,
    look: ({ asterisk }) => {
      const version = asterisk?.version ?? "";
      try {
        requireVersion(version);
        return pass(`Asterisk ${version}`);
      } catch (error) {
        if (error instanceof Problem) return fail(error.message, error.remedy);
        throw error;
      }
    },
  },
  {
    id: "modules",
    live: true,
    withoutSettings: true,
    look: ({ asterisk }) => {
      const needed = neededModules(asterisk?.modules);
      const missing = needed.filter((module) => !asterisk?.modules.has(module));
      if (missing.length === 0) return pass(`${needed.length} loaded`);
      const commands = missing.map((module) => `\`asterisk -rx 'module load ${module}'\``);
      return fail(
        `not loaded: ${missing.join(", ")}`,
        `Run ${commands.join(", ")}. See that modules.conf loads them at the next start.`,
      );
    },
  },
  {
    id: "applications",
    live: true,
    withoutSettings: true,
    look: ({ shipped, inspection }) => {
      const wanted = shipped.vocabulary.dialplan;
      const unknown = unknownWords(wanted, inspection.running?.vocabulary ?? wanted, inspection.modules.running);
      const [first] = unknown;
      if (first !== undefined)
        return fail(`missing in this Asterisk: ${few(unknown.map(({ name }) => name))}`, wordRemedy(first));
      return pass(`Asterisk has all ${wanted.applications.length}, and all ${wanted.functions.length} functions`);
    },
  },
  {
    id: "journal",
    live: false,
    withoutSettings: true,
    look: ({ leftover, snapshot }) => {
      if (leftover !== undefined) return fail(leftover.seen, leftover.remedy);
      const former = formerJournal(snapshot);
      return former ? warn(former.seen, former.remedy) : pass("no run was killed half way");
    },
  },
];
