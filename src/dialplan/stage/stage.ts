import { contexts } from "../../contract/names";
import { noExtension, stageVariables } from "../../contract/scenes";
import { now } from "../clock";
import { device } from "../rehearsal/rehearsed";
import { channelsLeft, sceneName, sceneOf } from "../rehearsal/scene";
import { act } from "./actors";

/** The longest rehearsal in ms, and how long its result can be read afterwards, in seconds. */
const longest = 13_000;
const applause = 5;

/**
 * The entry of the rehearsal's context: the stage, called by the installer; its audience, on the other half of that
 * channel; or an actor. Hangs up on everybody else.
 */
export function rehearse(extension: string): void {
  channel.CDR_PROP("disable").set("1");
  const [isOurs] = string.find(channel.CHANNEL("name").get() ?? "", `@${contexts.rehearsal}-`, 1, true);
  const [scene, role] = string.match(extension, "^(%d+%-%d+_?[%w_-]*%-%x+%-%d)%-(%a)%d?$");
  const played = sceneName();
  const [numbers] = string.match(extension, "^%d+%-(%d+)[_%w-]*$");
  if (isOurs === undefined) app.Hangup();
  else if (scene !== undefined && role !== undefined) act(scene, role);
  else if (extension === noExtension.number && played !== undefined) act(played, "n");
  else if (numbers !== undefined) stage(extension, numbers);
  else app.Wait(longest / 1000 + 2 * applause);
}

/** Starts all scenes at once, and collects their reports on its own channel. */
function stage(extension: string, numbers: string): void {
  const until = now() + longest;
  app.Answer();
  const [id] = string.match(channel.CHANNEL("name").get() ?? "", "%-(%x+);2$");
  for (const [number] of string.gmatch(numbers, "%d")) begin(`${extension}-${id}-${number}`);
  while (channelsLeft(extension) > 0 && now() < until) {
    const before = now();
    app.Wait(round / 1000);
    show(numbers);
    noteDelay(now() - before);
  }
  show(numbers);
  channel.SMART_TRANSFER_REHEARSED.set(SMART_TRANSFER_DIALPLAN ?? "unknown");
  app.Wait(applause);
}

/** The length of one round of the stage in ms, and the largest delay so far. */
const round = 100;
let latest = 0;

function noteDelay(took: number): void {
  latest = math.max(latest, took - round);
  channel.SMART_TRANSFER_LATE.set(string.format("%.0f", latest));
}

function begin(name: string): void {
  if (sceneOf(name).busy) call(device(name, "o"), `${name}-w`);
  call(device(name, "t"), `${name}-k`);
}

/** Starts a Local channel whose halves both play a role: callee and caller. */
function call(callee: string, caller: string): void {
  app.Originate(`${callee}/n`, "exten", contexts.rehearsal, caller, 1, 5);
}

function show(numbers: string): void {
  for (const [number] of string.gmatch(numbers, "%d"))
    channel[`SMART_TRANSFER_SCENE_${number}`].set(channel.SHARED(stageVariables.scene + number).get() ?? "");
}
