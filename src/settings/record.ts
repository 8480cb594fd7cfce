/** The rungs of the ladder, and what a transfer has come to when the caller is answered on one. */
export const outcomes = {
  desk: "answered",
  line: "waited",
  mobile: "answered-mobile",
  recall: "returned",
  "recall-line": "returned",
  fallback: "fallback",
  goodbye: "abandoned",
} as const;
export type Step = keyof typeof outcomes;

/** A transfer's line in the log and its CEL event: from values, or from what stands for them in extensions.conf. */
export function recordOf(caller: string, from: string, to: string, outcome: string, steps: string): string {
  return `caller=${caller} from=${from} to=${to} outcome=${outcome}${steps}`;
}

/** The name of that event. */
export const celEvent = "SMART_TRANSFER";
