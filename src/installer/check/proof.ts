import { missingTransferSound } from "../../asterisk/transfer-sound.ts";
import { unknownWords } from "../../asterisk/vocabulary.ts";
import { scenes } from "../../contract/scenes.ts";
import { dialplanIdentity } from "../plan/generated.ts";
import { type SceneResult, skipped, titleOf } from "../rehearsal/judge.ts";
import { rehearse, type Stage } from "../rehearsal/rehearse.ts";
import { fail, pass } from "../verdict.ts";
import { type CheckResult, check } from "./check.ts";
import type { Evidence } from "./evidence.ts";
import { peerFact } from "./facts/nodes.ts";

/** Evidence that the installation works: the facts, then the rehearsed scenes. */
export interface Proof {
  readonly checks: readonly CheckResult[];
  readonly rehearsal: readonly SceneResult[];
}

export type RehearsalWish = "no" | "yes" | "despite events";

/** Without these facts no transfer works, so a rehearsal would add nothing. */
const needed = ["version", "modules", "applications", "settings", "dialplan", "loader", "contexts", "key"];

/** Checks every fact, then rehearses. Changes nothing. */
export async function prove(
  evidence: Evidence,
  wish: RehearsalWish,
  { signal, onPlay }: Pick<Stage, "signal" | "onPlay"> = {},
): Promise<Proof> {
  const checks = await check(evidence);
  const { cli, asterisk, settings } = evidence;
  if (wish === "no" || cli === undefined || asterisk === undefined) return { checks, rehearsal: [] };
  const broken = checks.find(({ id, status }) => status === "fail" && needed.includes(id));
  if (broken)
    return { checks, rehearsal: scenes.map(({ id }) => skipped(id, `not rehearsed, because ${broken.id} failed`)) };
  const { inspection, shipped, soundFault } = evidence;
  const wanted = shipped.vocabulary.rehearsal;
  const stage: Stage = {
    cli,
    settings,
    modules: asterisk.modules,
    despiteEvents: wish === "despite events",
    unknown: unknownWords(wanted, inspection.running?.vocabulary ?? wanted, asterisk.modules),
    missingSound: await missingTransferSound(inspection.features, cli, evidence.snapshot.paths.sounds, soundFault),
    peers: checks.flatMap(({ id, status }) =>
      id.startsWith(peerFact) && status === "pass" ? id.slice(peerFact.length) : [],
    ),
    signal,
    onPlay,
  };
  const { scenes: rehearsal, dialplan } = await rehearse(stage);
  return { checks: [...checks, ...running(dialplan, dialplanIdentity(evidence.shipped))], rehearsal };
}

/** Compares the version of the running dialplan, which only the rehearsal can read, with ours. */
function running(told: string | undefined, expected: string): CheckResult[] {
  if (told === undefined) return [];
  const finding =
    told === expected
      ? pass(`version ${told}`)
      : fail(`the running dialplan is version ${told}, not ${expected}`, "Run `asterisk-smart-transfer install`.");
  return [{ id: "running", ...finding }];
}

/** Everything that failed. */
export function faultsOf({ checks, rehearsal }: Proof): CheckResult[] {
  const scenes = rehearsal.map(({ id, node, status, seen = "", remedy = "" }) => ({
    id: `rehearsal of ${titleOf(id, node)}`,
    status,
    seen,
    remedy,
  }));
  return [...checks, ...scenes].filter(({ status }) => status === "fail");
}

/** Faults that are new, or different from before. */
export function newFaults(before: Proof, now: Proof): CheckResult[] {
  const known = ({ id, seen }: CheckResult) => faultsOf(before).some((one) => one.id === id && one.seen === seen);
  return faultsOf(now).filter((fault) => !known(fault));
}
