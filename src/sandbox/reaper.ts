const duties = new Set<() => void>();
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
let watching = false;

/**
 * Has something done when this process ends, by itself or by Ctrl-C: the last that was asked for comes first. Returns what
 * takes the request back. (A SIGKILL cannot be seen: then the Asterisks stay, on loopback only, until they are killed.)
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
      // Not left to others who listen, as execa does while it runs a command: each would wait for the other to end us.
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
      // Gone already. The others must have their turn.
    }
  }
}
