import { type Change, writeUnlessSame } from "./change.ts";
import { digest, type Manifest } from "./manifest.ts";
import type { Scene } from "./scene.ts";

/** Behind the name of a file of ours that somebody else wrote: no include and no format of Asterisk's reads that. */
export const editedEnding = ".edited";

/**
 * What stands where a file of ours is to be, and is not what we put there: it is kept beside the new one.
 *
 * @param paths files of ours that are to be written anew or taken away
 */
export function keptBeside(
  scene: Scene,
  previous: Manifest,
  paths: ReadonlyMap<string, Buffer | undefined>,
): { readonly copies: readonly Change[]; readonly notes: readonly string[]; readonly replaced: ReadonlySet<string> } {
  const edited = [...paths].flatMap(([path, after]) => {
    const file = scene.files.get(path);
    if (file === undefined || (after && file.content.equals(after))) return [];
    return previous.made[path] === digest(file.content) ? [] : [{ path, file }];
  });
  const copies = edited.flatMap(({ path, file }) =>
    writeUnlessSame(scene, freeName(scene, `${path}${editedEnding}`, file.content), file.content),
  );
  const notes = copies.map(({ path }) => `${path} keeps what somebody wrote in place of our own file.`);
  return { copies, notes, replaced: new Set(edited.map(({ path }) => path)) };
}

/** One that nothing has, or that has the same content. */
function freeName(scene: Scene, name: string, content: Buffer): string {
  let free = name;
  for (let more = 2; scene.files.get(free)?.content.equals(content) === false; more++) free = `${name}-${more}`;
  return free;
}
