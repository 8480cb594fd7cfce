import { exitCode, Problem } from "../../terminal/problem.ts";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

let underWay: AbortController | undefined;

/**
 * While `work` runs, a signal ends this program as ever, after `leave`; but not in the midst of what must not be left half
 * done: there it is only noted, and told, and what is under way is taken back. So is a second one, and a closed terminal.
 */
export async function heedingSignals<T>(
  leave: () => void,
  tell: (sentence: string) => void,
  work: () => Promise<T>,
): Promise<T> {
  const heed = (signal: NodeJS.Signals) => {
    if (underWay) {
      tell(underWay.signal.aborted ? "Still putting everything back." : "Interrupted: everything is being put back.");
      underWay.abort(interrupted());
    } else {
      leave();
      for (const one of signals) process.off(one, heed);
      process.kill(process.pid, signal);
    }
  };
  for (const signal of signals) process.on(signal, heed);
  try {
    return await work();
  } finally {
    for (const signal of signals) process.off(signal, heed);
  }
}

/** Work that is never left half done: at a signal its own signal aborts, and it is to throw and take itself back. */
export async function undivided<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  underWay = new AbortController();
  try {
    return await work(underWay.signal);
  } finally {
    underWay = undefined;
  }
}

function interrupted(): Problem {
  return new Problem("Interrupted.", "", exitCode.cancelled);
}
