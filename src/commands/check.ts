import { isBroken } from "../check/check.ts";
import { renderChecks } from "../cli/render.ts";
import { exitCode } from "../errors.ts";
import type { Command } from "./command.ts";
import { checkPbx, reachPbx } from "./pbx.ts";

/** Is it installed, loaded and working? */
export const check: Command = async ({ options, terminal, shipped }) => {
  const pbx = await reachPbx(options);
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
};
