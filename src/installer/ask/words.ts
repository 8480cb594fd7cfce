import type { Survey } from "../preflight/survey.ts";
import { writeExtensions } from "../settings/extensions.ts";
import type { Settings } from "../settings/model.ts";
import { promptSettings } from "../settings/prompt-settings.ts";
import { prompts as allPrompts, type Prompt } from "../settings/prompts.ts";
import type { Participant } from "./people.ts";

/** Describes the settings in plain words, one sentence per line. */
export function settingsInWords({ general, directory, prompts }: Settings, languages: readonly string[]): string[] {
  const { transfer_key: key, ring_timeout: ring, takeback_code: code } = general;
  const transferring = directory.filter(({ transfer }) => transfer === "yes");
  const mobiles = directory.filter(({ mobile }) => mobile !== "");
  const own = promptSettings
    .filter(({ name, default: usual }) => prompts[name] !== usual)
    .map(({ name }) => name.replace("prompt_", ""));
  const whoever =
    transferring.length === directory.length
      ? `${writeExtensions(directory)} can transfer to each other`
      : `${writeExtensions(transferring)} can transfer, to any of ${writeExtensions(directory)}`;
  const toMobile = mobiles.length > 0 ? ` Before that, the mobile of ${writeExtensions(mobiles)} rings.` : "";
  const unanswered = general.no_answer === "voicemail" ? "goes to voicemail" : "comes back";
  const atLast = general.fallback === "" ? "hears a goodbye" : `goes to ${general.fallback}`;
  return [
    `${whoever}: ${key}, then the extension, in any call.`,
    whenBusy(general),
    ...(general.dial === "" ? [] : [`To ring an extension, Asterisk dials ${general.dial}.`]),
    ...(general.dnd === "" ? [] : [`Do-not-disturb: while ${general.dnd} is busy or in use, nothing rings there.`]),
    `No answer: after ${ring} s the caller ${unanswered}.${toMobile}`,
    `Nobody takes the caller back in ${general.recall_attempts} recalls: the caller ${atLast}.`,
    ...(code === "" ? [] : [`Sent on too early: who dials ${code} has that caller back, while nobody has answered.`]),
    `Prompts in ${languages.map(nameOfLanguage).join(" and ")}${own.length > 0 ? `; your own for ${own.join(", ")}` : ""}.`,
  ];
}

function whenBusy({
  busy,
  wait_timeout: wait,
  return_key_line: back,
  voicemail,
  voicemail_key: key,
}: Settings["general"]) {
  if (busy === "return") return "Busy: the caller comes back at once.";
  const message = voicemail === "" ? "" : `, ${key} to voicemail`;
  const line = `the caller waits in line for up to ${wait} s; ${back} takes them back to the transferer${message}.`;
  return busy === "ask" ? `Busy: the transferer hears so and decides; with 1 ${line}` : `Busy: ${line}`;
}

/** What each prompt says, who hears it, and where its files are. */
export function whatIsSaid(codes: readonly string[], soundFolder: (language: string) => string): string {
  const texts = (prompt: Prompt) => codes.map((code) => `    ${prompt[code as "en"]?.join(" ") ?? "as in English"}`);
  return [
    ...allPrompts.flatMap((prompt) => [`  ${prompt.name}, heard by the ${prompt.heardBy}:`, ...texts(prompt)]),
    "Their files will be in:",
    ...codes.map((code) => `  ${soundFolder(code)}`),
  ].join("\n");
}

const languageNames: Readonly<Record<string, string>> = { en: "English", ru: "Russian" };

export function nameOfLanguage(code: string): string {
  return languageNames[code] ?? code;
}

/** The closing text: the staff card, how to uninstall, and where the settings are. */
export function farewell({ general, directory }: Settings, settingsPath: string): string {
  const example = directory.at(-1)?.extension ?? "102";
  const sent =
    general.takeback_code === "" ? "" : ` Sent already? Dial ${general.takeback_code} while nobody has answered.`;
  const back = general.busy === "return" ? "the caller comes back to you" : "the caller waits, or comes back to you";
  return [
    "For your staff:",
    `  1. To pass a call on, press ${general.transfer_key} and the extension: ${general.transfer_key}${example}. You are free at once.`,
    `  2. Changed your mind? Press * instead of the extension, and you have your caller again.${sent}`,
    `  3. Busy, or nobody there? No caller is lost: ${back}.`,
    "",
    `Settings: ${settingsPath} (an edit counts from the next transfer on)`,
    "Undo:     npx asterisk-smart-transfer uninstall",
  ].join("\n");
}

/** What was found on this machine. */
export interface Found {
  /** The version of this package. */
  readonly version: string;
  /** The version of Asterisk; undefined if it is not running. */
  readonly asterisk: string | undefined;
  readonly survey: Survey | undefined;
  readonly etc: string;
  readonly people: readonly Participant[];
  /** The path of the settings, if already installed. */
  readonly settings: string | undefined;
  /** Programs that generate the configuration, such as FreePBX. */
  readonly generators: readonly string[];
  /** How to answer the questions. */
  readonly keys: string;
}

/** Summarizes what was found before the first question. Each line is a title and its value. */
export function greeting({ version, asterisk, survey, etc, people, settings, generators, keys }: Found): string {
  const online = people.filter(({ state }) => state === "online").length;
  const rows = [
    ["Asterisk", asterisk ? `${asterisk}, running` : "not asked"],
    ["Its files", [etc, ...generators.map((name) => `written by ${name}`)].join(", ")],
    [
      "Extensions",
      survey ? `${people.length}, ${online} of them online (${survey.devices.size} endpoints)` : "unknown",
    ],
    ["Installed", settings === undefined ? "no" : `yes; the proposals come from ${settings}`],
    ["Keys", keys],
  ];
  return [
    `asterisk-smart-transfer ${version}`,
    ...rows.map(([title = "", what]) => `  ${title.padEnd(10)}  ${what}`),
  ].join("\n");
}
