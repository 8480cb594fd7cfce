import { setTimeout as sleep } from "node:timers/promises";
import { Problem } from "../../terminal/problem.ts";
import { type Call, talking } from "../call.ts";
import type { Cast } from "./cast.ts";
import { type Company, ringTimeout } from "./company.ts";
import type { Beat, Listener } from "./story.ts";

/** About the length of the busy prompt, in ms. */
const busyPrompt = 5_500;

type Tell = (beat: Omit<Beat, "at">) => void;

/** Those who play, and their phones. */
interface Stage extends Cast, Pick<Company, "phone"> {
  readonly first: string;
  readonly second: string;
}

/** Plays the three scenes with a company's phones, and reports events as they happen. */
export async function play(cast: Cast, { offices, phone }: Company, listener: Listener): Promise<void> {
  const [first, second] = cast.callers;
  const stage = { ...cast, first, second, phone };
  const scene = (title: string): Tell => {
    const began = Date.now();
    listener.scene(title);
    return (beat) => listener.beat({ at: Date.now() - began, ...beat });
  };
  const talk = await answered(stage, scene("Answered"));
  const waited = await busy(stage, talk, scene("Busy: the caller waits"));
  await recalled(stage, waited, scene("No answer: the call comes back"));
  for (const { pbx } of offices) {
    const left = await pbx.cli("core show channels concise");
    if (left.trim() !== "") throw new Problem(`Channels are left on the PBX: ${left}`, "Please report this.");
  }
}

/** A call between the caller and the receiver they were transferred to. */
interface Talk {
  readonly caller: Call;
  readonly receiver: Call;
}

async function answered(stage: Stage, tell: Tell): Promise<Talk> {
  const { phone, first, transferer: anna, receiver: boris } = stage;
  const { caller, transferer } = await callAnna(stage, first, tell);
  await passOn(stage, caller, transferer, first, tell);
  const receiver = await phone(boris.number).rings();
  const delay = since(transferer.at(`presses ${boris.number.at(-1)}`), receiver.at("called"));
  tell({
    how: "calls",
    from: first,
    to: boris.number,
    says: `${boris.name}'s phone rings ${delay} after the last digit`,
  });
  await transferer.ended();
  tell({ how: "ends", from: anna.number, says: `${anna.name} is free already` });
  await receiver.answer();
  await talking(caller, receiver);
  tell({ how: "talks", from: first, to: boris.number, says: `${boris.name} answers: they hear each other` });
  return { caller, receiver };
}

async function busy(stage: Stage, talk: Talk, tell: Tell): Promise<Talk> {
  const { phone, first, second, transferer: anna, receiver: boris } = stage;
  tell({ how: "talks", from: first, to: boris.number, says: `${boris.name} is still talking to ${first}` });
  const { caller, transferer } = await callAnna(stage, second, tell);
  await passOn(stage, caller, transferer, second, tell);
  await transferer.ended();
  tell({ how: "ends", from: anna.number, says: `${boris.name} is busy. ${anna.name} is free all the same` });
  await caller.hears();
  tell({ how: "hears", from: second, says: `${second} hears that the line is busy: 1 takes him back, or he waits` });
  await sleep(busyPrompt);
  await caller.hears();
  tell({ how: "hears", from: second, says: `He stays on the line, and hears music` });
  await talk.receiver.hangup();
  await talk.caller.ended();
  const free = Date.now();
  tell({ how: "ends", from: first, to: boris.number, says: `${first} and ${boris.name} say goodbye` });
  const receiver = await phone(boris.number).rings(15_000);
  const delay = since(free, receiver.at("called"));
  tell({ how: "calls", from: second, to: boris.number, says: `${boris.name}'s phone rings again ${delay} later` });
  await receiver.answer();
  await talking(caller, receiver);
  tell({ how: "talks", from: second, to: boris.number, says: `The one who waited talks to ${boris.name}` });
  return { caller, receiver };
}

async function recalled(stage: Stage, { caller, receiver }: Talk, tell: Tell): Promise<void> {
  const { phone, second, receiver: boris, colleague: clara } = stage;
  tell({ how: "talks", from: second, to: boris.number, says: `${boris.name} would rather have ${clara.name} take it` });
  const keys = `#${clara.number}`;
  await receiver.keys(keys);
  tell({ how: "keys", keys, from: boris.number, says: `${boris.name} presses # ${clara.number}` });
  const ringing = await phone(clara.number).rings();
  tell({ how: "calls", from: second, to: clara.number, says: `${clara.name}'s phone rings, and nobody is there` });
  await receiver.ended();
  tell({ how: "ends", from: boris.number, says: `${boris.name} is free` });
  await ringing.ended((ringTimeout + 5) * 1000);
  tell({
    how: "hears",
    from: second,
    says: `After ${ringTimeout} s: "Returning you to the person you were speaking with"`,
  });
  const recall = await phone(boris.number).rings((ringTimeout + 10) * 1000);
  const { name, number } = recall.caller;
  tell({
    how: "calls",
    from: second,
    to: boris.number,
    says: `${boris.name}'s phone rings and shows "${name}" ${number}`,
  });
  await recall.answer();
  await talking(caller, recall);
  tell({ how: "talks", from: second, to: boris.number, says: `${boris.name} has his caller back. No caller is lost` });
  await recall.hangup();
  await caller.ended();
}

async function callAnna(
  { phone, transferer: anna }: Stage,
  from: string,
  tell: Tell,
): Promise<{ caller: Call; transferer: Call }> {
  const caller = await phone(from).call(anna.number);
  const transferer = await phone(anna.number).rings();
  tell({ how: "calls", from, to: anna.number, says: `${from} calls ${anna.name}` });
  await transferer.answer();
  await talking(caller, transferer);
  tell({ how: "talks", from, to: anna.number, says: `${anna.name} answers, and they talk` });
  return { caller, transferer };
}

/** Anna presses the key, hears the prompt and enters Boris's extension. */
async function passOn(
  { transferer: anna, receiver: boris }: Stage,
  caller: Call,
  transferer: Call,
  from: string,
  tell: Tell,
): Promise<void> {
  await transferer.keys("#");
  await transferer.hears();
  tell({ how: "keys", keys: "#", from: anna.number, says: `${anna.name} presses # and hears "Dial the extension"` });
  await caller.hears();
  tell({ how: "hears", from, says: "The caller hears music" });
  await transferer.keys(boris.number);
  tell({
    how: "keys",
    keys: boris.number,
    from: anna.number,
    says: `${anna.name} keys ${boris.number}: ${boris.name}`,
  });
}

/** Formats the time between two moments, given in ms since 1970. */
function since(from: number | undefined, to: number | undefined): string {
  if (from === undefined || to === undefined) return "at once";
  const ms = Math.max(0, to - from);
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
