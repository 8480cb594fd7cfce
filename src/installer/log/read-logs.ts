import type { OpenFile } from "../../asterisk/files.ts";
import { Problem } from "../../terminal/problem.ts";
import type { Terminal } from "../../terminal/terminal.ts";
import { closeAll } from "./family.ts";
import type { Followed } from "./follow.ts";
import type { LogFamily } from "./reading.ts";
import { type Reading, type Transfer, TransferReader } from "./transfers.ts";

/** From this on it is shown how far the reading is, in ms. */
const patienceMs = 1000;

interface Walk {
  readonly family: LogFamily;
  readonly reading: Reading;
  /** Files that were last written before this, in ms since 1970, are not read. */
  readonly since: number | undefined;
  readonly terminal: Pick<Terminal, "work" | "tell">;
  /** Takes the transfers in order. Returns whether it wrote to the terminal that shows the progress. */
  take(transfers: readonly Transfer[]): boolean;
}

/** Reads a log and its rotated files, the oldest first. Returns the position reached in the last file. */
export async function readLogs({ family, reading, since = 0, terminal, take }: Walk): Promise<Followed> {
  const last = family.logs.at(-1);
  if (last === undefined) throw new Error(`${family.path} has no file`);
  const isWanted = (log: OpenFile) => log === last || log.stats.mtimeMs >= since;
  await closeAll(family.logs.filter((log) => !isWanted(log)));
  const logs = family.logs.filter(isWanted);
  const progress = showing(
    `Reading ${family.path}`,
    logs.reduce((sum, { stats }) => sum + stats.size, 0),
    terminal,
  );
  let reader = new TransferReader(last, reading);
  try {
    for (const log of logs) {
      reader = new TransferReader(log, reading);
      try {
        for await (const some of reader.all(progress.read)) {
          if (some.length > 0 && take(some)) progress.end();
        }
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        terminal.tell(`${error.message} ${error.remedy}`);
      }
      if (log !== last) await log.handle.close();
    }
  } finally {
    progress.end();
  }
  return { log: last, reader, at: last.stats.size };
}

/** Shows how far a reading is, once it takes longer than one waits without asking. */
function showing(title: string, total: number, terminal: Pick<Terminal, "work">) {
  const began = Date.now();
  let done = 0;
  let work: ReturnType<Terminal["work"]> | undefined;
  let isOver = false;
  return {
    read(bytes: number) {
      done += bytes;
      if (isOver || Date.now() - began < patienceMs) return;
      if (work === undefined) {
        work = terminal.work();
        work.next(title);
      }
      work.at(title, total === 0 ? 1 : done / total);
    },
    end() {
      isOver = true;
      work?.end("done");
      work = undefined;
    },
  };
}
