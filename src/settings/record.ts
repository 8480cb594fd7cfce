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

/**
 * A transfer's line in the log and its CEL event: `name=value`, with spaces between. The values must be escaped before: a
 * caller chooses his own number. read-record.ts reads it back.
 */
export function recordOf(caller: string, from: string, to: string, outcome: string, steps: string): string {
  return `caller=${caller} from=${from} to=${to} outcome=${outcome}${steps}`;
}

/**
 * What a value may hold as it is, as a bracket expression of JavaScript and of Lua: any number that a phone can dial, and most
 * names. Every other byte is written as `%` and two hexadecimal digits, as in a URL.
 */
export const unescaped = "[A-Za-z0-9+*#._-]";

/** The name of that event. */
export const celEvent = "SMART_TRANSFER";
