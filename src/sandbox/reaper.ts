const duties = new Set<() => void>();
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
let watching = false;

/**
 * Runs a function when this process ends, by itself or by a signal; the most recently registered runs first. Returns a
 * function that unregisters it. After a SIGKILL the Asterisks keep running, on loopback only.
 */
export function atOurEnd(duty: () => void): () => void {
  duties.add(duty);
  if (!watching) watch();
  return () => duties.delete(duty);
}

function watch(): void {
  watching = true;
  process.on("exit", doDuties);
  for (const signal of signals) {
    process.once(signal, () => {
      doDuties();
      // End the process ourselves. Other listeners, such as execa while it runs a command, would wait for us as we for
      // them.
      process.kill(process.pid, signal);
    });
  }
}

function doDuties(): void {
  for (const duty of [...duties].reverse()) {
    duties.delete(duty);
    try {
      duty();
    } catch {
      // Already gone. Continue with the others.
    }
  }
}
