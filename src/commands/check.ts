import { isBroken } from "../check/check.ts";
import { renderChecks } from "../cli/render.ts";
import { type ExitCode, exitCode } from "../errors.ts";
import type { Command, Context } from "./command.ts";
import { checkPbx, lookingAtPbx, type Pbx } from "./pbx.ts";

/** Is it installed, loaded and working? */
export const check: Command = (context) => lookingAtPbx(context, (pbx) => report(pbx, context));

async function report(pbx: Pbx, { options, terminal, shipped }: Context): Promise<ExitCode> {
  const results = await checkPbx(pbx, shipped);
  if (options.json) {
    terminal.result(
      JSON.stringify(
        { version: shipped.version, asterisk: pbx.survey?.version ?? null, checks: results, rehearsal: [] },
        null,
        2,
      ),
    );
  } else {
    terminal.result(renderChecks(results, terminal.paint));
  }
  return isBroken(results) ? exitCode.broken : exitCode.done;
}
