import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Actor } from "./act.ts";
import { beliefOf } from "./belief.ts";
import type { FileSite } from "./site.ts";
import { type Sequence, stepInWords } from "./step.ts";
import { differencesOf, isOurPlace, own, settingsPath, type Tree, textAt } from "./tree.ts";
import { wordOn } from "./word.ts";

/** How a sequence went. */
export interface Played {
  /** The steps that were taken, a line each. */
  readonly steps: readonly string[];
  /** What was found at the last of them. */
  readonly findings: readonly string[];
}

/** Plays a sequence up to the first finding, then takes everything out again. */
export async function play({ ground, steps }: Sequence, site: FileSite): Promise<Played> {
  await site.lay(ground);
  const bare = site.tree();
  const actor = new Actor(site, beliefOf(bare));
  const taken: string[] = [JSON.stringify(ground)];
  for (const step of steps) {
    const faults = await actor.act(step);
    if (faults === undefined) continue;
    taken.push(stepInWords(step));
    const findings = faults.length > 0 ? faults : await actor.ask();
    if (findings.length > 0) return { steps: taken, findings };
  }
  taken.push("at the end: uninstalls");
  return { steps: taken, findings: await end(actor, site) };
}

/** Takes everything out; then an install from the same settings writes the same files, however they came about. */
async function end(actor: Actor, site: FileSite): Promise<string[]> {
  const { belief } = actor;
  await actor.act({ does: "edits", main: "extensions.lua", how: "mends it", where: 0 });
  const last = site.tree();
  const settings = textAt(last, settingsPath);
  const isWell = belief.installed === "now" && wordOn(belief, last).fails.length === 0;
  const faults = (await actor.act({ does: "uninstalls" })) ?? [];
  if (faults.length > 0) return faults;
  const left = site.stateFolders().map((folder) => `${folder} is left`);
  const bare = site.tree();
  const isBare = ![...bare.keys()].some((path) => path === settingsPath || path === own || isOurPlace(path));
  if (left.length > 0 || !isWell || !isBare || settings === undefined) return left;
  return (await again(site, settings, ours(last))).concat(differencesOf(bare, site.tree()));
}

const ours = (tree: Tree): Tree =>
  new Map(
    [...tree].filter(([path]) => path === settingsPath || path.startsWith(`${own}/`) || path.startsWith("sounds/")),
  );

/** Installs from these settings on a PBX that has forgotten us, and uninstalls. */
async function again(site: FileSite, settings: string, expected: Tree): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), "settings-"));
  const file = join(folder, "smart_transfer.conf");
  writeFileSync(file, settings, "latin1");
  try {
    const installed = await site.run(["install", "--yes", "--no-rehearsal", "--settings", file]);
    const differences = differencesOf(expected, ours(site.tree()));
    const uninstalled = await site.run(["uninstall", "--yes"]);
    return [
      ...(installed.code === 0
        ? []
        : [`an install from the same settings ended with ${installed.code}: ${installed.said}`]),
      ...differences.map((one) => `an install from the same settings: ${one}`),
      ...(uninstalled.code === 0 ? [] : [`the last uninstall ended with ${uninstalled.code}: ${uninstalled.said}`]),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
