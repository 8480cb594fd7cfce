import type { AsteriskCli } from "../asterisk/cli.ts";
import type { Identity } from "../asterisk/survey.ts";
import type { TreeLine } from "../asterisk/tree.ts";
import type { Problem } from "../errors.ts";
import type { LogSight } from "../log/sources.ts";
import type { Sight } from "../looking/sight.ts";
import type { Shipped } from "../plan/generated.ts";
import type { Scene } from "../plan/scene.ts";
import { type Fault, inspectSettings, type Settings } from "../settings/model.ts";
import type { Finding } from "./finding.ts";

/** What the facts are looked up in. Without a running Asterisk (`--offline`), `cli` and `asterisk` are missing. */
export interface Evidence {
  readonly scene: Scene;
  readonly sight: Sight;
  readonly shipped: Shipped;
  readonly settings: Settings;
  readonly faults: readonly Fault[];
  readonly asterisk: Identity | undefined;
  readonly cli: AsteriskCli | undefined;
  /** What a killed run left half done, in a sentence. */
  readonly leftover: string | undefined;
  /** Why Asterisk could not play a sound of this name; `undefined` when it can. */
  readonly soundFault: (name: string) => Promise<Problem | undefined>;
  /** The files and folders of ours that the user who runs this may not read. */
  readonly unreadable: ReadonlyMap<string, Problem>;
  /** The first on the way to a file that the user whom Asterisk runs as may not enter or read. */
  readonly hidden: (path: string) => Promise<string | undefined>;
  /** Where Asterisk logs to. */
  readonly logs: () => Promise<LogSight>;
  /** A configuration file with all that it includes but ours. */
  readonly tree: (name: string) => Promise<readonly TreeLine[]>;
}

export interface Fact {
  readonly id: string;
  /** Needs a running Asterisk. */
  readonly live: boolean;
  /** Can be told even where the settings cannot be read. */
  readonly withoutSettings?: true;
  look(evidence: Evidence): Finding | Promise<Finding>;
}

export const reinstall = "Run `asterisk-smart-transfer install`.";

/** At most five of them, and how many more there are. */
export function some(names: readonly string[]): string {
  return names.length > 5 ? `${names.slice(0, 5).join(", ")} and ${names.length - 5} more` : names.join(", ");
}

/** Reads the settings for the facts, without stopping at their faults. */
export function settingsAsFound(scene: Scene): { settings: Settings; faults: Fault[] } {
  return inspectSettings(scene.files.get(scene.paths.settings)?.content.toString("latin1") ?? "");
}
