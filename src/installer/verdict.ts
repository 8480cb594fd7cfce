export type Status = "pass" | "warn" | "fail" | "skipped";

/** The result of a check. `remedy` says what to do, if anything. */
export interface Verdict {
  readonly status: Status;
  readonly seen: string;
  readonly remedy?: string;
}

export const pass = (seen: string): Verdict => ({ status: "pass", seen });
export const warn = (seen: string, remedy: string): Verdict => ({ status: "warn", seen, remedy });
export const fail = (seen: string, remedy: string): Verdict => ({ status: "fail", seen, remedy });
