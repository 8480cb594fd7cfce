import { type Asker, type Back, back } from "./asker.ts";

/** One question, and where its answer goes. */
export interface WizardStep<Draft> {
  readonly id: string;
  /** Whether to ask it, given the answers so far. */
  due(draft: Draft): boolean;
  /** Asks, and returns the draft with the answer in it. */
  ask(draft: Draft, asker: Asker): Promise<Draft | Back>;
}

/**
 * Asks the questions that are due. Back leads to the previous one; at the first question it asks again.
 *
 * @param from "last" resumes a draft whose questions were all answered before
 */
export async function askSteps<Draft>(
  steps: readonly WizardStep<Draft>[],
  start: Draft,
  asker: Asker,
  from: "first" | "last",
): Promise<Draft> {
  const lastDue = (before: number) => steps.slice(0, before).findLastIndex((step) => step.due(draft));
  let draft = start;
  let at = from === "first" ? 0 : Math.max(0, lastDue(steps.length));
  for (let step = steps[at]; step !== undefined; step = steps[at]) {
    const answer = step.due(draft) ? await step.ask(draft, asker) : draft;
    if (answer === back) {
      at = Math.max(0, lastDue(at));
    } else {
      draft = answer;
      at++;
    }
  }
  return draft;
}
