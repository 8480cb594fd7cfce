import type { Problem } from "../terminal/problem.ts";
import type { AsteriskCli } from "./cli.ts";
import { entriesOf, type TreeLine } from "./config-tree.ts";

/** main/features_config.c, DEFAULT_TRANSFER_ANNOUNCE_SOUND */
const usualSound = "pbx-transfer";

/**
 * The prompt of Asterisk's own transfer keys, where it cannot play it: they then give up without a word
 * (main/bridge_basic.c, grab_transfer). `undefined` where it can, or has none to play.
 * @param soundFolder the folder of the languages' folders
 */
export async function missingTransferSound(
  features: readonly TreeLine[],
  cli: AsteriskCli,
  soundFolder: string,
  soundFault: (name: string) => Promise<Problem | undefined>,
): Promise<string | undefined> {
  const said = entriesOf(features, "general").findLast(({ name }) => name.toLowerCase() === "transferannouncesound");
  const sound = said?.value ?? usualSound;
  if (sound === "") return undefined;
  const [, language = "en"] = /^ *Default language: +(\S+)/m.exec(await cli.run("core show settings")) ?? [];
  // The order of main/file.c, fileexists_core: dialect, language, none, English.
  const folders = [language, language.replace(/_.*/, ""), "", "en"];
  const places = sound.startsWith("/")
    ? [sound]
    : folders.map((folder) => [soundFolder, folder, sound].filter(Boolean).join("/"));
  for (const place of new Set(places)) if ((await soundFault(place)) === undefined) return undefined;
  return sound;
}
