import { deviceOf } from "../../asterisk/technologies.ts";
import { soundFolder } from "../../contract/names.ts";
import { few } from "../../terminal/few.ts";
import { exitCode, Problem } from "../../terminal/problem.ts";
import { transferEndpoints } from "../plan/endpoint-files.ts";
import { isInstalled, type Plan, planInstall } from "../plan/plan.ts";
import type { Snapshot } from "../plan/snapshot.ts";
import { notesOrThrow, settingsFindings } from "../preflight/checks.ts";
import type { Inspection } from "../preflight/inspection.ts";
import { modulesToLoad } from "../preflight/modules.ts";
import type { Answers } from "../settings/document.ts";
import { editedDocument, newDocument } from "../settings/document.ts";
import { defaultSettings, readSettings, type Settings } from "../settings/model.ts";
import { promptSettings } from "../settings/prompt-settings.ts";
import type { Context } from "./command.ts";
import { type SurveyedPbx, soundFaultFinder } from "./pbx.ts";

/** What an install starts from: everything known before the first question. */
export interface InstallInput {
  /** The answers on the command line. */
  readonly given: Answers;
  /** The text of smart_transfer.conf, or of the file named by --settings. */
  readonly current: string | undefined;
  /** The settings in that text, installed or not yet. */
  readonly installed: Settings | undefined;
  /** The path to name in messages about its faults. */
  readonly settingsPath: string;
  readonly pbx: SurveyedPbx;
  readonly snapshot: Snapshot;
  readonly inspection: Inspection;
  /** Warnings and notes, as sentences. */
  readonly notes: readonly string[];
  /** The admin wants our line in logger.conf. */
  readonly logs?: boolean;
}

/** The plan, and the settings that it leads to. */
export interface Prepared {
  readonly plan: Plan;
  readonly settings: Settings;
  readonly languages: readonly string[];
}

/** The values of [general] that are known before the first question. */
export function generalOf({ given, installed }: Pick<InstallInput, "given" | "installed">) {
  return { ...defaultSettings.general, ...installed?.general, ...given.general };
}

/** Turns the answers into a plan. Throws a Problem if they contradict each other or do not fit this PBX. */
export function prepare(
  input: InstallInput,
  answers: Answers,
  languages: readonly string[],
  { shipped }: Context,
): Prepared {
  const { current, settingsPath, pbx, snapshot, inspection } = input;
  const located = withOtherNodes(onPbx(answers, pbx), input.installed);
  const text = current === undefined ? newDocument(located) : editedDocument(current, located);
  const settings = { ...readSettings(text, settingsPath), ...selfOf(input.installed) };
  requireMobiles(answers, settings);
  requireEndpoints(settings, pbx);
  const notes = [
    ...input.notes,
    ...notesOrThrow(settingsFindings(inspection, settings)),
    ...(settings.nodes.length > 1 && text !== current ? [differsNow(snapshot)] : []),
  ];
  const isReplaced = settingsPath !== snapshot.paths.settings;
  const seen = { notes, loads: modulesToLoad(inspection.modules), logs: input.logs ?? false, isReplaced };
  return { plan: planInstall(snapshot, text, settings, shipped, languages, seen), settings, languages };
}

/** Requires that Asterisk can play the admin's own recordings. Ours are not there yet. */
export async function requireSounds({ given, installed, pbx, snapshot }: InstallInput): Promise<void> {
  const judge = soundFaultFinder(pbx, snapshot);
  const ours = new Set(promptSettings.flatMap((setting) => setting.default.split("&")));
  for (const { name } of promptSettings) {
    const isGiven = given.general[name] !== undefined;
    const sounds = given.general[name] ?? installed?.prompts[name] ?? "";
    for (const sound of sounds.split("&").filter((one) => one !== "" && !ours.has(one))) {
      const fault = await judge(sound);
      if (fault === undefined) continue;
      throw new Problem(`${name}: ${fault.message}`, fault.remedy, isGiven ? exitCode.usage : exitCode.failed);
    }
  }
}

/** Refuses a language without bundled prompts, which would otherwise be ignored silently. */
export function requireLanguages({ options, shipped }: Context): void {
  const stranger = options.language.find((code) => !Object.hasOwn(shipped.sounds, code));
  if (stranger === undefined) return;
  throw new Problem(
    `--language ${stranger}: there are no prompts in that language.`,
    `There are ${Object.keys(shipped.sounds).join(", ")}. For others, record your own: --prompt NAME=FILE.`,
    exitCode.usage,
  );
}

/** Refuses a mobile of an extension outside the directory, which would otherwise get lost silently. */
function requireMobiles({ mobiles = {} }: Answers, { directory }: Settings): void {
  const stranger = Object.keys(mobiles).find((number) => !directory.some(({ extension }) => extension === number));
  if (stranger === undefined) return;
  throw new Problem(
    `--mobile ${stranger}: that extension does not take part.`,
    "Add it to --extensions too.",
    exitCode.usage,
  );
}

/**
 * Refuses endpoints that do not exist: when Asterisk reads an addition to one, it drops the rest of that file
 * (main/config.c).
 */
function requireEndpoints(settings: Settings, { survey }: SurveyedPbx): void {
  if (survey === undefined) return;
  const missing = transferEndpoints(settings).filter((endpoint) => !survey.devices.has(deviceOf(endpoint)));
  const technology = missing[0]?.technology;
  if (technology === undefined) return;
  const all = missing.filter((one) => one.technology === technology).map(({ name }) => name);
  throw new Problem(
    `This Asterisk has no ${technology.name} ${technology.noun} ${few(all)}.`,
    `Leave them out of the extensions, create them in ${technology.conf}, or name the device: --extensions 201=${technology.name}/alice.`,
  );
}

/** What one node changes in the file that all of them have, the others must be given. */
function differsNow({ paths }: Snapshot): string {
  return `${paths.settings} changes here: copy it to the other nodes, and run install on them.`;
}

/** The extensions of other nodes stay: only what is at home here can be told here. */
function withOtherNodes(answers: Answers, installed: Settings | undefined): Answers {
  if (answers.directory === undefined || installed?.self === undefined) return answers;
  const home = new Map(installed.directory.map(({ extension, node }) => [extension, node]));
  const away = installed.directory.filter(({ node }) => node !== installed.self);
  const here = answers.directory.filter(({ extension }) => !away.some((one) => one.extension === extension));
  return {
    ...answers,
    directory: [
      ...away,
      ...here.map((entry) => ({ ...entry, node: home.get(entry.extension) ?? installed.self ?? "" })),
    ],
  };
}

function selfOf(installed: Settings | undefined): Pick<Settings, "self"> {
  return installed?.self === undefined ? {} : { self: installed.self };
}

/** The default device of an extension is PJSIP/EXTENSION. If only a chan_sip peer has that name, use the peer. */
function onPbx(answers: Answers, { survey }: SurveyedPbx): Answers {
  if (answers.directory === undefined || survey === undefined) return answers;
  const directory = answers.directory.map(({ extension, device }) => {
    const [usual, other] = [`PJSIP/${extension}`, `SIP/${extension}`];
    const isOther = device === usual && !survey.devices.has(usual) && survey.devices.has(other);
    return { extension, device: isOther ? other : device };
  });
  return { ...answers, directory };
}

/**
 * English, plus each bundled language that is installed or requested. A first install proposes those that the PBX has
 * sounds in.
 */
export function usualLanguages({ snapshot }: InstallInput, { options, shipped }: Context): string[] {
  const folder = (language: string) => `${snapshot.paths.sounds}/${language}`;
  const has = (language: string) =>
    snapshot.folders.has(isInstalled(snapshot) ? `${folder(language)}/${soundFolder}` : folder(language));
  return Object.keys(shipped.sounds).filter(
    (language) => language === "en" || has(language) || options.language.includes(language),
  );
}
