import { setTimeout as sleep } from "node:timers/promises";
import { Problem } from "../../terminal/problem.ts";
import { type Call, talking } from "../call.ts";
import type { Office } from "../office.ts";
import { nameOf } from "../pbx.ts";
import type { Beat, Listener, Party } from "./story.ts";

export const extensions = ["101", "102", "103"];
export const callers = ["900", "901"];
export const parties: readonly Party[] = [
  ...callers.map((number) => ({ number, name: "caller" })),
  ...extensions.map((number) => ({ number, name: nameOf(number) })),
];

/** The ring timeout in seconds: short, so that the demo is. */
export const ringTimeout = 3;

/** About the length of the busy prompt, in ms. */
const busyPrompt = 5_500;

const [anna, boris, clara] = ["101", "102", "103"] as const;
const [first, second] = ["900", "901"] as const;
const [annaName, borisName, claraName] = extensions.map(nameOf) as [string, string, string];

type Tell = (beat: Omit<Beat, "at">) => void;

/** Plays the three scenes with an office's phones, and reports events as they happen. */
export async function play(office: Office, listener: Listener): Promise<void> {
  const scene = (title: string): Tell => {
    const began = Date.now();
    listener.scene(title);
    return (beat) => listener.beat({ at: Date.now() - began, ...beat });
  };
  const talk = await answered(office, scene("Answered"));
  const waited = await busy(office, talk, scene("Busy: the caller waits"));
  await recalled(office, waited, scene("No answer: the call comes back"));
  const left = await office.pbx.cli("core show channels concise");
  if (left.trim() !== "") throw new Problem(`Channels are left on the PBX: ${left}`, "Please report this.");
}

/** A call between the caller and the receiver they were transferred to. */
interface Talk {
  readonly caller: Call;
  readonly receiver: Call;
}

async function answered(office: Office, tell: Tell): Promise<Talk> {
  const { caller, transferer } = await callAnna(office, first, tell);
  await passOn(caller, transferer, first, tell);
  const receiver = await office.phone(boris).rings();
  const delay = since(transferer.at("presses 2"), receiver.at("called"));
  tell({ how: "calls", from: first, to: boris, says: `${borisName}'s phone rings ${delay} after the last digit` });
  await transferer.ended();
  tell({ how: "ends", from: anna, says: `${annaName} is free already` });
  await receiver.answer();
  await talking(caller, receiver);
  tell({ how: "talks", from: first, to: boris, says: `${borisName} answers: they hear each other` });
  return { caller, receiver };
}

async function busy(office: Office, talk: Talk, tell: Tell): Promise<Talk> {
  tell({ how: "talks", from: first, to: boris, says: `${borisName} is still talking to ${first}` });
  const { caller, transferer } = await callAnna(office, second, tell);
  await passOn(caller, transferer, second, tell);
  await transferer.ended();
  tell({ how: "ends", from: anna, says: `${borisName} is busy. ${annaName} is free all the same` });
  await caller.hears();
  tell({ how: "hears", from: second, says: `${second} hears that the line is busy: 1 takes him back, or he waits` });
  await sleep(busyPrompt);
  await caller.hears();
  tell({ how: "hears", from: second, says: `He stays on the line, and hears music` });
  await talk.receiver.hangup();
  await talk.caller.ended();
  const free = Date.now();
  tell({ how: "ends", from: first, to: boris, says: `${first} and ${borisName} say goodbye` });
  const receiver = await office.phone(boris).rings(15_000);
  const delay = since(free, receiver.at("called"));
  tell({ how: "calls", from: second, to: boris, says: `${borisName}'s phone rings again ${delay} later` });
  await receiver.answer();
  await talking(caller, receiver);
  tell({ how: "talks", from: second, to: boris, says: `The one who waited talks to ${borisName}` });
  return { caller, receiver };
}

async function recalled(office: Office, { caller, receiver }: Talk, tell: Tell): Promise<void> {
  tell({ how: "talks", from: second, to: boris, says: `${borisName} would rather have ${claraName} take it` });
  await receiver.keys("#103");
  tell({ how: "keys", keys: "#103", from: boris, says: `${borisName} presses # 103` });
  const clara103 = await office.phone(clara).rings();
  tell({ how: "calls", from: second, to: clara, says: `${claraName}'s phone rings, and nobody is there` });
  await receiver.ended();
  tell({ how: "ends", from: boris, says: `${borisName} is free` });
  await clara103.ended((ringTimeout + 5) * 1000);
  tell({
    how: "hears",
    from: second,
    says: `After ${ringTimeout} s: "Returning you to the person you were speaking with"`,
  });
  const recall = await office.phone(boris).rings((ringTimeout + 10) * 1000);
  const { name, number } = recall.caller;
  tell({ how: "calls", from: second, to: boris, says: `${borisName}'s phone rings and shows "${name}" ${number}` });
  await recall.answer();
  await talking(caller, recall);
  tell({ how: "talks", from: second, to: boris, says: `${borisName} has his caller back. No caller is lost` });
  await recall.hangup();
  await caller.ended();
}

async function callAnna(office: Office, from: string, tell: Tell): Promise<{ caller: Call; transferer: Call }> {
  const caller = await office.phone(from).call(anna);
  const transferer = await office.phone(anna).rings();
  tell({ how: "calls", from, to: anna, says: `${from} calls ${annaName}` });
  await transferer.answer();
  await talking(caller, transferer);
  tell({ how: "talks", from, to: anna, says: `${annaName} answers, and they talk` });
  return { caller, transferer };
}

/** Anna presses the key, hears the prompt and enters Boris's extension. */
async function passOn(caller: Call, transferer: Call, from: string, tell: Tell): Promise<void> {
  await transferer.keys("#");
  await transferer.hears();
  tell({ how: "keys", keys: "#", from: anna, says: `${annaName} presses # and hears "Dial the extension"` });
  await caller.hears();
  tell({ how: "hears", from, says: "The caller hears music" });
  await transferer.keys(boris);
  tell({ how: "keys", keys: boris, from: anna, says: `${annaName} keys ${boris}: ${borisName}` });
}

/** Formats the time between two moments, given in ms since 1970. */
function since(from: number | undefined, to: number | undefined): string {
  if (from === undefined || to === undefined) return "at once";
  const ms = Math.max(0, to - from);
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
