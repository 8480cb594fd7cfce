import { type Asker, type Back, back } from "./asker.ts";

/** One question of several, and where its answer goes. */
export interface Step<Draft> {
  readonly id: string;
  /** Is it to be asked, as the answers before it are? */
  due(draft: Draft): boolean;
  /** The draft with the answer in it. */
  ask(draft: Draft, asker: Asker): Promise<Draft | Back>;
}

/**
 * Goes through the steps that are due, and back to the one before where that is the answer; the first is then asked again.
 * `from` "last" takes up a draft whose questions were all answered before.
 */
export async function walk<Draft>(
  steps: readonly Step<Draft>[],
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
