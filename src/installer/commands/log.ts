import type { Access } from "../../asterisk/access.ts";
import { asteriskCli } from "../../asterisk/cli.ts";
import { directoriesIn, directoriesOf } from "../../asterisk/directories.ts";
import { fileSystem } from "../../asterisk/files.ts";
import { exitCode, Problem } from "../../terminal/problem.ts";
import type { Options } from "../cli/options.ts";
import { shortened } from "../log/anonymous.ts";
import type { Summary } from "../log/figures.ts";
import { follow } from "../log/follow.ts";
import { harmless } from "../log/harmless.ts";
import { csvListing, jsonListing, localTime, plainListing } from "../log/list.ts";
import { listOutlet, type Outlet, summaryJson, sumOutlet } from "../log/outlet.ts";
import { summaryPage } from "../log/page.ts";
import { readLogs } from "../log/read-logs.ts";
import { openLogs, zoneOf } from "../log/reading.ts";
import { isSelected, type Selection, selectionOf } from "../log/selection.ts";
import { findLogSources, howToLog, type LogSources } from "../log/sources.ts";
import { summaryText } from "../log/summary-text.ts";
import { readingOf, type Transfer } from "../log/transfers.ts";
import { writePage } from "../log/write-page.ts";
import type { Command, Context } from "./command.ts";

/** `log`: lists the outcomes of the transfers, or sums them up. Changes nothing. */
export const log: Command = async (context) => {
  const { options, terminal } = context;
  requireOneShape(options);
  const selection = selectionOf(options);
  const place = await reachLogs(context);
  const inspection = await findLogSources(place);
  const zone = await zoneOf(place.system);
  const family = await openLogs(place.system, inspection, zone);
  if (family === undefined) throw nothingLogged(inspection);
  terminal.detail(family.logs.map(({ path, stats }) => `${path} (${stats.size} bytes)`).join("\n"));

  const unread = { count: 0, first: "" };
  const reading = readingOf(inspection.conf.dateformat, zone, (date) => {
    if (unread.count++ === 0) unread.first = date;
  });
  const outlet = outletFor(context, () => terminal.tell(`${family.path} has no transfer${those(selection)}.`));
  const chosen = (transfers: readonly Transfer[]) =>
    transfers
      .filter((one) => isSelected(one, selection))
      .map((one) => (options.anonymous ? { ...one, caller: shortened(one.caller) } : one));
  const end = await readLogs({
    family,
    reading,
    since: selection.since,
    terminal,
    take: (transfers) => outlet.take(chosen(transfers)) && process.stdout.isTTY === true,
  });
  await outlet.end();
  if (unread.count > 0) {
    const date = harmless(unread.first.slice(0, 60));
    terminal.tell(`The date of ${unread.count} records does not fit the dateformat of ${inspection.confPath}: ${date}`);
  }
  if (options.follow)
    for await (const some of follow(place.system, family.path, end, reading)) outlet.take(chosen(some));
  else await end.log.handle.close();
  return exitCode.done;
};

/** Options that select the output format, and so exclude each other. */
const apart = [
  ["csv", "json"],
  ["csv", "summary"],
  ["csv", "html"],
  ["follow", "summary"],
  ["follow", "html"],
] as const satisfies readonly (readonly [keyof Options, keyof Options])[];

function requireOneShape(options: Options): void {
  const both = apart.find(([one, other]) => options[one] && options[other]);
  if (both)
    throw new Problem(`--${both[0]} and --${both[1]} do not go together.`, "Leave one of them out.", exitCode.usage);
}

function outletFor({ options, terminal }: Context, onNothing: () => void): Outlet {
  const { json, csv, html } = options;
  if (!options.summary && html === undefined)
    return listOutlet(json ? jsonListing : csv ? csvListing : plainListing(terminal.paint), terminal.result, onNothing);
  return sumOutlet(async (summary: Summary) => {
    if (json) terminal.result(summaryJson(summary));
    if (summary.all.count === 0) return onNothing();
    if (html !== undefined) {
      await writePage(html, summaryPage(summary));
      terminal.tell(`Wrote ${html}: open it in a browser, or print it.`);
    }
    if (!json && options.summary) terminal.result(summaryText(summary, terminal));
  });
}

function those({ since, extension, outcome }: Selection): string {
  return [
    extension === undefined ? "" : ` by or to ${extension}`,
    outcome === undefined ? "" : ` with the outcome ${outcome}`,
    since === undefined ? "" : ` since ${localTime(since)}`,
  ].join("");
}

/** Finds the logs. Asterisk need not be running. */
async function reachLogs({ options, terminal }: Context): Promise<Access> {
  const { root, offline, asterisk } = options;
  const system = fileSystem(root);
  const conf = options["asterisk-conf"];
  const inFile = () => directoriesIn(conf, root ?? "/");
  if (offline) return { system, directories: await inFile(), cli: undefined };
  const cli = asteriskCli(asterisk, conf);
  try {
    return { system, directories: directoriesOf(await cli.run("core show settings")), cli };
  } catch (error) {
    const directories = await inFile().catch(() => undefined);
    if (!(error instanceof Problem) || directories === undefined) throw error;
    terminal.detail(error.message);
    return { system, directories, cli: undefined };
  }
}

function nothingLogged(sources: LogSources): Problem {
  const paths = sources.channels.filter(({ takesNotices }) => takesNotices).map(({ path }) => path);
  if (paths.length === 0)
    return new Problem(
      "This Asterisk writes notices to no file, so its log does not tell what became of transfers.",
      howToLog(sources),
    );
  return new Problem(
    `Asterisk logs to ${paths.join(" and ")}, but there is no such file here.`,
    "If its file system is mounted elsewhere, name that place: --root DIR.",
  );
}
