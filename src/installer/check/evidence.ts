import type { AsteriskCli } from "../../asterisk/cli.ts";
import type { TreeLine } from "../../asterisk/config-tree.ts";
import type { Identity } from "../../asterisk/listings.ts";
import type { Problem } from "../../terminal/problem.ts";
import type { LogSources } from "../log/sources.ts";
import type { Shipped } from "../plan/generated.ts";
import type { Snapshot } from "../plan/snapshot.ts";
import type { Inspection } from "../preflight/inspection.ts";
import { keptNode } from "../preflight/which-node.ts";
import { type Fault, inspectSettings, type Settings } from "../settings/model.ts";
import type { Verdict } from "../verdict.ts";

/** What the facts are checked against. `cli` and `asterisk` are undefined with `--offline`. */
export interface Evidence {
  readonly snapshot: Snapshot;
  readonly inspection: Inspection;
  readonly shipped: Shipped;
  readonly settings: Settings;
  readonly faults: readonly Fault[];
  readonly asterisk: Identity | undefined;
  readonly cli: AsteriskCli | undefined;
  /** What a killed run left unfinished, or that another run is at work. */
  readonly leftover: { readonly seen: string; readonly remedy: string } | undefined;
  /** Why Asterisk cannot play the sound of this name; `undefined` if it can. */
  readonly soundFault: (name: string) => Promise<Problem | undefined>;
  /** Our files and folders that the current user may not read. */
  readonly unreadable: ReadonlyMap<string, Problem>;
  /** Finds the first folder or file on a path that Asterisk's user may not enter or read. */
  readonly hidden: (path: string) => Promise<string | undefined>;
  /** Finds where Asterisk writes its logs. */
  readonly logs: () => Promise<LogSources>;
  /** Reads a configuration file with its includes, without our own files. */
  readonly tree: (name: string) => Promise<readonly TreeLine[]>;
}

export interface Fact {
  readonly id: string;
  /** Needs a running Asterisk, so `--offline` skips it. */
  readonly live: boolean;
  /** Works even if the settings cannot be read. */
  readonly withoutSettings?: true;
  look(evidence: Evidence): Verdict | Promise<Verdict>;
}

export const reinstall = "Run `asterisk-smart-transfer install`.";

/** Reads the settings for the facts, and collects their faults instead of stopping at the first. */
export function settingsAsFound(snapshot: Snapshot): { settings: Settings; faults: Fault[] } {
  const text = snapshot.files.get(snapshot.paths.settings)?.content.toString("latin1") ?? "";
  const { settings, faults } = inspectSettings(text);
  const self = keptNode(snapshot);
  const isNode = settings.nodes.some(({ name }) => name === self);
  return { settings: isNode && self !== undefined ? { ...settings, self } : settings, faults };
}
