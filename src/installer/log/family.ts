import { basename, dirname, extname, join } from "node:path";
import { type FileSystem, type OpenFile, UnreadableProblem } from "../../asterisk/files.ts";
import { Problem } from "../../terminal/problem.ts";
import { compressions } from "./content.ts";

/**
 * Whether a file is a rotated part of a log. Asterisk itself appends a number or the time (main/logger.c, rotate_file). logrotate
 * appends a number or a date, or puts it before the extension if told to. Both may be compressed.
 */
export function isRotated(log: string, name: string): boolean {
  const ending = extname(log);
  const stem = log.slice(0, log.length - ending.length);
  const added = "[.-][0-9][0-9._-]*";
  const packed = `(?:\\.(?:${compressions.join("|")}))?`;
  const [begin, end] = [stem, ending].map((text) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&"));
  return new RegExp(`^${begin}(?:${end}${added}|${added}${end}|${end}(?=\\.[A-Za-z]))${packed}$`).test(name);
}

/** Opens a log and its rotated files, oldest first. Renames after this cannot hide anything. */
export async function openFamily(system: FileSystem, path: string): Promise<OpenFile[]> {
  const folder = dirname(path);
  // Open the current file first: if it is renamed before the folder is listed, the listing shows it again.
  const first = await openAt(system, path);
  const names = ((await system.list(folder)) ?? []).filter((name) => isRotated(basename(path), name));
  const logs = first === undefined ? [] : [first];
  for (const name of names) {
    const log = await openAt(system, join(folder, name));
    if (log === undefined) continue;
    if (logs.some(({ stats }) => stats.ino === log.stats.ino && stats.dev === log.stats.dev)) await log.handle.close();
    else logs.push(log);
  }
  return logs.sort((one, other) => one.stats.mtimeMs - other.stats.mtimeMs);
}

export async function closeAll(logs: readonly OpenFile[]): Promise<void> {
  for (const { handle } of logs) await handle.close();
}

/** A circle of links leads to no file, and a link that is being changed to none yet. */
function openAt(system: FileSystem, path: string): Promise<OpenFile | undefined> {
  return system.open(path).catch((error: unknown) => {
    if (error instanceof Problem && !(error instanceof UnreadableProblem)) return undefined;
    throw error;
  });
}
