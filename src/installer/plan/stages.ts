import type { Change } from "./change.ts";

/** Files, then the CLI commands that make Asterisk read them, in their order. */
export interface Stage {
  readonly changes: readonly Change[];
  readonly reloads: readonly string[];
}

/** The stages stand in one list, so that one journal takes all of it back. */
export interface Plan extends Stage {
  /** Where it is waited until nobody is being transferred any more: behind so many of the changes and of the reloads. */
  readonly pause?: { readonly changes: number; readonly reloads: number };
  /** What the admin should read: what was seen on the PBX, or what is left as it is though it was ours. */
  readonly notes: readonly string[];
}

/** A module of Asterisk may have to be loaded though every file is as it should be. */
export function changesAnything({ changes, reloads }: Stage): boolean {
  return changes.length + reloads.length > 0;
}

/** What comes before the pause, and what comes behind it where there is one. */
export function stagesOf({ changes, reloads, pause }: Plan): [Stage, Stage?] {
  if (pause === undefined) return [{ changes, reloads }];
  return [
    { changes: changes.slice(0, pause.changes), reloads: reloads.slice(0, pause.reloads) },
    { changes: changes.slice(pause.changes), reloads: reloads.slice(pause.reloads) },
  ];
}
