import prompts from "prompts";
import { exitCode, Problem } from "../errors.ts";
import { faultOf } from "../settings/check.ts";
import type { Answers } from "../settings/document.ts";
import { type DirectoryEntry, parseExtensions, writeExtensions } from "../settings/extensions.ts";
import { prompts as promptTable } from "../settings/prompts.ts";
import { generalSettings } from "../settings/table.ts";
import { soundNames } from "./given.ts";

const keySetting = generalSettings[0];

/** What an answer is when it is only confirmed: what is installed, else what was found on the PBX. */
export interface Proposal {
  readonly directory: readonly DirectoryEntry[];
  readonly key: string;
}

/** Asks for what the command line left open. A question is not asked when its option was given. */
export async function ask(given: Answers, proposal: Proposal): Promise<Answers> {
  const extensions = given.directory ? undefined : await askExtensions(proposal.directory);
  const key = given.general[keySetting.name] ?? (await askKey(proposal.key));
  const sounds = Object.keys(given.general).some((name) => name.startsWith("prompt_")) ? {} : await askSounds();
  return {
    ...given,
    general: { ...given.general, ...sounds, [keySetting.name]: key },
    directory: given.directory ?? extensions ?? [],
  };
}

/** The one confirmation, with the whole diff on request. */
export async function confirm(showDiff: () => void): Promise<boolean> {
  while (true) {
    const answer = await question({
      type: "select",
      message: "Make these changes?",
      choices: [
        { title: "Yes", value: "yes" },
        { title: "Show every line first", value: "show" },
        { title: "No", value: "no" },
      ],
    });
    if (answer !== "show") return answer === "yes";
    showDiff();
  }
}

async function askExtensions(found: readonly DirectoryEntry[]): Promise<readonly DirectoryEntry[]> {
  const text = await question({
    type: "text",
    message: "Which extensions take part? (101-110,115,201=PJSIP/alice)",
    initial: writeExtensions(found),
    validate: (value: string) => complaint(() => parseExtensions(value)),
  });
  return parseExtensions(text);
}

function askKey(initial: string): Promise<string> {
  return question({
    type: "text",
    message: "Which key starts a transfer?",
    initial,
    validate: (value: string) => {
      const fault = faultOf(keySetting, value);
      return fault === undefined ? true : `It ${fault}`;
    },
  });
}

async function askSounds(): Promise<Record<string, string>> {
  const own = await question({
    type: "select",
    message: "Which prompts shall be heard?",
    choices: [
      { title: "Those that come with it", value: "ours" },
      { title: "Recordings of your own", value: "own" },
    ],
  });
  const sounds: Record<string, string> = {};
  if (own !== "own") return sounds;
  for (const { name, en } of promptTable) {
    const file = await question({ type: "text", message: `Sound for "${en.join(" ")}" (empty: ours)`, initial: "" });
    if (file !== "") sounds[`prompt_${name}`] = await soundNames(file);
  }
  return sounds;
}

function complaint(parse: () => unknown): true | string {
  try {
    parse();
    return true;
  } catch (error) {
    if (error instanceof Problem) return error.message;
    throw error;
  }
}

/** One question on the terminal's stderr: stdout is for results. Ctrl-C, Ctrl-D and Esc cancel the whole command. */
async function question(row: Omit<prompts.PromptObject<"answer">, "name">): Promise<string> {
  const { answer } = await prompts<"answer">(
    { ...row, name: "answer", stdout: process.stderr } as prompts.PromptObject<"answer">,
    {
      onCancel: () => {
        throw new Problem("Cancelled. Nothing was changed.", "", exitCode.cancelled);
      },
    },
  );
  return answer;
}
