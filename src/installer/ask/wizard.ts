// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NUMBER} is what the admin writes

import type { PromptName } from "../../contract/names.ts";
import type { Setting } from "../../contract/setting.ts";
import { generalSettings } from "../../contract/settings-table.ts";
import { Problem } from "../../terminal/problem.ts";
import type { Answers } from "../settings/document.ts";
import { type DirectoryEntry, parseExtensions, writeExtensions } from "../settings/extensions.ts";
import { faultOf } from "../settings/fault.ts";
import { prompts } from "../settings/prompts.ts";
import { back, typed } from "./asker.ts";
import type { Draft } from "./draft.ts";
import { soundNames } from "./given.ts";
import { readMobiles, writeMobiles } from "./mobiles.ts";
import { type Offers, offers } from "./offers.ts";
import { choicesOf, type Participant, sumOf } from "./people.ts";
import type { WizardStep } from "./steps.ts";
import { nameOfLanguage, whatIsSaid } from "./words.ts";

/** What the questions need to know about this PBX and the command line. */
export interface WizardInput extends Offers {
  readonly given: Answers;
  /** No option names who takes part or makes the directory follow the PBX. */
  readonly asksDirectory: boolean;
  /** The command line has --language. */
  readonly languageGiven: boolean;
  readonly people: readonly Participant[];
  /** Why some of them are not proposed; empty if all are. */
  readonly aboutPeople: string;
  /** The languages of the bundled prompts. */
  readonly languages: readonly string[];
  /** The endpoints of `directory` that this PBX does not have. */
  missing(directory: readonly DirectoryEntry[]): readonly string[];
  /** Why a key cannot be used on this PBX. */
  keyFault(key: string): string | undefined;
  /** Why a sound or file cannot be used as a prompt. */
  soundFault(text: string): Promise<string | undefined>;
  /** Where the bundled prompts of a language are. */
  soundFolder(language: string): string;
}

const row = (name: string) => generalSettings.find((one) => one.name === name) as Setting;
const keySetting = row("transfer_key");
const mobileDialSetting = row("mobile_dial");

/** The questions in order. Skips those that an option has answered or an earlier answer made irrelevant. */
export function questions(input: WizardInput): WizardStep<Draft>[] {
  const { given, people, languageGiven, languages, keyFault, soundFault, asksDirectory, aboutPeople } = input;
  const asksMobiles = given.mobiles === undefined;
  const asksPrompts = !Object.keys(given.general).some((name) => name.startsWith("prompt_"));

  return [
    {
      id: "people",
      due: () => asksDirectory && people.length > 0,
      async ask(draft, asker) {
        const ticked = new Set(draft.directory.map(({ extension }) => extension));
        const answer = await asker.some<DirectoryEntry>({
          message: "Who takes part?",
          ...(aboutPeople === "" ? {} : { about: aboutPeople }),
          choices: choicesOf(people),
          ticked: ({ extension }) => ticked.has(extension),
          sum: sumOf,
          atLeastOne: "At least one must take part.",
          orTyped: true,
        });
        if (answer === back) return back;
        return answer === typed ? { ...draft, isTyped: true } : { ...draft, isTyped: false, directory: answer };
      },
    },
    {
      id: "list",
      due: ({ isTyped }) => asksDirectory && (isTyped || people.length === 0),
      async ask(draft, asker) {
        const answer = await asker.text({
          message: "Extensions:",
          about: "Numbers and ranges, such as 101-110,115. If a device has another name, add it: 201=PJSIP/alice",
          initial: writeExtensions(draft.directory),
          edited: true,
          fault: (text) => faultOfList(text, input),
        });
        return answer === back ? back : { ...draft, directory: parseExtensions(answer) };
      },
    },
    {
      id: "mobiles",
      due: () => asksMobiles,
      async ask(draft, asker) {
        const withMobiles = await asker.one({
          message: "Try a mobile when a desk does not answer?",
          choices: [
            { title: "No", value: false },
            { title: "Yes", value: true },
          ],
          initial: draft.withMobiles,
        });
        return withMobiles === back ? back : { ...draft, withMobiles };
      },
    },
    {
      id: "mobile dial",
      due: ({ withMobiles }) => asksMobiles && withMobiles && given.general.mobile_dial === undefined,
      async ask(draft, asker) {
        const mobileDial = await asker.text({
          message: "How is a mobile dialled?",
          about: "The trunk's dial string, with ${NUMBER} where the mobile's number belongs: PJSIP/${NUMBER}@trunk",
          initial: draft.mobileDial,
          edited: true,
          fault: (text) => (text === "" ? "A dial string is needed." : sentence(faultOf(mobileDialSetting, text))),
        });
        return mobileDial === back ? back : { ...draft, mobileDial };
      },
    },
    {
      id: "mobile numbers",
      due: ({ withMobiles }) => asksMobiles && withMobiles,
      async ask(draft, asker) {
        const extensions = new Set(draft.directory.map(({ extension }) => extension));
        const example = draft.directory.slice(0, 2).map(({ extension }) => `${extension}=+12025550${extension}`);
        const answer = await asker.text({
          message: "Whose mobile?",
          about: `EXTENSION=NUMBER for each, joined by commas: ${example.join(", ")}`,
          initial: writeMobiles(draft.mobiles),
          edited: true,
          fault: (text) => {
            const mobiles = readMobiles(text, extensions);
            if (typeof mobiles === "string") return mobiles;
            return Object.keys(mobiles).length === 0 ? "At least one is needed; Esc goes back." : undefined;
          },
        });
        if (answer === back) return back;
        const mobiles = readMobiles(answer, extensions);
        return typeof mobiles === "string" ? draft : { ...draft, mobiles };
      },
    },
    {
      id: "key",
      due: () => given.general.transfer_key === undefined,
      async ask(draft, asker) {
        const key = await asker.text({
          message: "Which key starts a transfer?",
          initial: draft.key,
          fault: (text) => sentence(faultOf(keySetting, text)) ?? keyFault(text),
        });
        return key === back ? back : { ...draft, key };
      },
    },
    ...offers(input),
    {
      id: "languages",
      due: () => !languageGiven && languages.length > 0,
      async ask(draft, asker) {
        const answer = await asker.some<string>({
          message: "Prompts in which languages besides English?",
          about: "Each phone hears the language of its endpoint (language=ru in pjsip.conf), else English.",
          choices: languages.map((code) => ({ title: nameOfLanguage(code), value: code })),
          ticked: (code) => draft.languages.includes(code),
          sum: (codes) => codes.map(nameOfLanguage).join(", ") || "none",
        });
        return answer === back || answer === typed ? back : { ...draft, languages: answer };
      },
    },
    {
      id: "prompts",
      due: () => asksPrompts,
      async ask(draft, asker) {
        while (true) {
          const answer = await asker.one<"ours" | "own" | "show">({
            message: "Which recordings?",
            choices: [
              { title: "Those that come with this", value: "ours" },
              { title: "Some of my own", value: "own" },
              { title: "Show me what each of them says", value: "show" },
            ],
            initial: draft.ownPrompts.length > 0 ? "own" : "ours",
          });
          if (answer === back) return back;
          if (answer === "ours") return { ...draft, withOwn: false };
          if (answer === "own") return { ...draft, withOwn: true };
          asker.tell(whatIsSaid(["en", ...draft.languages], input.soundFolder));
        }
      },
    },
    {
      id: "own prompts",
      due: ({ withOwn }) => asksPrompts && withOwn,
      async ask(draft, asker) {
        const answer = await asker.some<PromptName>({
          message: "Which prompts are your own?",
          choices: prompts.map(({ name, en }) => ({
            title: `${name.padEnd(promptWidth)}  ${en.join(" ")}`,
            value: name,
          })),
          ticked: (name) => draft.ownPrompts.includes(name),
          sum: (names) => names.join(", "),
          atLeastOne: "Tick at least one; Esc goes back.",
        });
        return answer === back || answer === typed ? back : { ...draft, ownPrompts: answer };
      },
    },
    ...prompts.map(
      ({ name, en }): WizardStep<Draft> => ({
        id: `prompt ${name}`,
        due: ({ withOwn, ownPrompts }) => asksPrompts && withOwn && ownPrompts.includes(name),
        async ask(draft, asker) {
          const sound = await asker.text({
            message: `Your "${name}":`,
            about: `Ours says "${en.join(" ")}" Give a file, or a sound as Asterisk names it, such as custom/${name}`,
            initial: draft.sounds[name] ?? "",
            edited: true,
            fault: (text) => (text === "" ? "A file or a sound is needed." : soundFault(text)),
          });
          return sound === back ? back : { ...draft, sounds: { ...draft.sounds, [name]: await soundNames(sound) } };
        },
      }),
    ),
  ];
}

const promptWidth = Math.max(...prompts.map(({ name }) => name.length));

function sentence(fault: string | undefined): string | undefined {
  return fault === undefined ? undefined : `It ${fault}.`;
}

function faultOfList(text: string, { missing }: WizardInput): string | undefined {
  try {
    const [first] = missing(parseExtensions(text));
    return first && `This Asterisk has no ${first}.`;
  } catch (error) {
    if (error instanceof Problem) return error.message.replace(/^--extensions: /, "");
    throw error;
  }
}
