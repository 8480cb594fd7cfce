import type { AsteriskCli } from "../../asterisk/cli.ts";
import type { UnknownWord } from "../../asterisk/vocabulary.ts";
import { acrossScene, type SceneId, scenes } from "../../contract/scenes.ts";
import { wordRemedy } from "../preflight/vocabulary.ts";
import type { Settings } from "../settings/model.ts";
import { expectationOf, judge, judgeTwice, type SceneResult, skipped } from "./judge.ts";
import { type Played, play } from "./play.ts";

/** Modules that the rehearsal needs in addition to those of the dialplan (neededModules). */
export const rehearsalModules = [
  "app_originate.so",
  "app_senddtmf.so",
  "func_cdr.so",
  "func_logic.so",
  "res_clioriginate.so",
] as const;

/** The most channels that a rehearsal has at once. */
const mostChannels = 64;

export interface Stage {
  readonly cli: AsteriskCli;
  readonly settings: Settings;
  readonly modules: ReadonlySet<string>;
  /** Rehearse even if Asterisk's event log (CEL) will record the rehearsal's channels. */
  readonly despiteEvents: boolean;
  /** Applications and functions that only the rehearsal needs and this Asterisk lacks. */
  readonly unknown: readonly UnknownWord[];
  /** The sound that Asterisk's own transfer key plays, if it is missing. */
  readonly missingSound: string | undefined;
  /** The other nodes that are up and have the same settings. */
  readonly peers: readonly string[];
  readonly signal?: AbortSignal | undefined;
  /** Called whenever the scenes being played change. */
  readonly onPlay?: ((scenes: readonly SceneId[]) => void) | undefined;
}

/**
 * Plays real transfers inside the running Asterisk, all at once, in about 7 s: real keys trigger the real feature on
 * Local channels, with the real dialplan and settings. Only the three extensions are the rehearsal's own, and no phone
 * can reach them. Rings no phone, and leaves no channel, AstDB key or record. Several rehearsals may run at the same
 * time. Failed scenes are played a second time, because a machine that is busy for a moment proves nothing.
 */
export async function rehearse(stage: Stage): Promise<Rehearsal> {
  const obstacle = await obstacleIn(stage);
  if (obstacle) {
    return { scenes: scenes.map(({ id }) => skipped(id, obstacle.seen, obstacle.remedy)), dialplan: undefined };
  }
  const [here, ...across] = await Promise.all([
    rehearseTwice(stage),
    ...stage.peers.map((node) => rehearseAcross(stage, node)),
  ]);
  return { ...here, scenes: [...here.scenes, ...across] };
}

/** A fault is no fault of this node alone: else an install would be undone for it. */
async function rehearseAcross(stage: Stage, node: string): Promise<SceneResult> {
  const played = await rehearseTwice(stage, [acrossScene.id], node);
  const result = played.scenes[0] as SceneResult;
  if (result.status !== "fail") return { ...result, node };
  const remedy = `See that both nodes have the same version of this, and that the audio (RTP) of each reaches the other; Asterisk's log on ${node} tells more.`;
  return { ...result, node, status: "warn", remedy };
}

/** Plays scenes, and those that failed once more. */
async function rehearseTwice(stage: Stage, wanted?: readonly SceneId[], node?: string): Promise<Rehearsal> {
  const first = await rehearseOnce(stage, wanted, node);
  const failed = first.scenes.filter(({ status }) => status === "fail").map(({ id }) => id);
  if (failed.length === 0) return first;
  const second = await rehearseOnce(stage, failed, node);
  const results = first.scenes.map((one) => {
    const again = second.scenes.find(({ id }) => id === one.id);
    return again === undefined ? one : judgeTwice(one, first.late, again, second.late);
  });
  return { scenes: results, dialplan: second.dialplan ?? first.dialplan };
}

/** Plays those of the wanted scenes that can be played here. */
export async function rehearseOnce(
  stage: Stage,
  wanted: readonly SceneId[] = scenes.map(({ id }) => id),
  node?: string,
): Promise<Rehearsal & Pick<Played, "late">> {
  const ids = wanted.filter((id) => unplayable(id, stage) === undefined);
  const { told, late, dialplan } = await play(stage.cli, ids, stage.signal, follower(ids, stage), node);
  const results = wanted.map((id) => {
    const why = unplayable(id, stage);
    return why === undefined ? judge(id, told.get(id) ?? "", stage.settings) : skipped(id, why);
  });
  return { scenes: results, late, dialplan };
}

/** Creates a listener that tells `onPlay` which scenes have not passed yet, whenever that changes. */
function follower(ids: readonly SceneId[], { settings, onPlay }: Stage): (told: Played["told"]) => void {
  let before = 0;
  return (told) => {
    const left = ids.filter((id) => judge(id, told.get(id) ?? "", settings).status !== "pass");
    if (left.length !== before && left.length > 0) onPlay?.(left);
    before = left.length;
  };
}

/** Why a scene cannot be played with these settings on this Asterisk. */
function unplayable(id: SceneId, { settings, missingSound }: Stage): string | undefined {
  const expected = expectationOf(id, settings);
  if ("because" in expected) return expected.because;
  // The only scene in which Asterisk itself plays a sound.
  if (id !== "button" || missingSound === undefined) return undefined;
  return `Asterisk's own transfer key needs a sound that is missing: ${missingSound}`;
}

export interface Rehearsal {
  readonly scenes: SceneResult[];
  /** The version that the running dialplan reports. */
  readonly dialplan: string | undefined;
}

interface Obstacle {
  readonly seen: string;
  readonly remedy: string;
}

async function obstacleIn({ cli, modules, despiteEvents, unknown: [unknown] }: Stage): Promise<Obstacle | undefined> {
  const missing = rehearsalModules.filter((module) => !modules.has(module));
  if (missing.length > 0) {
    return { seen: `not loaded: ${missing.join(", ")}`, remedy: `Run \`asterisk -rx 'module load ${missing[0]}'\`.` };
  }
  if (unknown !== undefined) return { seen: `this Asterisk has no ${unknown.name}`, remedy: wordRemedy(unknown) };
  // CEL records every channel (main/cel.c), so the admin decides.
  if (!despiteEvents && /^CEL Logging: Enabled/m.test(await cli.run("cel show status"))) {
    return {
      seen: "Asterisk's event log (CEL) is on: it would record every channel of the rehearsal",
      remedy: "Run `asterisk-smart-transfer check --rehearsal` if that does no harm.",
    };
  }
  const [, most, current] =
    /^\s*Maximum calls:\s+(\d+) \(Current (\d+)\)/m.exec(await cli.run("core show settings")) ?? [];
  if (most !== undefined && Number(most) - Number(current) < mostChannels) {
    return {
      seen: `${current} of the ${most} calls that asterisk.conf allows are up: the rehearsal would take the last`,
      remedy: "Run `asterisk-smart-transfer check` at a quieter time.",
    };
  }
  return undefined;
}
