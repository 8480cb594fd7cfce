import { contexts } from "../../contract/names";
import { type Scene, scenes, stageVariables } from "../../contract/scenes";
import { now } from "../clock";

/**
 * The scene that this channel plays in, such as `482913-1234567-0000001f-3`: the stage's extension, the number in its
 * channel's name, the scene's own. Only the rehearsal's channels have it, and hand it on to those that they dial.
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

/** This channel plays in a scene from here on. */
export function enter(name: string): void {
  isKnown = true;
  known = name;
  channel.__SMART_TRANSFER_REHEARSAL.set(name);
  join(name);
}

const group = "smart-transfer-rehearsal";

/** The stage closes when the last of its channels has gone; nothing of any of them shall be billed. */
function join(name: string): void {
  channel.CDR_PROP("disable").set("1");
  channel.GROUP(group).set(stageOf(name)[0]);
}

export function channelsLeft(stage: string): number {
  return tonumber(channel.GROUP_COUNT(`${stage}@${group}`).get() ?? "") ?? 0;
}

/** The stage's extension, its channel and the scene's number. */
function stageOf(name: string): LuaMultiReturn<[string, string, string]> {
  const [stage, id, number] = string.match(name, "^(%d+%-%d+)%-(%x+)%-(%d)$");
  return $multi(stage ?? "", `Local/${stage}@${contexts.rehearsal}-${id};2`, number ?? "");
}

export function sceneOf(name: string): Scene {
  const [, , number] = stageOf(name);
  return scenes[(tonumber(number) ?? 1) - 1];
}

/** Notes a moment of the scene on the stage's channel. */
export function tell(what: string): void {
  const [moments, stage] = momentsOf();
  const [plain] = string.gsub(what, "[|\n]", " ");
  channel.LOCK(group).get();
  const before = channel.SHARED(moments, stage).get() ?? "";
  channel.SHARED(moments, stage).set(`${before}${string.format("%.0f", now())} ${plain}|`);
  channel.UNLOCK(group).get();
}

/** Has this been told, by whomever? */
export function isTold(what: string): boolean {
  const [moments, stage] = momentsOf();
  const [at] = string.find(channel.SHARED(moments, stage).get() ?? "", ` ${what}|`, 1, true);
  return at !== undefined;
}

function momentsOf(): LuaMultiReturn<[string, string]> {
  const [, stage, number] = stageOf(sceneName() ?? "");
  return $multi(stageVariables.scene + number, stage);
}
