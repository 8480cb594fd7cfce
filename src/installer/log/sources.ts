import { hostname } from "node:os";
import { join } from "node:path";
import type { Access } from "../../asterisk/access.ts";
import { configTree } from "../../asterisk/config-tree.ts";
import type { FileSystem } from "../../asterisk/files.ts";
import { pathsIn } from "../plan/snapshot.ts";
import { channelsIn, type LogChannel, type LoggerConf, loggerConf, mayBeCut } from "./channels.ts";

/** Where an Asterisk logs to. */
export interface LogSources {
  /** The files that it writes now. */
  readonly channels: readonly LogChannel[];
  readonly conf: LoggerConf;
  /** logger.conf, as Asterisk names it. */
  readonly confPath: string;
}

export const loggerFile = "logger.conf";

/** Finds the logs: asks the running Asterisk, or else reads its logger.conf. */
export async function findLogSources({ system, directories, cli }: Access): Promise<LogSources> {
  const { etc, log } = directories;
  const confPath = join(etc, loggerFile);
  const host = await hostOf(system);
  const [tree, shown] = await Promise.all([
    configTree(system, etc, loggerFile, pathsIn(directories).own),
    cli?.run("logger show channels"),
  ]);
  const conf = loggerConf(tree, log, host);
  if (shown === undefined) return { channels: conf.channels, conf, confPath };
  const cut = channelsIn(shown, []).filter(({ path }) => mayBeCut(path));
  const names = cut.length === 0 ? [] : ((await system.list(log)) ?? []).map((name) => join(log, name));
  return { channels: channelsIn(shown, [...conf.channels.map(({ path }) => path), ...names]), conf, confPath };
}

/** The name of the machine whose file system this is. `appendhostname` adds it to the names of the logs. */
async function hostOf(system: FileSystem): Promise<string> {
  const isThisMachine = (await system.resolve("/")) === "/";
  if (isThisMachine) return hostname();
  return (await system.read("/etc/hostname").catch(() => undefined))?.content.toString().trim() || hostname();
}

/** The line of logger.conf that writes notices to a file. Debian's logrotate rotates it, because its name ends in `_log`. */
export const noticeLine = "smart_transfer_log => notice";

/** The remedy if notices are not logged. */
export function howToLog(confPath: string): string {
  return `Add the line \`${noticeLine}\` to [logfiles] of ${confPath}, then run \`asterisk -rx 'logger reload'\`.`;
}
