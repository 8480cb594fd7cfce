import type { Vocabulary } from "../../asterisk/vocabulary.ts";
import { Problem } from "../../terminal/problem.ts";
import type { Settings } from "../settings/model.ts";
import { contextFindings } from "./contexts.ts";
import { dialplanFindings } from "./dialplan.ts";
import { dynamicFeatureFindings } from "./dynamic-features.ts";
import { editingFindings, endpointEditingFindings } from "./editing.ts";
import { endpointFindings } from "./endpoints.ts";
import { featuresConfFindings } from "./features-conf.ts";
import type { Finding } from "./finding.ts";
import { endpointGeneratorFindings, generatorFindings } from "./generators.ts";
import type { Inspection } from "./inspection.ts";
import { keyFindings } from "./keys.ts";
import { moduleFindings } from "./modules.ts";
import { nodeFindings } from "./nodes.ts";
import { onlyBlindFindings } from "./only-blind.ts";
import { takebackFindings } from "./takeback.ts";
import { vocabularyFindings } from "./vocabulary.ts";

/** One preflight check. */
interface PreflightCheck<Subject> {
  readonly id: string;
  readonly look: (subject: Subject) => Finding[];
}

/** The checks of the PBX itself, before any question. */
const pbxChecks: readonly PreflightCheck<Inspection & { wanted: Vocabulary }>[] = [
  { id: "editable files", look: ({ snapshot, lua }) => editingFindings(snapshot, lua) },
  { id: "generated files", look: ({ snapshot }) => generatorFindings(snapshot) },
  { id: "modules", look: ({ modules }) => moduleFindings(modules) },
  { id: "applications", look: (inspection) => vocabularyFindings(inspection, inspection.wanted) },
  { id: "features.conf", look: ({ features, running }) => featuresConfFindings(features, running?.options) },
  { id: "dialplan", look: dialplanFindings },
  {
    id: "contexts",
    look: ({ dialplan, scripts, running }) => contextFindings(dialplan, scripts, running?.shown ?? new Map()),
  },
  { id: "dynamic features", look: ({ dialplan, scripts }) => dynamicFeatureFindings(dialplan, scripts) },
];

/** The checks that depend on the answers. */
const settingsChecks: readonly PreflightCheck<{ inspection: Inspection; settings: Settings }>[] = [
  {
    id: "files of endpoints",
    look: ({ inspection: { snapshot }, settings }) => [
      ...endpointEditingFindings(snapshot, settings),
      ...endpointGeneratorFindings(snapshot, settings),
    ],
  },
  { id: "endpoints", look: ({ inspection, settings }) => endpointFindings(inspection, settings) },
  {
    id: "keys",
    look: ({ inspection, settings }) =>
      keyFindings(settings.general, inspection.features, inspection.running?.features),
  },
  { id: "takeback code", look: ({ inspection, settings }) => takebackFindings(inspection, settings) },
  { id: "nodes", look: ({ inspection, settings }) => nodeFindings(inspection, settings) },
  { id: "what only the old key reached", look: ({ inspection, settings }) => onlyBlindFindings(inspection, settings) },
];

/** @param wanted the applications and functions that our dialplan calls */
export function pbxFindings(inspection: Inspection, wanted: Vocabulary): Finding[] {
  return pbxChecks.flatMap(({ look }) => look({ ...inspection, wanted }));
}

export function settingsFindings(inspection: Inspection, settings: Settings): Finding[] {
  return settingsChecks.flatMap(({ look }) => look({ inspection, settings }));
}

/** Throws all refusals as one Problem. Returns the warnings and notes as sentences. */
export function notesOrThrow(findings: readonly Finding[]): string[] {
  const refusals = findings.filter(({ kind }) => kind === "refusal");
  const [first] = refusals;
  if (first !== undefined) {
    const others = refusals.slice(1).map(({ says }) => says);
    const remedies = [...new Set(refusals.map(({ remedy }) => remedy))];
    throw new Problem([first.says, ...others].join("\n"), remedies.join("\n"));
  }
  return findings.map(({ says, remedy }) => [says, remedy].filter(Boolean).join(" "));
}
