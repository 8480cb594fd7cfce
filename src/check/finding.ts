export type Status = "pass" | "warn" | "fail" | "skipped";

/** What a fact turned out to be. `remedy` is what to do, where something is to be done. */
export interface Finding {
  readonly status: Status;
  readonly seen: string;
  readonly remedy?: string;
}

export const pass = (seen: string): Finding => ({ status: "pass", seen });
export const warn = (seen: string, remedy: string): Finding => ({ status: "warn", seen, remedy });
export const fail = (seen: string, remedy: string): Finding => ({ status: "fail", seen, remedy });
