import { contexts } from "../../contract/names";
import { noExtension, type Scene, scenes, stageVariables } from "../../contract/scenes";
import { now } from "../clock";
import { device } from "../rehearsal/directory";
import { channelsLeft, sceneName } from "../rehearsal/scene";
import { act } from "./actors";

/** Milliseconds that a rehearsal may last, and seconds that its result can then be read. */
const longest = 13_000;
const applause = 5;

/**
 * Whatever comes into the rehearsal's context: the stage, as the installer calls it, its audience on the other half of
 * that channel, or an actor. Nobody else has anything to look for here.
 */
export function rehearse(extension: string): void {
  channel.CDR_PROP("disable").set("1");
  const [isOurs] = string.find(channel.CHANNEL("name").get() ?? "", `@${contexts.rehearsal}-`, 1, true);
  const [scene, role] = string.match(extension, "^(%d+%-%d+%-%x+%-%d)%-(%a)%d?$");
  const played = sceneName();
  const [numbers] = string.match(extension, "^%d+%-(%d+)$");
  if (isOurs === undefined) app.Hangup();
  else if (scene !== undefined && role !== undefined) act(scene, role);
  else if (extension === noExtension.number && played !== undefined) act(played, "n");
  else if (numbers !== undefined) stage(extension, numbers);
  else app.Wait(longest / 1000 + 2 * applause);
}

/** Lets the scenes begin, all at once, and shows on its own channel what is told of them. */
function stage(extension: string, numbers: string): void {
  const until = now() + longest;
  app.Answer();
  const [id] = string.match(channel.CHANNEL("name").get() ?? "", "%-(%x+);2$");
  for (const [number] of string.gmatch(numbers, "%d")) begin(`${extension}-${id}-${number}`, tonumber(number) ?? 1);
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

/** Milliseconds of a round of the stage where the machine has time for it, and by how many the slowest came late. */
const round = 100;
let latest = 0;

function noteDelay(took: number): void {
  latest = math.max(latest, took - round);
  channel.SMART_TRANSFER_LATE.set(string.format("%.0f", latest));
}

function begin(name: string, number: number): void {
  const scene: Scene = scenes[number - 1];
  if (scene.busy) call(device(name, "o"), `${name}-w`);
  call(device(name, "t"), `${name}-k`);
}

/** Both halves of a Local channel play: who is called, and who calls. */
function call(callee: string, caller: string): void {
  app.Originate(`${callee}/n`, "exten", contexts.rehearsal, caller, 1, 5);
}

function show(numbers: string): void {
  for (const [number] of string.gmatch(numbers, "%d"))
    channel[`SMART_TRANSFER_SCENE_${number}`].set(channel.SHARED(stageVariables.scene + number).get() ?? "");
}
