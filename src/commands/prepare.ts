import { exitCode, Problem } from "../errors.ts";
import { heeded, settledRemarks } from "../looking/looks.ts";
import { modulesToLoad } from "../looking/modules.ts";
import type { Sight } from "../looking/sight.ts";
import { transferEndpoints } from "../plan/endpoint-files.ts";
import { isInstalled, type Plan, planInstall } from "../plan/plan.ts";
import type { Scene } from "../plan/scene.ts";
import type { Answers } from "../settings/document.ts";
import { editedDocument, newDocument } from "../settings/document.ts";
import { soundFolder } from "../settings/files.ts";
import { readSettings, type Settings } from "../settings/model.ts";
import type { Context } from "./command.ts";
import type { Pbx } from "./pbx.ts";

/** All that is known before anything is asked. */
export interface Known {
  /** What the options say. */
  readonly given: Answers;
  /** The text of smart_transfer.conf, or of the file that --settings names. */
  readonly current: string | undefined;
  /** What it says. */
  readonly installed: Settings | undefined;
  /** What a fault in it is told to be in. */
  readonly settingsPath: string;
  readonly pbx: Pbx;
  readonly scene: Scene;
  readonly sight: Sight;
  /** What was noticed, as sentences. */
  readonly remarks: readonly string[];
}

/** What is to be done, and what comes of it. */
export interface Prepared {
  readonly plan: Plan;
  readonly settings: Settings;
  readonly languages: readonly string[];
}

/** From the answers to the plan. Throws a Problem where they do not fit each other or this PBX. */
export function prepare(known: Known, answers: Answers, languages: readonly string[], { shipped }: Context): Prepared {
  const { current, settingsPath, pbx, scene, sight, remarks } = known;
  const text = current === undefined ? newDocument(answers) : editedDocument(current, answers);
  const settings = readSettings(text, settingsPath);
  requireMobiles(answers, settings);
  requireEndpoints(settings, pbx);
  const notes = [...remarks, ...heeded(settledRemarks(sight, settings))];
  const seen = { notes, loads: modulesToLoad(sight.modules) };
  return { plan: planInstall(scene, text, settings, shipped, languages, seen), settings, languages };
}

/** A mobile of somebody who does not take part would be lost without a word. */
function requireMobiles({ mobiles = {} }: Answers, { directory }: Settings): void {
  const stranger = Object.keys(mobiles).find((number) => !directory.some(({ extension }) => extension === number));
  if (stranger === undefined) return;
  throw new Problem(
    `--mobile ${stranger}: that extension does not take part.`,
    "Add it to --extensions too.",
    exitCode.usage,
  );
}

/** At an addition to an endpoint that does not exist Asterisk would drop the rest of that file (main/config.c). */
function requireEndpoints(settings: Settings, { survey }: Pbx): void {
  if (survey === undefined) return;
  const missing = transferEndpoints(settings).filter((endpoint) => !survey.endpoints.has(endpoint));
  if (missing.length === 0) return;
  const names =
    missing.length > 5 ? `${missing.slice(0, 5).join(", ")} and ${missing.length - 5} more` : missing.join(", ");
  throw new Problem(
    `This Asterisk has no PJSIP endpoint ${names}.`,
    "Leave them out of the extensions, create them in pjsip.conf, or name the device: --extensions 201=PJSIP/alice.",
  );
}

/**
 * English always, and others of ours: those that are installed, at first those that the PBX has sounds in, and those that
 * were asked for.
 */
export function usualLanguages({ scene }: Known, { options, shipped }: Context): string[] {
  const folder = (language: string) => `${scene.paths.sounds}/${language}`;
  const has = (language: string) =>
    scene.folders.has(isInstalled(scene) ? `${folder(language)}/${soundFolder}` : folder(language));
  return Object.keys(shipped.sounds).filter(
    (language) => language === "en" || has(language) || options.language.includes(language),
  );
}
