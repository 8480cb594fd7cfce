import { CliProblem } from "../asterisk/cli.ts";
import { fail } from "../check/finding.ts";
import { faultsOf, type Proof } from "../check/proof.ts";
import { renderProof } from "../cli/render-proof.ts";
import { type ExitCode, exitCode } from "../errors.ts";
import type { Command, Context } from "./command.ts";
import { lookingAtPbx, provePbx } from "./pbx.ts";

/** Is it installed, loaded and working? */
export const check: Command = (context) =>
  lookingAtPbx(context, async (pbx) => report(await provePbx(pbx, context), pbx.asterisk?.version, context)).catch(
    (error: unknown) => {
      if (!(error instanceof CliProblem)) throw error;
      // For who monitors, an Asterisk that does not answer is a fault like any other.
      const checks = [{ id: "asterisk", ...fail(error.message, error.remedy) }];
      return report({ checks, rehearsal: [] }, undefined, context);
    },
  );

function report(proof: Proof, asterisk: string | undefined, { options, terminal, shipped }: Context): ExitCode {
  const result = { version: shipped.version, asterisk: asterisk ?? null, ...proof };
  terminal.result(options.json ? JSON.stringify(result, null, 2) : renderProof(proof, terminal.paint));
  return faultsOf(proof).length > 0 ? exitCode.broken : exitCode.done;
}
