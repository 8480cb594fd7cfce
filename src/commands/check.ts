import { faultsOf } from "../check/proof.ts";
import { renderProof } from "../cli/render-proof.ts";
import { type ExitCode, exitCode } from "../errors.ts";
import type { Command, Context } from "./command.ts";
import { lookingAtPbx, type Pbx, provePbx } from "./pbx.ts";

/** Is it installed, loaded and working? */
export const check: Command = (context) => lookingAtPbx(context, (pbx) => report(pbx, context));

async function report(pbx: Pbx, context: Context): Promise<ExitCode> {
  const { options, terminal, shipped } = context;
  const proof = await provePbx(pbx, context);
  const result = { version: shipped.version, asterisk: pbx.survey?.version ?? null, ...proof };
  terminal.result(options.json ? JSON.stringify(result, null, 2) : renderProof(proof, terminal.paint));
  return faultsOf(proof).length > 0 ? exitCode.broken : exitCode.done;
}
