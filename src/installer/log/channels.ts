import { join } from "node:path";
import { entriesOf, type TreeLine } from "../../asterisk/config-tree.ts";

/** A file that Asterisk's logger writes. */
export interface LogChannel {
  /** Its path as Asterisk names it. */
  readonly path: string;
  /** Whether notices are written to it. */
  readonly takesNotices: boolean;
}

/** The settings of logger.conf. */
export interface LoggerConf {
  readonly channels: readonly LogChannel[];
  readonly dateformat: string | undefined;
}

/**
 * @param tree logger.conf
 * @param folder Asterisk's log folder
 * @param hostname added to the file names by `appendhostname`
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

/** Parses levels such as `[json]notice,warning,verbose(3)`; `*` means all. */
function takesNotices(levels: string): boolean {
  const names = levels.replace(/^[^[]*\[[^\]]*\]/, "").split(",");
  return names.some((name) => /^\s*(?:notice|\*)\s*$/i.test(name));
}

/** `logger show channels` cuts paths at this length (main/logger.c, FORMATL). */
const shownLength = 35;
const shownLine = /^(.{35}) (\w+) +(?:\w+ +)??(Enabled|Disabled) +- (.*)$/gm;

/**
 * The files that the running Asterisk writes, from `logger show channels`. They may differ from logger.conf: `logger add channel`
 * adds files, and the file may have been edited. A channel that Asterisk disabled, for instance on a full disk, receives nothing.
 *
 * @param longNames candidates for paths that are cut
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
