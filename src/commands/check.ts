import { CliProblem } from "../asterisk/cli.ts";
import { UnreadableProblem } from "../asterisk/files.ts";
import { fail } from "../check/finding.ts";
import { faultsOf, type Proof } from "../check/proof.ts";
import { renderProof } from "../cli/render-proof.ts";
import { type ExitCode, exitCode, type Problem } from "../errors.ts";
import type { Command, Context } from "./command.ts";
import { lookingAtPbx, provePbx } from "./pbx.ts";

/** Is it installed, loaded and working? */
export const check: Command = (context) =>
  lookingAtPbx(context, async (pbx) => report(await provePbx(pbx, context), pbx.asterisk?.version, context)).catch(
    (error: unknown) => {
      // For who monitors, an Asterisk that does not answer is a fault like any other, and so is a closed file.
      const id = error instanceof CliProblem ? "asterisk" : error instanceof UnreadableProblem ? "readable" : undefined;
      if (id === undefined) throw error;
      const { message, remedy } = error as Problem;
      const checks = [{ id, ...fail(message, remedy) }];
      return report({ checks, rehearsal: [] }, undefined, context);
    },
  );

function report(proof: Proof, asterisk: string | undefined, { options, terminal, shipped }: Context): ExitCode {
  const result = { version: shipped.version, asterisk: asterisk ?? null, ...proof };
  terminal.result(options.json ? JSON.stringify(result, null, 2) : renderProof(proof, terminal.paint));
  return faultsOf(proof).length > 0 ? exitCode.broken : exitCode.done;
}
