import { type Plan, type Stage, stagesOf } from "../plan/stages.ts";
import type { Terminal } from "./terminal.ts";

/** What is done besides the plan itself, by the titles of the steps: at its pause, and behind all of it. */
export interface Besides {
  readonly pause?: string | undefined;
  readonly last?: string;
}

/** What a plan is shown as while it is carried out. Many small things are one step, of which a part is done before each. */
interface Step {
  readonly title: string;
  readonly part?: number;
}

/**
 * Shows how far a plan is carried out while `act` does so. `act` tells each change, reload and pause that is done, and may
 * tell what a step is at.
 */
export async function showProgress(
  plan: Plan,
  { pause, last }: Besides,
  terminal: Terminal,
  act: (done: (what: string) => void, at: (what: string) => void) => Promise<void>,
): Promise<void> {
  const work = terminal.work();
  const [first, second] = stagesOf(plan);
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

function stepsOf({ changes, reloads }: Stage): Step[] {
  const title = `Files and folders: ${changes.length}`;
  return [
    ...changes.map((_, done) => ({ title, part: done / changes.length })),
    ...reloads.map((one) => ({ title: one })),
  ];
}

function titled(title: string | undefined): Step[] {
  return title === undefined ? [] : [{ title }];
}
