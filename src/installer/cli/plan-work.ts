import type { Terminal } from "../../terminal/terminal.ts";
import { type Phase, type Plan, phasesOf } from "../plan/phases.ts";

/** Titles of the work besides the plan: at its pause, and after it. */
export interface Besides {
  readonly pause?: string | undefined;
  readonly last?: string;
}

/** One step of the progress display. Many small changes are combined into one step with a progress bar. */
interface ProgressStep {
  readonly title: string;
  readonly part?: number;
}

/**
 * Shows the progress of `act`, which reports every change, reload and pause it has done, and optionally a detail of the
 * current step.
 */
export async function showProgress(
  plan: Plan,
  { pause, last }: Besides,
  terminal: Terminal,
  act: (done: (what: string) => void, at: (what: string) => void) => Promise<void>,
): Promise<void> {
  const work = terminal.work();
  const [first, second] = phasesOf(plan);
  const steps = [...stepsOf(first), ...titled(second && pause), ...(second ? stepsOf(second) : []), ...titled(last)];
  let count = 0;
  const begin = (what: string | undefined, step = steps[count], before = steps[count - 1]) => {
    if (step && step.title !== before?.title) work.next(step.title);
    if (what !== undefined && step?.part) work.at(what, step.part);
  };
  begin(undefined);
  try {
    await act(
      (what) => {
        terminal.detail(what);
        count++;
        begin(what);
      },
      (what) => work.at(what),
    );
    work.end("done");
  } catch (error) {
    work.end("failed");
    throw error;
  }
}

function stepsOf({ changes, reloads }: Phase): ProgressStep[] {
  const title = `Files and folders: ${changes.length}`;
  return [
    ...changes.map((_, done) => ({ title, part: done / changes.length })),
    ...reloads.map((one) => ({ title: one })),
  ];
}

function titled(title: string | undefined): ProgressStep[] {
  return title === undefined ? [] : [{ title }];
}
