import { readFile } from "node:fs/promises";
import { type History, historyOf } from "./history.ts";
import { belongings, complaintsIn, leftIn } from "./left.ts";
import { runsIn } from "./pbx-log.ts";
import { play } from "./play.ts";
import type { Finding } from "./rules/rule.ts";
import { judge } from "./rules/table.ts";
import { type Site, type SiteOptions, startSite } from "./site.ts";
import type { Story } from "./story.ts";
import { Watch } from "./watch.ts";

/** How a story went. */
export interface Outcome {
  readonly history: History;
  /** When it began, in ms since 1970. */
  readonly began: number;
  readonly findings: readonly Finding[];
  /** What was found while the machine had no time. */
  readonly doubtful: readonly Finding[];
  /** In ms. */
  readonly took: number;
  readonly asterisk: string;
  /** What Asterisk had before and after, in kB. */
  readonly memory: readonly [before: number, after: number];
}

/** The rules that need no event: what is found when all calls are over. */
export const atTheEnd = { left: "nothing is left", log: "no complaint in the log" } as const;

/** Plays a story in an office of its own, and judges it. */
export async function run(
  story: Story,
  options: SiteOptions,
  tell: (over: number) => void = () => {},
): Promise<Outcome> {
  const site = await startSite(options);
  try {
    return await runAt(site, story, tell);
  } finally {
    await site.stop();
  }
}

async function runAt(site: Site, story: Story, tell: (over: number) => void): Promise<Outcome> {
  const watch = await Watch.begin(site.login, site.phonesLogin);
  try {
    const before = await belongings(site);
    const began = Date.now();
    await play(story, site, watch, tell);
    const took = Date.now() - began;
    const { left, memory } = await leftIn(site, before, story.calls.length);
    const log = await readFile(site.pbx.logFile, "utf8");
    const history = historyOf([...watch.chronicle.events, ...runsIn(log, watch.chronicle.legs)]);
    const at = Date.now();
    const judged = judge(history);
    const findings = [
      ...judged.findings,
      ...left.map((says): Finding => ({ rule: atTheEnd.left, call: 0, at, says })),
      ...complaintsIn(log, story).map((says): Finding => ({ rule: atTheEnd.log, call: 0, at, says })),
    ];
    return {
      history,
      began,
      findings,
      doubtful: judged.doubtful,
      took,
      memory,
      asterisk: await site.pbx.cli("core show version"),
    };
  } finally {
    watch.end();
  }
}
