import { randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { AsteriskCli } from "../asterisk/cli.ts";
import { contexts } from "../settings/files.ts";
import type { Settings } from "../settings/model.ts";
import { expectations } from "./expected.ts";
import { judge, type SceneResult, skipped } from "./judge.ts";
import { type SceneId, scenes, stageVariables } from "./scenes.ts";

/** What the rehearsal needs besides what the dialplan does (neededModules). */
export const rehearsalModules = [
  "app_originate.so",
  "app_senddtmf.so",
  "func_cdr.so",
  "func_logic.so",
  "res_clioriginate.so",
] as const;

/** The channels that a rehearsal has at most at a time. */
const mostChannels = 50;

const firstLook = 700;
const interval = 250;
const patience = 18_000;
const clearing = 5_000;

export interface Stage {
  readonly cli: AsteriskCli;
  readonly settings: Settings;
  readonly modules: ReadonlySet<string>;
  /** Rehearse although it would leave its channels in Asterisk's event log (CEL)? */
  readonly despiteEvents: boolean;
  readonly signal?: AbortSignal | undefined;
  /** Is told which scenes are being played, whenever that changes. */
  readonly onPlay?: ((scenes: readonly SceneId[]) => void) | undefined;
}

/**
 * Real transfers inside the running Asterisk, all at once and over in about 7 s: real keys into the real feature, through
 * Local channels, by the real dialplan and settings but with three extensions of its own that no phone can reach. Rings no
 * phone; leaves no channel, AstDB key or record. Any number of them may run at a time.
 */
export async function rehearse(stage: Stage): Promise<Rehearsal> {
  const obstacle = await obstacleIn(stage);
  if (obstacle) {
    return { scenes: scenes.map(({ id }) => skipped(id, obstacle.seen, obstacle.remedy)), dialplan: undefined };
  }
  const { told, dialplan } = await play(stage);
  return { scenes: scenes.map(({ id }) => judge(id, told.get(id) ?? "", stage.settings)), dialplan };
}

export interface Rehearsal {
  readonly scenes: SceneResult[];
  /** What the dialplan that played tells of itself. */
  readonly dialplan: string | undefined;
}

interface Obstacle {
  readonly seen: string;
  readonly remedy: string;
}

async function obstacleIn({ cli, modules, despiteEvents }: Stage): Promise<Obstacle | undefined> {
  const missing = rehearsalModules.filter((module) => !modules.has(module));
  if (missing.length > 0) {
    return { seen: `not loaded: ${missing.join(", ")}`, remedy: `Run \`asterisk -rx 'module load ${missing[0]}'\`.` };
  }
  // No channel can be kept out of it (main/cel.c), so whoever records events decides.
  if (!despiteEvents && /^CEL Logging: Enabled/m.test(await cli.run("cel show status"))) {
    return {
      seen: "Asterisk's event log (CEL) is on: it would keep every channel of the rehearsal",
      remedy: "Run `asterisk-smart-transfer check --rehearsal` where that does no harm.",
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

/** Lets those scenes play that the settings allow, and collects what is told of each. */
async function play({ cli, settings, signal, onPlay }: Stage): Promise<Played> {
  const numbers = scenes.flatMap((scene, index) =>
    "because" in expectations[scene.id](settings, scene) ? [] : [index + 1],
  );
  const run = `${randomInt(100_000, 1_000_000)}-${numbers.join("")}`;
  const place = contexts.rehearsal;
  await cli.run(`channel originate Local/${run}@${place}/n extension ${run}-w@${place}`);
  let told = new Map<SceneId, string>();
  let left: SceneId[] = [];
  const follow = () => {
    const playing = numbers.map((number) => (scenes[number - 1] as (typeof scenes)[number]).id);
    const now = playing.filter((id) => judge(id, told.get(id) ?? "", settings).status !== "pass");
    if (now.length !== left.length && now.length > 0) onPlay?.(now);
    left = now;
  };
  let dialplan: string | undefined;
  try {
    const deadline = Date.now() + patience;
    let stage: string | undefined;
    follow();
    await sleep(firstLook, undefined, { signal });
    while (Date.now() < deadline) {
      stage ??= (await channelsOf(run, cli)).find((name) => name.startsWith(`Local/${run}@`) && name.endsWith(";2"));
      if (stage === undefined) break;
      const shown = await cli.run(`core show channel ${stage}`);
      if (shown.includes(stageVariables.scene)) told = scenesIn(shown);
      follow();
      dialplan = new RegExp(`^${stageVariables.over}=(.*)$`, "m").exec(shown)?.[1];
      if (dialplan !== undefined || !shown.includes(stage)) break;
      await sleep(interval, undefined, { signal });
    }
  } finally {
    await clear(run, cli);
  }
  return { told, dialplan };
}

interface Played {
  readonly told: ReadonlyMap<SceneId, string>;
  readonly dialplan: string | undefined;
}

/** `SMART_TRANSFER_SCENE_3=1795401049361 presses #|...` among the variables of `core show channel`. */
function scenesIn(shown: string): Map<SceneId, string> {
  const found = [...shown.matchAll(new RegExp(`^${stageVariables.scene}(\\d)=(.*)$`, "gm"))];
  return new Map(
    found.map(([, number, told = ""]) => [(scenes[Number(number) - 1] as (typeof scenes)[number]).id, told]),
  );
}

/** Ends what is left of the rehearsal; it would end by itself in some seconds. */
async function clear(run: string, cli: AsteriskCli): Promise<void> {
  const deadline = Date.now() + clearing;
  for (
    let left = await channelsOf(run, cli);
    left.length > 0 && Date.now() < deadline;
    left = await channelsOf(run, cli)
  ) {
    for (const name of left.filter((one) => one.endsWith(";2"))) await cli.run(`channel request hangup ${name}`);
    await sleep(50);
  }
}

async function channelsOf(run: string, cli: AsteriskCli): Promise<string[]> {
  const shown = await cli.run("core show channels concise");
  return shown
    .split("\n")
    .flatMap((line) => (line.startsWith(`Local/${run}`) ? [line.slice(0, line.indexOf("!"))] : []));
}
