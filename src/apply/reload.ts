import type { AsteriskCli } from "../asterisk/cli.ts";
import { Problem } from "../errors.ts";

/** `module reload` exits 0 whatever happens: only its text tells (main/cli.c, handle_reload). */
export async function reload(command: string, cli: AsteriskCli): Promise<void> {
  const said = (await cli.run(command)).trim();
  if (/\bsuccess|^Loaded |^Unloaded /im.test(said)) return;
  throw new Problem(
    `"${command}" failed: ${said || "Asterisk said nothing"}`,
    "See Asterisk's log for the reason, mend it, then run this again.",
  );
}
