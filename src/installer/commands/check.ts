import { CliProblem } from "../../asterisk/cli.ts";
import { UnreadableProblem } from "../../asterisk/files.ts";
import { type ExitCode, exitCode, type Problem } from "../../terminal/problem.ts";
import { silentWork } from "../../terminal/progress.ts";
import { faultsOf, type Proof } from "../check/proof.ts";
import { renderProof } from "../cli/render-proof.ts";
import { fail } from "../verdict.ts";
import type { Command, Context } from "./command.ts";
import { type Pbx, provePbx, readingPbx } from "./pbx.ts";

/** `check`: whether the transfer is installed, loaded and working. */
export const check: Command = (context) =>
  readingPbx(context, async (pbx) => report(await shown(pbx, context), pbx.asterisk?.version, context)).catch(
    (error: unknown) => {
      // For monitoring, an Asterisk that does not answer and an unreadable file are failed checks, not errors of the
      // command.
      const id = error instanceof CliProblem ? "asterisk" : error instanceof UnreadableProblem ? "readable" : undefined;
      if (id === undefined) throw error;
      const { message, remedy } = error as Problem;
      const checks = [{ id, ...fail(message, remedy) }];
      return report({ checks, rehearsal: [] }, undefined, context);
    },
  );

/** Shows the current scene on a terminal. A log gets only the result. */
async function shown(pbx: Pbx, context: Context): Promise<Proof> {
  const { terminal } = context;
  const work = terminal.abilities.moves ? terminal.work() : silentWork;
  work.next("Checking everything that a transfer needs");
  try {
    return await provePbx(pbx, context, { tell: (what) => work.at(what) });
  } finally {
    work.end("done");
  }
}

function report(proof: Proof, asterisk: string | undefined, { options, terminal, shipped }: Context): ExitCode {
  const result = { version: shipped.version, asterisk: asterisk ?? null, ...proof };
  terminal.result(options.json ? JSON.stringify(result, null, 2) : renderProof(proof, terminal.paint, options.verbose));
  return faultsOf(proof).length > 0 ? exitCode.broken : exitCode.done;
}
