import { contexts } from "../../contract/names";
import { acrossScene, type Scene, scenes, stageVariables } from "../../contract/scenes";
import { now } from "../clock";

/**
 * The scene of this channel, such as `482913-1234567-0000001f-3`: the stage's extension, the number in its channel's
 * name, and the scene's number. The stage's extension of a scene with another node ends in its name: `482913-1_b`. Only
 * channels of a rehearsal have it; channels that they dial inherit it.
 */
let known: string | undefined;
let isKnown = false;

export function sceneName(): string | undefined {
  if (!isKnown) {
    isKnown = true;
    known = channel.SMART_TRANSFER_REHEARSAL.get();
    if (known !== undefined) join(known);
  }
  return known;
}

export function isRehearsal(): boolean {
  return sceneName() !== undefined;
}

/** Adds this channel to a scene. */
export function enter(name: string): void {
  isKnown = true;
  known = name;
  channel.__SMART_TRANSFER_REHEARSAL.set(name);
  join(name);
}

const group = "smart-transfer-rehearsal";

/** Joins the stage's group, which is over when its last channel has ended, and keeps the channel out of billing. */
function join(name: string): void {
  channel.CDR_PROP("disable").set("1");
  channel.GROUP(group).set(stageOf(name)[0]);
}

export function channelsLeft(stage: string): number {
  return tonumber(channel.GROUP_COUNT(`${stage}@${group}`).get() ?? "") ?? 0;
}

/** Splits a scene's name into the stage's extension, its channel and the scene's number. */
function stageOf(name: string): LuaMultiReturn<[string, string, string]> {
  const [stage, id, number] = string.match(name, "^(%d+%-%d+_?[%w_-]*)%-(%x+)%-(%d)$");
  return $multi(stage ?? "", `Local/${stage}@${contexts.rehearsal}-${id};2`, number ?? "");
}

/** The other node that takes part in a scene. */
export function nodeIn(name: string): string | undefined {
  return string.match(stageOf(name)[0], "_(.*)$")[0];
}

export function sceneOf(name: string): Scene {
  if (nodeIn(name) !== undefined) return acrossScene;
  const [, , number] = stageOf(name);
  return scenes[(tonumber(number) ?? 1) - 1];
}

/** Reports a moment of the scene on the stage's channel. */
export function tell(what: string): void {
  const [moments, stage] = momentsOf();
  const [plain] = string.gsub(what, "[|\n]", " ");
  channel.LOCK(group).get();
  const before = channel.SHARED(moments, stage).get() ?? "";
  channel.SHARED(moments, stage).set(`${before}${string.format("%.0f", now())} ${plain}|`);
  channel.UNLOCK(group).get();
}

/** Whether any actor has reported this moment. */
export function isTold(what: string): boolean {
  const [moments, stage] = momentsOf();
  const [at] = string.find(channel.SHARED(moments, stage).get() ?? "", ` ${what}|`, 1, true);
  return at !== undefined;
}

function momentsOf(): LuaMultiReturn<[string, string]> {
  const [, stage, number] = stageOf(sceneName() ?? "");
  return $multi(stageVariables.scene + number, stage);
}
