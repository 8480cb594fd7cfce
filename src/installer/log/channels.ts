import { join } from "node:path";
import { entriesOf, type TreeLine } from "../../asterisk/config-tree.ts";

/** A file that Asterisk's logger writes. */
export interface LogChannel {
  /** Asterisk's own path of it. */
  readonly path: string;
  /** Are notices among what is written there? */
  readonly takesNotices: boolean;
}

/** What logger.conf says. */
export interface LoggerConf {
  readonly channels: readonly LogChannel[];
  readonly dateformat: string | undefined;
}

/**
 * @param tree of logger.conf
 * @param folder Asterisk's folder of logs
 * @param hostname which `appendhostname` adds to the names
 */
export function loggerConf(tree: readonly TreeLine[], folder: string, hostname: string): LoggerConf {
  const general = (name: string) =>
    entriesOf(tree, "general").find((entry) => entry.name.toLowerCase() === name)?.value;
  const ending = /^(?:yes|true|y|t|1|on)$/i.test(general("appendhostname") ?? "") ? `.${hostname}` : "";
  const channels = entriesOf(tree, "logfiles")
    .filter(({ name }) => !/^console$|^syslog/i.test(name))
    .map(({ name, value }) => ({
      path: (name.startsWith("/") ? name : join(folder, name)) + ending,
      takesNotices: takesNotices(value),
    }));
  return { channels, dateformat: general("dateformat") };
}

/** `[json]notice,warning,verbose(3)`, or `*` for all there is. */
function takesNotices(levels: string): boolean {
  const names = levels.replace(/^[^[]*\[[^\]]*\]/, "").split(",");
  return names.some((name) => /^\s*(?:notice|\*)\s*$/i.test(name));
}

/** A line of `logger show channels`: the path is cut after so many letters (main/logger.c, FORMATL). */
const shownLength = 35;
const shownLine = /^(.{35}) (\w+) +(?:\w+ +)??(Enabled|Disabled) +- (.*)$/gm;

/**
 * The files that the running Asterisk writes, by `logger show channels`: `logger add channel` makes some that no file knows, and
 * logger.conf may have been edited since it was read. One that Asterisk has given up, because the disk was full, takes nothing.
 *
 * @param longNames paths that may be meant where one is cut
 */
export function channelsIn(shown: string, longNames: readonly string[]): LogChannel[] {
  return [...shown.matchAll(shownLine)].flatMap(([, cut = "", type, status, levels = ""]) => {
    if (type !== "File") return [];
    const name = cut.trimEnd();
    const path = cut.length === name.length ? longNames.find((one) => one.startsWith(name)) : name;
    return [{ path: path ?? name, takesNotices: status === "Enabled" && levels.split(" ").includes("NOTICE") }];
  });
}

export function mayBeCut(path: string): boolean {
  return path.length === shownLength;
}
