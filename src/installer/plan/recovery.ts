import type { FileState } from "../../asterisk/files.ts";
import { markedFiles } from "./admin-files.ts";
import { type Shipped, soundPath } from "./generated.ts";
import { ourTitles } from "./headers.ts";
import { digest, emptyManifest, type Manifest } from "./manifest.ts";
import { editedEnding, type Snapshot } from "./snapshot.ts";

/**
 * Reconstructs a lost manifest from the files themselves. Leaves smart_transfer.conf out: the admin may have edited it,
 * so it stays.
 */
export function recoveredManifest(snapshot: Snapshot, sounds: Shipped["sounds"]): Manifest {
  const marked = markedFiles(snapshot).filter(({ text, unmarked }) => text !== unmarked);
  if (marked.length === 0) return emptyManifest;
  const shipped = shippedSounds(snapshot, sounds);
  const wholly = new Set(marked.filter(({ unmarked }) => unmarked === "").map(({ path }) => path));
  const isOurs = (path: string, { content }: FileState) =>
    wholly.has(path) ||
    shipped.get(path)?.equals(content) ||
    (path.startsWith(`${snapshot.paths.own}/`) &&
      !path.includes(editedEnding) &&
      ourTitles.some((title) => content.toString("latin1", 0, title.length) === title));
  const made = [...snapshot.files].filter(([path, file]) => isOurs(path, file));
  const soundFolders = [...shipped.keys()].map((path) => path.slice(0, path.lastIndexOf("/")));
  const folders = [snapshot.paths.own, ...new Set(soundFolders)];
  return {
    ...emptyManifest,
    made: Object.fromEntries(made.map(([path, { content }]) => [path, digest(content)])),
    marked: marked.map(({ path }) => path),
    folders: folders.filter((path) => snapshot.folders.has(path)),
  };
}

function shippedSounds({ directories }: Snapshot, sounds: Shipped["sounds"]): Map<string, Buffer> {
  const all = Object.entries(sounds).flatMap(([language, files]) =>
    Object.entries(files).map(([file, sound]) => [soundPath(directories.data, language, file), sound] as const),
  );
  return new Map(all);
}
