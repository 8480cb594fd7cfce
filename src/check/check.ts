import { type Evidence, type Finding, facts } from "./facts.ts";

export interface CheckResult extends Finding {
  readonly id: string;
}

/** Looks every fact up. Changes nothing. */
export async function check(evidence: Evidence): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const fact of facts) {
    const finding: Finding =
      fact.live && !evidence.cli ? { status: "skipped", seen: "offline" } : await fact.look(evidence);
    results.push({ id: fact.id, ...finding });
  }
  return results;
}

export function isBroken(results: readonly CheckResult[]): boolean {
  return results.some(({ status }) => status === "fail");
}

/** What is broken now and was not, or not in this way, before. */
export function newFaults(before: readonly CheckResult[], now: readonly CheckResult[]): CheckResult[] {
  const known = ({ id, seen }: CheckResult) => before.some((one) => one.id === id && one.seen === seen);
  return now.filter((result) => result.status === "fail" && !known(result));
}
