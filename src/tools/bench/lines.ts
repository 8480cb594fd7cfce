import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { contexts, settingsFile } from "../../contract/names.ts";
import { editedDocument } from "../../installer/settings/document.ts";
import { count, mean, spread, table } from "./figures.ts";
import { busyPrompt, lineMoves } from "./reaction.ts";
import { musicContext, quiet, type Site } from "./site.ts";

const callers = 20;
const seconds = 20;
const rounds = 3;

/** Receivers without a phone. */
const receivers = Array.from({ length: callers }, (_, at) => String(20_000 + at));

/** Tables of what a busy receiver's callers notice, and of what they cost. */
export async function measureLines(ours: readonly Site[], tell: (what: string) => void): Promise<string> {
  const rows = [];
  for (const site of ours) {
    tell(`A busy receiver, ${count(site.size)} extensions`);
    const [told, moved]: [number[], number[]] = [[], []];
    for (let turn = 0; turn < 3; turn++) {
      told.push(await busyPrompt(site));
      moved.push(await lineMoves(site));
    }
    rows.push([count(site.size), spread(told), spread(moved)]);
  }
  const heads = [
    "extensions",
    "receiver's 486 to the caller's prompt, ms",
    "phone free to ring for the head of the line, ms",
  ];
  const large = ours.find(({ size }) => size === 1_000);
  if (large) tell("Callers who wait");
  return ["### The line\n", table(heads, rows), large ? await waitingTable(large) : ""].join("\n");
}

/**
 * The processor time of callers who wait, each for another receiver, beside that of as many who only hear music. In
 * turn, because the machine's speed varies.
 *
 * @param site with these receivers in its directory
 */
async function waitingTable(site: Site): Promise<string> {
  const settings = join(site.pbx.etcDir, settingsFile);
  const text = await readFile(settings, "latin1");
  // They count as busy.
  await writeFile(settings, editedDocument(text, { general: { busy_states: "UNAVAILABLE" } }), "latin1");
  const shares = { music: [] as number[], waiting: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    shares.music.push(await shareOfCore(site, musicContext));
    shares.waiting.push(await shareOfCore(site, contexts.receiver));
  }
  await writeFile(settings, text, "latin1");
  const more = shares.waiting.map((share, round) => share - (shares.music[round] as number));
  const cells = (all: readonly number[]) => [mean(all), ...all].map((share) => share.toFixed(2));
  const listed = (all: readonly number[]) => {
    const [middle, ...each] = cells(all);
    return `${middle} (${each.join(", ")})`;
  };
  return table(
    [`${callers} callers, % of one core`, "only music", "waiting in line", "more (by round)"],
    [["mean", listed(shares.music), listed(shares.waiting), listed(more)]],
  );
}

/** The PBX's processor time while callers are in a context, in percent of one core. */
async function shareOfCore(site: Site, context: string): Promise<number> {
  const { pbx } = site;
  await Promise.all(
    receivers.map((one) => pbx.cli(`channel originate Local/${one}@${context} application Wait ${seconds * 3}`)),
  );
  // Until everybody has heard that the receiver is busy.
  await sleep(10_000);
  const before = await site.processorTime();
  const since = Date.now();
  await sleep(seconds * 1000);
  const share = (100 * ((await site.processorTime()) - before)) / (Date.now() - since);
  await pbx.cli("channel request hangup all");
  await quiet(site);
  return share;
}
