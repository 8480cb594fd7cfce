import { few } from "../../../terminal/few.ts";
import { Problem } from "../../../terminal/problem.ts";
import { howToLog } from "../../log/sources.ts";
import { pass, warn } from "../../verdict.ts";
import type { Fact } from "../evidence.ts";

/** Whether any log records what became of a transfer. */
export const logFacts: readonly Fact[] = [
  {
    id: "log",
    live: false,
    withoutSettings: true,
    look: async ({ logs }) => {
      try {
        const found = await logs();
        const files = found.channels.filter(({ takesNotices }) => takesNotices).map(({ path }) => path);
        if (files.length > 0) return pass(`Asterisk writes notices to ${few(files)}`);
        return warn("Asterisk writes notices to no file, so `log` will find no transfer", howToLog(found));
      } catch (error) {
        if (error instanceof Problem) return warn(error.message, error.remedy);
        throw error;
      }
    },
  },
];
