import { join } from "node:path";
import type { Directories } from "../../asterisk/directories.ts";
import type { OwnEndpoints } from "../../asterisk/endpoints.ts";
import type { FileState, Ownership } from "../../asterisk/files.ts";
import { ownFolder, settingsFile } from "../../contract/names.ts";

/** The admin's files that we add to. */
export const adminFiles = {
  extensions: "extensions.conf",
  features: "features.conf",
  lua: "extensions.lua",
} as const;

/** Files that older versions edited; our line is removed from them. */
export const formerFiles = { queues: "queues.conf" } as const;

/** Files that we edit only if needed. */
export const whereNeeded = {
  pjsip: "pjsip.conf",
  sip: "sip.conf",
  wizard: "pjsip_wizard.conf",
  modules: "modules.conf",
  logger: "logger.conf",
} as const;

/** The state of the PBX's files: everything that a plan is made from. Paths are Asterisk's own. */
export interface Snapshot {
  readonly directories: Directories;
  readonly files: ReadonlyMap<string, FileState>;
  readonly folders: ReadonlyMap<string, Ownership>;
  readonly paths: Paths;
  /** The endpoints as the admin's pjsip.conf and sip.conf define them. */
  readonly endpoints: OwnEndpoints;
  /** The protocols of the transports in pjsip.conf, by name. Only read where there are [nodes]. */
  readonly transports?: ReadonlyMap<string, string>;
  /** The running modules; `undefined` if no Asterisk is asked. */
  readonly modules: ReadonlySet<string> | undefined;
  /** The current user, who owns files outside Asterisk's folders, such as the manifest. */
  readonly runBy: Ownership;
  /** The languages in which Asterisk can announce a position. */
  readonly spoken: readonly string[];
}

/** The suffix of the backup of an edited file. Asterisk neither includes nor plays a file with such a name. */
export const editedEnding = ".edited";

export interface Paths {
  readonly settings: string;
  readonly own: string;
  readonly manifest: string;
  /** Where older versions kept the manifest and the journal. Whoever may write Asterisk's data may write there. */
  readonly former?: string;
  readonly sounds: string;
}

const besideAsterisk = ({ varLib }: Directories) => join(varLib, "smart-transfer");
const manifestFile = "manifest.json";

/** @param state the folder of what a run trusts (apply/state-folder.ts) */
export function pathsIn(directories: Directories, state = besideAsterisk(directories)): Paths {
  const { etc, data } = directories;
  const beside = besideAsterisk(directories);
  return {
    settings: join(etc, settingsFile),
    own: join(etc, ownFolder),
    manifest: join(state, manifestFile),
    ...(state === beside ? {} : { former: beside }),
    sounds: join(data, "sounds"),
  };
}

/** What older versions left beside Asterisk's data. */
export function formerState(former: string) {
  return { folder: former, manifest: join(former, manifestFile), journal: join(former, "journal") };
}
