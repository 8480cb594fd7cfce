import { exitCode, Problem } from "../../terminal/problem.ts";
import { type Asker, type Back, back, cancelled } from "./asker.ts";
import { askSteps, type WizardStep } from "./steps.ts";

/**
 * Asks all questions, then lets the admin review the answers. From the review they can go back as often as they like.
 */
export async function interview<Draft, Agreed>(
  steps: readonly WizardStep<Draft>[],
  start: Draft,
  asker: Asker,
  review: (draft: Draft) => Promise<Agreed | Back>,
): Promise<Agreed> {
  let draft = await askSteps(steps, start, asker, "first");
  while (true) {
    const agreed = await review(draft);
    if (agreed !== back) return agreed;
    draft = await askSteps(steps, draft, asker, "last");
  }
}

/** Runs `act`. If it throws a Problem, shows the message and goes back to the questions. */
export async function orBack<T>({ tell }: Asker, act: () => T | Promise<T>): Promise<T | Back> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof Problem) || error.code === exitCode.cancelled) throw error;
    tell(`\n${error.message}\n${error.remedy}\n`);
    return back;
  }
}

/** Asks for the only confirmation, and shows the full diff on request. Throws when the admin refuses. */
export async function confirm(asker: Asker, showDiff: () => void, canGoBack: boolean): Promise<"agreed" | Back> {
  while (true) {
    const answer = await asker.one<"yes" | "show" | "back" | "no">({
      message: "Make these changes?",
      choices: [
        { title: "Yes", value: "yes" },
        { title: "Show every line first", value: "show" },
        ...(canGoBack ? [{ title: "Go back and change an answer", value: "back" } as const] : []),
        { title: "No, leave everything as it is", value: "no" },
      ],
      initial: "yes",
    });
    if (answer === "yes") return "agreed";
    if (answer === "no" || (answer === back && !canGoBack)) throw cancelled();
    if (answer === "back" || answer === back) return back;
    showDiff();
  }
}
