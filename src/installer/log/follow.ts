import { stat } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { FileSystem, OpenFile } from "../../asterisk/files.ts";
import { piecesOf } from "./content.ts";
import { closeAll, openFamily } from "./family.ts";
import { type Reading, type Transfer, TransferReader } from "./transfers.ts";

const pauseMs = 200;

/** The current file, the position up to which it was read, and its reader. */
export interface Followed {
  log: OpenFile;
  reader: TransferReader;
  at: number;
}

/**
 * Yields what is added to a log from now on. The file may be truncated, or renamed and replaced: by Asterisk, or by logrotate, after
 * which Asterisk keeps writing to the old file for a while. Closes the files.
 */
export async function* follow(
  system: FileSystem,
  path: string,
  start: Followed,
  reading: Reading,
  signal?: AbortSignal,
): AsyncGenerator<Transfer[]> {
  let current = start;
  try {
    while (!signal?.aborted) {
      const isOver = await isSucceeded(system, path, current.log);
      yield* added(current, reading);
      if (isOver) {
        // Everything written before its successor was created has been read. By now there may be several successors.
        const later = await laterThan(system, path, current.log);
        await current.log.handle.close();
        for (const log of later.slice(0, -1)) {
          yield* added({ log, reader: new TransferReader(log, reading), at: 0 }, reading);
          await log.handle.close();
        }
        const log = later.at(-1);
        if (log === undefined) return;
        current = { log, reader: new TransferReader(log, reading), at: 0 };
        continue;
      }
      await sleep(pauseMs, undefined, signal && { signal }).catch(() => {});
    }
  } finally {
    await current.log.handle.close();
  }
}

async function* added(followed: Followed, reading: Reading): AsyncGenerator<Transfer[]> {
  const { handle } = followed.log;
  const { size } = await handle.stat();
  if (size < followed.at) Object.assign(followed, { at: 0, reader: new TransferReader(followed.log, reading) });
  for await (const piece of piecesOf(handle, followed.at, size)) {
    followed.at += piece.length;
    const found = followed.reader.more(piece);
    if (found.length > 0) yield found;
  }
}

/** Whether a non-empty file has taken over the name. Asterisk begins each log with a line about itself. */
async function isSucceeded(system: FileSystem, path: string, { stats }: OpenFile): Promise<boolean> {
  const now = await stat(await system.resolve(path)).catch(() => undefined);
  return now?.isFile() === true && now.size > 0 && (now.ino !== stats.ino || now.dev !== stats.dev);
}

/** The rotated files that are newer; if ours no longer exists, the file that has its name now. */
async function laterThan(system: FileSystem, path: string, { stats }: OpenFile): Promise<OpenFile[]> {
  const family = await openFamily(system, path);
  const at = family.findIndex((one) => one.stats.ino === stats.ino && one.stats.dev === stats.dev);
  const earlier = at < 0 ? family.slice(0, -1) : family.slice(0, at + 1);
  await closeAll(earlier);
  return family.slice(earlier.length);
}
