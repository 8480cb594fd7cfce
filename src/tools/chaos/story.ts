/**
 * What a run plays: calls that overlap, and what the admin and the network do meanwhile. Plain data, so that a story can be
 * printed, shortened and played again. Times are in ms.
 */
export interface Story {
  readonly calls: readonly CallStory[];
  readonly happenings: readonly Happening[];
}

/**
 * One call. Who does what is not bound to a time, but to what happens: each phone that rings takes the next reaction, each two
 * who begin to talk the next list of acts, each caller who is passed on the next wait. Where a list has come to its end,
 * people answer, talk and hang up.
 */
export interface CallStory {
  readonly number: number;
  /** Since the story began. */
  readonly at: number;
  readonly from: string;
  readonly to: string;
  readonly reactions: readonly Reaction[];
  readonly talks: readonly (readonly Act[])[];
  readonly waits: readonly Wait[];
}

/** What somebody does whose phone rings. */
export interface Reaction {
  readonly how: "answers" | "refuses" | "is busy" | "ignores";
  readonly after: number;
  /** The key that they press on a mobile that asks for one; a voicemail presses none. */
  readonly accepts?: string;
}

/** What one of two does who talk: who rang the other, or who was rung. After the last one somebody hangs up. */
export interface Act {
  readonly who: "caller" | "called";
  /** Since the act before. */
  readonly after: number;
  readonly does: "keys" | "button" | "holds" | "hangs up";
  /** The keys that are pressed, or the number that is sent with the Transfer button. */
  readonly keys?: string;
  readonly pace?: keyof typeof paces;
  /** How long the other one is held. */
  readonly for?: number;
}

/** How fast keys are pressed: length and pause, in ms. */
export const paces = {
  slow: { length: 150, gap: 550 },
  hurried: { length: 100, gap: 60 },
  /** A phone that sends stored digits. */
  machine: { length: 60, gap: 40 },
} as const;

/** What a caller does who was passed on. */
export interface Wait {
  readonly after: number;
  readonly does: "waits" | "keys" | "hangs up";
  readonly keys?: string;
}

/** What happens beside the calls. */
export type Happening = { readonly at: number } & (
  | { readonly does: "goes offline"; readonly who: string; readonly for: number }
  | { readonly does: "edits"; readonly name: string; readonly value: string; readonly for: number }
  | { readonly does: "reloads"; readonly module: string }
  | { readonly does: "runs"; readonly command: "check" | "install" }
);
