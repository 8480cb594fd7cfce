import type { History, Leg } from "../history.ts";

/** What a rule has found: who was wronged, when, and how. */
export interface Finding {
  readonly rule: string;
  /** The call of the story. */
  readonly call: number;
  readonly at: number;
  readonly says: string;
}

/** Something that a rule reports; the table adds its name. */
export interface Complaint {
  readonly leg: Leg;
  readonly at: number;
  readonly says: string;
}

export type Rule = (history: History) => Complaint[];

/** What two clocks, a busy machine and two Asterisks may differ by, in ms. */
export const slack = 400;

export const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
