/** Exit codes of the command, as scripts use them. */
export const exitCode = { done: 0, failed: 1, usage: 2, broken: 3, cancelled: 130 } as const;
export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

/**
 * The one error that people see: a sentence saying what is wrong (and where), and one saying what to do.
 * Anything else that reaches install.ts is a fault of this program.
 */
export class Problem extends Error {
  readonly remedy: string;
  readonly code: ExitCode;

  constructor(message: string, remedy: string, code: ExitCode = exitCode.failed) {
    super(message);
    this.name = "Problem";
    this.remedy = remedy;
    this.code = code;
  }
}
