import { entries, type TreeLine } from "../../asterisk/config-tree.ts";
import { deviceOf } from "../../asterisk/technologies.ts";
import { few } from "../../terminal/few.ts";
import { transferEndpoints } from "../plan/endpoint-files.ts";
import { transferContextBefore } from "../plan/transfer-context.ts";
import type { Settings } from "../settings/model.ts";
import { type Finding, note } from "./finding.ts";
import type { Inspection } from "./inspection.ts";
import { allCodes } from "./keys.ts";

/**
 * Numbers outside the directory that people dial, recognized by number and by what they run. The first match counts.
 */
const kinds: readonly { readonly title: string; readonly fits: (number: string, steps: string) => boolean }[] = [
  { title: "feature codes", fits: (number) => /^[*#]/.test(number) },
  { title: "queues", fits: (_, steps) => /\bQueue\(/i.test(steps) },
  { title: "conferences", fits: (_, steps) => /\b(?:ConfBridge|MeetMe)\(/i.test(steps) },
  { title: "others", fits: () => true },
];
const mostProposed = 5;

/** A number of the dialplan that people can dial. */
interface Target {
  readonly number: string;
  /** The context in which transfers look up numbers. */
  readonly context: string;
  readonly title: string;
}

/**
 * If the key was Asterisk's blind transfer before, it reached every number of the dialplan; ours reaches only the
 * directory. Says which numbers get lost, unless the settings pass some through.
 */
export function onlyBlindFindings(
  { features, running, dialplan, snapshot }: Inspection,
  settings: Settings,
): Finding[] {
  const { transfer_key: key, pass_through: passed } = settings.general;
  const stood = allCodes(features, running?.features).some(
    ({ feature, builtIn, silent, code }) => builtIn && !silent && feature === "blindxfer" && code === key,
  );
  if (!stood || passed !== "") return [];
  const own = transferEndpoints(settings).map((endpoint) => snapshot.endpoints.get(deviceOf(endpoint)));
  const begins = new Set(own.map((endpoint) => transferContextBefore(endpoint)));
  const directory = new Set(settings.directory.map(({ extension }) => extension));
  const targets = [...begins].flatMap((context) => targetsFrom(context, dialplan, directory));
  if (targets.length === 0) return [];
  const named = kinds.flatMap(({ title }) => {
    const numbers = [...new Set(targets.filter((one) => one.title === title).map(({ number }) => number))];
    return numbers.length === 0 ? [] : [`${title} (${few(numbers)})`];
  });
  const dialled = targets.filter(({ title }) => title !== "feature codes").slice(0, mostProposed);
  const proposed = (dialled.length > 0 ? dialled : targets.slice(0, mostProposed)).map(
    (one) => `${one.number}@${one.context}`,
  );
  return [
    note(
      `With ${key} people also reached numbers outside the directory: ${named.join(", ")}. From now on it reaches only those that pass_through names: --set 'pass_through=${proposed.join(",")}'.`,
    ),
  ];
}

function targetsFrom(context: string, dialplan: readonly TreeLine[], directory: ReadonlySet<string>): Target[] {
  const reached = withIncluded(context, dialplan);
  const steps = new Map<string, string>();
  let latest = "";
  for (const { name, value, section } of entries(dialplan)) {
    if (!reached.has(section.name) || (name !== "exten" && name !== "same")) continue;
    const [first = "", ...rest] = value.split(",");
    if (name === "exten") latest = first.trim();
    // A hint cannot be dialled.
    if (name === "exten" && rest[0]?.trim() === "hint") continue;
    steps.set(latest, `${steps.get(latest) ?? ""} ${value}`);
  }
  return [...steps]
    .filter(([number]) => /^[0-9*#]+$/.test(number) && !directory.has(number))
    .map(([number, all]) => ({ number, context, title: kinds.find(({ fits }) => fits(number, all))?.title ?? "" }));
}

/** A context and everything it includes, at any depth. */
function withIncluded(context: string, dialplan: readonly TreeLine[]): Set<string> {
  const reached = new Set([context]);
  const includes = entries(dialplan).filter(({ name }) => name === "include");
  for (const one of reached)
    for (const { section, value } of includes) if (section.name === one) reached.add(value.split(",")[0]?.trim() ?? "");
  return reached;
}
