import { randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { AsteriskCli } from "../../asterisk/cli.ts";
import { contexts } from "../../contract/names.ts";
import { acrossScene, type SceneId, scenes, stageVariables } from "../../contract/scenes.ts";

/** Any number that is no stage: what has called it listens to the stage. */
const audience = "0";
const firstLook = 700;
const interval = 250;
/** Limits in ms for the stage to appear and for the whole rehearsal, on a machine without processor time. */
const opening = 5_000;
const patience = 18_000;
const clearing = 5_000;

/** The reports of scenes that were played together. */
export interface Played {
  readonly told: ReadonlyMap<SceneId, string>;
  /** The longest delay of a wait in the dialplan, in ms. */
  readonly late: number;
  /** The version that the running dialplan reports. */
  readonly dialplan: string | undefined;
}

/**
 * Plays these scenes and collects their reports.
 *
 * @param onTold receives all reports so far
 * @param node another node, with which the scene across nodes is played instead
 */
export async function play(
  cli: AsteriskCli,
  played: readonly SceneId[],
  signal: AbortSignal | undefined,
  onTold: (told: Played["told"]) => void,
  node?: string,
): Promise<Played> {
  const table = node === undefined ? scenes : [acrossScene];
  const numbers = table.flatMap(({ id }, index) => (played.includes(id) ? [index + 1] : []));
  const run = `${randomInt(100_000, 1_000_000)}-${numbers.join("")}${node === undefined ? "" : `_${node}`}`;
  const place = contexts.rehearsal;
  await cli.run(`channel originate Local/${run}@${place}/n extension ${audience}@${place}`);
  let result: Played = { told: new Map(), late: 0, dialplan: undefined };
  try {
    const began = Date.now();
    onTold(result.told);
    let stage: string | undefined;
    await sleep(firstLook, undefined, { signal });
    while (Date.now() - began < patience) {
      stage ??= (await channelsOf(run, cli)).find((name) => name.startsWith(`Local/${run}@`) && name.endsWith(";2"));
      if (stage !== undefined) {
        const shown = await cli.run(`core show channel ${stage}`);
        if (!shown.includes(stage)) break;
        if (shown.includes(stageVariables.scene)) result = playedIn(shown, table);
        onTold(result.told);
        if (result.dialplan !== undefined) break;
      } else if (Date.now() - began > opening) {
        break;
      }
      await sleep(interval, undefined, { signal });
    }
  } finally {
    await clear(run, cli);
  }
  return result;
}

/** Parses `SMART_TRANSFER_SCENE_3=1795401049361 presses #|...` among the variables in `core show channel`. */
function playedIn(shown: string, table: readonly { readonly id: SceneId }[]): Played {
  const found = [...shown.matchAll(new RegExp(`^${stageVariables.scene}(\\d)=(.*)$`, "gm"))];
  const idOf = (number: string | undefined) => table[Number(number) - 1]?.id as SceneId;
  const variable = (name: string) => new RegExp(`^${name}=(.*)$`, "m").exec(shown)?.[1];
  return {
    told: new Map(found.map(([, number, told = ""]) => [idOf(number), told])),
    late: Number(variable(stageVariables.late) ?? 0),
    dialplan: variable(stageVariables.over),
  };
}

/** Hangs up the remaining channels of the rehearsal. They would end by themselves within seconds. */
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
