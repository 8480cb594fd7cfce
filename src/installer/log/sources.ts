import { hostname } from "node:os";
import { join } from "node:path";
import type { Access } from "../../asterisk/access.ts";
import { configTree } from "../../asterisk/config-tree.ts";
import type { FileSystem } from "../../asterisk/files.ts";
import { noticeLine } from "../plan/headers.ts";
import { noticePlace } from "../plan/notice-place.ts";
import { pathsIn, whereNeeded } from "../plan/snapshot.ts";
import { channelsIn, type LogChannel, type LoggerConf, loggerConf, mayBeCut } from "./channels.ts";

/** Where an Asterisk logs to. */
export interface LogSources {
  /** The files that it writes now. */
  readonly channels: readonly LogChannel[];
  readonly conf: LoggerConf;
  /** logger.conf, as Asterisk names it. */
  readonly confPath: string;
  /** The file that can get our line; `undefined` if only the admin can tell where the line belongs. */
  readonly place: string | undefined;
}

/** Finds the logs: asks the running Asterisk, or else reads its logger.conf. */
export async function findLogSources({ system, directories, cli }: Access): Promise<LogSources> {
  const { etc, log } = directories;
  const confPath = join(etc, whereNeeded.logger);
  const host = await hostOf(system);
  const [tree, shown] = await Promise.all([
    configTree(system, etc, whereNeeded.logger, pathsIn(directories).own),
    cli?.run("logger show channels"),
  ]);
  const conf = loggerConf(tree, log, host);
  const textOf = async (name: string) => (await system.read(join(etc, name)))?.content.toString("latin1");
  const found = { conf, confPath, place: await noticePlace(etc, tree, textOf) };
  if (shown === undefined) return { channels: conf.channels, ...found };
  const cut = channelsIn(shown, []).filter(({ path }) => mayBeCut(path));
  const names = cut.length === 0 ? [] : ((await system.list(log)) ?? []).map((name) => join(log, name));
  return { channels: channelsIn(shown, [...conf.channels.map(({ path }) => path), ...names]), ...found };
}

/** The name of the machine whose file system this is. `appendhostname` adds it to the names of the logs. */
async function hostOf(system: FileSystem): Promise<string> {
  const isThisMachine = (await system.resolve("/")) === "/";
  if (isThisMachine) return hostname();
  return (await system.read("/etc/hostname").catch(() => undefined))?.content.toString().trim() || hostname();
}

/** The remedy if notices are not logged. */
export function howToLog({ confPath, place }: Pick<LogSources, "confPath" | "place">): string {
  const line = `the line \`${noticeLine}\` to [logfiles] of ${place ?? confPath}`;
  const reload = "run `asterisk -rx 'logger reload'`";
  return place === undefined
    ? `Add ${line}, then ${reload}.`
    : `Let \`asterisk-smart-transfer install\` add ${line}, or add it yourself and ${reload}.`;
}
