import type { FileSystem, OpenFile } from "../../asterisk/files.ts";
import { contentOf } from "./content.ts";
import { dateFormat } from "./date-format.ts";
import { closeAll, openFamily } from "./family.ts";
import type { LogSources } from "./sources.ts";
import { YearCount } from "./years.ts";
import { localZone, namedZone, utc, type Zone } from "./zone.ts";

/** A log and its rotated files. */
export interface LogFamily {
  /** The path of the file that Asterisk writes now. */
  readonly path: string;
  /** Oldest first. */
  readonly logs: readonly OpenFile[];
}

/**
 * Opens the log that receives notices, with its rotated files. If several receive them, they hold the same records: takes the one
 * that reaches furthest back, or else the smallest.
 */
export async function openLogs(
  system: FileSystem,
  { channels, conf }: LogSources,
  zone: Zone,
): Promise<LogFamily | undefined> {
  const paths = [...new Set(channels.filter(({ takesNotices }) => takesNotices).map(({ path }) => path))];
  const families: (LogFamily & { begins: number; size: number })[] = [];
  for (const path of paths) {
    const logs = await openFamily(system, path);
    if (logs.length === 0) continue;
    const size = logs.reduce((sum, { stats }) => sum + stats.size, 0);
    families.push({ path, logs, size, begins: paths.length === 1 ? 0 : await beginOf(logs, conf.dateformat, zone) });
  }
  const [best, ...others] = families.sort((one, other) => one.begins - other.begins || one.size - other.size);
  for (const { logs } of others) await closeAll(logs);
  return best;
}

/** The day of the first dated line, in days since 1970; today if there is none. */
async function beginOf([oldest]: readonly OpenFile[], format: string | undefined, zone: Zone): Promise<number> {
  const { read } = dateFormat(format ?? "%b %e %T");
  const dayMs = 86_400_000;
  if (oldest === undefined) return Date.now() / dayMs;
  for await (const piece of contentOf(oldest)) {
    for (const line of piece.toString("utf8", 0, 1 << 16).split("\n")) {
      const stamp = read(/^\[(.{1,255}?)\] [A-Z]+\[/.exec(line)?.[1] ?? "");
      if (stamp === undefined) continue;
      const years = new YearCount();
      years.add(stamp);
      return Math.floor(zone(stamp, stamp.year ?? years.firstYear(oldest.stats.mtimeMs, zone)) / dayMs);
    }
    break;
  }
  return Math.floor(Date.now() / dayMs);
}

/** The time zone of the machine whose file system this is, in which Asterisk writes its log. */
export async function zoneOf(system: FileSystem): Promise<Zone> {
  if ((await system.resolve("/")) === "/") return localZone;
  const link = await system.resolve("/etc/localtime");
  const name = /\/zoneinfo\/(.+)$/.exec(link)?.[1] ?? (await timezoneFile(system));
  try {
    return name === undefined ? utc : namedZone(name);
  } catch {
    // This Node does not know the name.
    return localZone;
  }
}

async function timezoneFile(system: FileSystem): Promise<string | undefined> {
  const file = await system.read("/etc/timezone").catch(() => undefined);
  return file?.content.toString().trim() || undefined;
}
