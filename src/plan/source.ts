import type { Scene } from "./scene.ts";

/** By what Asterisk can tell that smart_transfer.conf is still the file that the drawers were made from (drawers.ts). */
export interface Source {
  /** Of its last change, in seconds since 1970: the dialplan is told no more of it (funcs/func_env.c, STAT). */
  readonly modified: number;
  /** In bytes. */
  readonly size: number;
}

/** An edit that comes later has another time than this many seconds ago. */
const settled = 2;

/** The file as it lies there; `undefined` where it was changed so lately that a further edit could bear the same time. */
export function sourceAsIs({ files, paths, time }: Scene): Source | undefined {
  const file = files.get(paths.settings);
  if (file?.modified === undefined || file.modified > time - settled) return undefined;
  return { modified: file.modified, size: file.content.length };
}

/** The file as it is to be: it is given a time that is over, and not that of the one before it. */
export function sourceToBe(scene: Scene, content: Buffer): Source | undefined {
  const before = scene.files.get(scene.paths.settings);
  if (before?.content.equals(content)) return sourceAsIs(scene);
  const modified = scene.time - settled;
  return { modified: modified === before?.modified ? modified - 1 : modified, size: content.length };
}
