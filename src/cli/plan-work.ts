import type { Plan } from "../plan/plan.ts";
import type { Terminal } from "./terminal.ts";

/**
 * Shows how far a plan is carried out while `act` does so: its files as one step, each reload as one, then `last`, if
 * something comes after them. `act` tells each change and reload that is done.
 */
export async function showProgress(
  { changes, reloads }: Plan,
  last: readonly string[],
  terminal: Terminal,
  act: (done: (what: string) => void) => Promise<void>,
): Promise<void> {
  const work = terminal.work();
  const writing = `Files and folders: ${changes.length}`;
  const titles = [...changes.map(() => writing), ...reloads, ...last];
  let count = 0;
  const next = (title: string | undefined, before?: string) => {
    if (title !== undefined && title !== before) work.next(title);
  };
  next(titles[0]);
  try {
    await act((what) => {
      terminal.detail(what);
      count++;
      next(titles[count], titles[count - 1]);
      if (count < changes.length) work.at(what, count / changes.length);
    });
    work.end("done");
  } catch (error) {
    work.end("failed");
    throw error;
  }
}
