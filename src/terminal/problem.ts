/** The exit codes of the command. */
export const exitCode = { done: 0, failed: 1, usage: 2, broken: 3, cancelled: 130 } as const;
export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

/**
 * The only kind of error that users see: one sentence about what is wrong and where, and one about what to do. Any
 * other error in install.ts is a bug.
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
