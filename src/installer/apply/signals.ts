import { exitCode, Problem } from "../../terminal/problem.ts";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

let underWay: AbortController | undefined;

/**
 * Outside `uninterruptible()` a signal runs `leave` and ends the program. Inside, it is recorded and the work is rolled back;
 * further signals and a closed terminal are ignored until that is done.
 */
export async function heedingSignals<T>(
  leave: () => void,
  tell: (sentence: string) => void,
  work: () => Promise<T>,
): Promise<T> {
  const heed = (signal: NodeJS.Signals) => {
    if (underWay) {
      tell(underWay.signal.aborted ? "Still restoring everything." : "Interrupted. Restoring everything.");
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

/**
 * Runs work that must never be left unfinished. At a signal its AbortSignal aborts, and the work must throw and roll
 * itself back.
 */
export async function uninterruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
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
