import type { Change } from "./change.ts";

/** File changes, then the CLI commands that make Asterisk read them, in order. */
export interface Phase {
  readonly changes: readonly Change[];
  readonly reloads: readonly string[];
}

/** Both stages are in one list, so that one journal can undo all of it. */
export interface Plan extends Phase {
  /** Where to wait until no transfer is running: after so many of the changes and of the reloads. */
  readonly pause?: { readonly changes: number; readonly reloads: number };
  /** Notes for the admin: findings on the PBX, and files of ours that stay. */
  readonly notes: readonly string[];
}

/** Also counts reloads: a module may have to be loaded although every file is correct. */
export function changesAnything({ changes, reloads }: Phase): boolean {
  return changes.length + reloads.length > 0;
}

/** Splits the plan at its pause. */
export function phasesOf({ changes, reloads, pause }: Plan): [Phase, Phase?] {
  if (pause === undefined) return [{ changes, reloads }];
  return [
    { changes: changes.slice(0, pause.changes), reloads: reloads.slice(0, pause.reloads) },
    { changes: changes.slice(pause.changes), reloads: reloads.slice(pause.reloads) },
  ];
}
