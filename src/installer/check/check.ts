import type { Verdict } from "../verdict.ts";
import type { Evidence, Fact } from "./evidence.ts";
import { nodeFacts } from "./facts/nodes.ts";
import { facts } from "./facts.ts";

export interface CheckResult extends Verdict {
  readonly id: string;
}

/** Checks every fact. Changes nothing. */
export async function check(evidence: Evidence): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const fact of [...facts, ...nodeFacts(evidence.settings)]) {
    const obstacle = obstacleTo(fact, evidence);
    const finding: Verdict = obstacle === undefined ? await fact.look(evidence) : { status: "skipped", seen: obstacle };
    results.push({ id: fact.id, ...finding });
  }
  return results;
}

function obstacleTo({ live, withoutSettings }: Fact, { cli, snapshot, unreadable }: Evidence): string | undefined {
  if (live && !cli) return "offline";
  return !withoutSettings && unreadable.has(snapshot.paths.settings) ? "the settings cannot be read" : undefined;
}
