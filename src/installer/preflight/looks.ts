import type { Vocabulary } from "../../asterisk/vocabulary.ts";
import { Problem } from "../../terminal/problem.ts";
import type { Settings } from "../settings/model.ts";
import { contextRemarks } from "./contexts.ts";
import { dynamicFeatureRemarks } from "./dynamic-features.ts";
import { editingRemarks, endpointEditingRemarks } from "./editing.ts";
import { endpointRemarks } from "./endpoints.ts";
import { generatedEndpointRemarks, generatedRemarks } from "./generated.ts";
import { keyRemarks } from "./keys.ts";
import { moduleRemarks } from "./modules.ts";
import { onlyBlindRemarks } from "./only-blind.ts";
import type { Remark } from "./remark.ts";
import type { Sight } from "./sight.ts";
import { vocabularyRemarks } from "./vocabulary.ts";
import { voidingRemarks } from "./voiding.ts";

/** One preflight check. */
interface Look<Subject> {
  readonly id: string;
  readonly look: (subject: Subject) => Remark[];
}

/** The checks of the PBX itself, before any question. */
const firstLooks: readonly Look<Sight & { wanted: Vocabulary }>[] = [
  { id: "editable files", look: ({ snapshot, lua }) => editingRemarks(snapshot, lua) },
  { id: "generated files", look: ({ snapshot }) => generatedRemarks(snapshot) },
  { id: "modules", look: ({ modules }) => moduleRemarks(modules) },
  { id: "applications", look: (sight) => vocabularyRemarks(sight, sight.wanted) },
  { id: "voiding options", look: ({ features, running }) => voidingRemarks(features, running?.options) },
  {
    id: "contexts",
    look: ({ dialplan, scripts, running }) => contextRemarks(dialplan, scripts, running?.shown ?? new Map()),
  },
  { id: "dynamic features", look: ({ dialplan, scripts }) => dynamicFeatureRemarks(dialplan, scripts) },
];

/** The checks that depend on the answers. */
const settledLooks: readonly Look<{ sight: Sight; settings: Settings }>[] = [
  {
    id: "files of endpoints",
    look: ({ sight: { snapshot }, settings }) => [
      ...endpointEditingRemarks(snapshot, settings),
      ...generatedEndpointRemarks(snapshot, settings),
    ],
  },
  { id: "endpoints", look: ({ sight, settings }) => endpointRemarks(sight, settings) },
  {
    id: "keys",
    look: ({ sight, settings }) => keyRemarks(settings.general, sight.features, sight.running?.features),
  },
  { id: "what only the old key reached", look: ({ sight, settings }) => onlyBlindRemarks(sight, settings) },
];

/** @param wanted the applications and functions that our dialplan calls */
export function firstRemarks(sight: Sight, wanted: Vocabulary): Remark[] {
  return firstLooks.flatMap(({ look }) => look({ ...sight, wanted }));
}

export function settledRemarks(sight: Sight, settings: Settings): Remark[] {
  return settledLooks.flatMap(({ look }) => look({ sight, settings }));
}

/** Throws all refusals as one Problem. Returns the warnings and notes as sentences. */
export function throwRefusals(remarks: readonly Remark[]): string[] {
  const refusals = remarks.filter(({ kind }) => kind === "refusal");
  const [first] = refusals;
  if (first !== undefined) {
    const others = refusals.slice(1).map(({ says }) => says);
    const remedies = [...new Set(refusals.map(({ remedy }) => remedy))];
    throw new Problem([first.says, ...others].join("\n"), remedies.join("\n"));
  }
  return remarks.map(({ says, remedy }) => [says, remedy].filter(Boolean).join(" "));
}
