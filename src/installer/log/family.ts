import { basename, dirname, extname, join } from "node:path";
import type { FileSystem } from "../../asterisk/files.ts";
import { compressions, type OpenLog, openLog } from "./open-log.ts";

/**
 * Does a file hold older lines of a log? Asterisk itself adds a number or the time (main/logger.c, rotate_file); logrotate adds a
 * number or a date, before the ending of the name where it is told so; either may be compressed.
 */
export function isRotated(log: string, name: string): boolean {
  const ending = extname(log);
  const stem = log.slice(0, log.length - ending.length);
  const added = "[.-][0-9][0-9._-]*";
  const packed = `(?:\\.(?:${compressions.join("|")}))?`;
  const [begin, end] = [stem, ending].map((text) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&"));
  return new RegExp(`^${begin}(?:${end}${added}|${added}${end}|${end}(?=\\.[A-Za-z]))${packed}$`).test(name);
}

/** A log with all that was rotated away, open, the oldest first. Whatever is renamed from now on, nothing is missed. */
export async function openFamily(system: FileSystem, path: string): Promise<OpenLog[]> {
  const folder = dirname(path);
  // The one that is written to first: if it is renamed before the folder is listed, it is met again there.
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

export async function closeAll(logs: readonly OpenLog[]): Promise<void> {
  for (const { handle } of logs) await handle.close();
}

async function openAt(system: FileSystem, path: string): Promise<OpenLog | undefined> {
  // A circle of links leads to no file.
  const file = await system.resolve(path).catch(() => undefined);
  return file === undefined ? undefined : openLog(file);
}
