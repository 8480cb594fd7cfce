import type { HandEdit } from "./texts.ts";

/** The admin's files that get our line or block. */
export const mains = ["features.conf", "extensions.conf", "pjsip.conf", "extensions.lua"] as const;
export type Main = (typeof mains)[number];

/** What reads each of them. */
export const readers: Readonly<Record<Main, string>> = {
  "features.conf": "features",
  "extensions.conf": "pbx_config.so",
  "pjsip.conf": "res_pjsip.so",
  "extensions.lua": "pbx_lua.so",
};

export const people = ["101", "102", "103", "104"] as const;

/** What an install is asked for; what is left out stays. */
export interface Wish {
  readonly extensions?: string;
  readonly key?: string;
  readonly ring?: string;
}

export const settingsEdits = [
  "another ring_timeout",
  "another key",
  "a comment",
  "a value out of range",
  "an unknown setting",
  "no fault any more",
  "nothing: it is deleted",
] as const;

export const ownEdits = ["is edited", "is deleted"] as const;

/** One thing that somebody does to a PBX's files. */
export type Step =
  | { readonly does: "installs"; readonly wish: Wish }
  | { readonly does: "uninstalls" }
  | { readonly does: "installs the former version" }
  /** `at` is the part of its usual time that the run is given; `edit` comes between the kill and the next run. */
  | {
      readonly does: "kills";
      readonly run: "install" | "uninstall";
      readonly wish: Wish;
      readonly at: number;
      readonly edit?: Edit;
    }
  | { readonly does: "reloads"; readonly main: Main }
  | Edit
  | { readonly does: "edits the settings"; readonly to: (typeof settingsEdits)[number]; readonly value: string }
  | { readonly does: "edits ours"; readonly name: string; readonly how: (typeof ownEdits)[number] }
  | { readonly does: "adds a file" }
  | { readonly does: "loses the manifest" }
  | { readonly does: "deletes a prompt" | "records a prompt" };

export interface Edit {
  readonly does: "edits";
  readonly main: Main;
  readonly how: HandEdit;
  readonly where: number;
}

/** How the PBX is before anybody has installed anything. */
export interface Ground {
  /** Asterisk's files belong to a user of its own, as on Debian; only root can make them so. */
  readonly isAsterisks: boolean;
  readonly files: Readonly<Record<Main, "usual" | "CRLF" | "open" | "link" | "missing">>;
  /** A file of the admin's is where one of ours is to be. */
  readonly isTaken: boolean;
}

export interface Sequence {
  readonly seed: number;
  readonly ground: Ground;
  readonly steps: readonly Step[];
}

export function stepInWords(step: Step): string {
  const { does, ...rest } = step;
  return `${does} ${Object.keys(rest).length === 0 ? "" : JSON.stringify(rest)}`.trimEnd();
}
