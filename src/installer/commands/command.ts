import type { ExitCode } from "../../terminal/problem.ts";
import type { Terminal } from "../../terminal/terminal.ts";
import type { Options } from "../cli/options.ts";
import type { Shipped } from "../plan/generated.ts";

/** What every command receives. */
export interface Context {
  readonly options: Options;
  readonly terminal: Terminal;
  readonly shipped: Shipped;
}

export type Command = (context: Context) => Promise<ExitCode>;
