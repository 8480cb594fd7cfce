/** The steps of a transfer, and its outcome when the caller is answered at one. */
export const outcomes = {
  desk: "answered",
  line: "waited",
  mobile: "answered-mobile",
  voicemail: "voicemail",
  takeback: "taken-back",
  recall: "returned",
  "recall-line": "returned",
  fallback: "fallback",
  goodbye: "abandoned",
} as const;
export type Step = keyof typeof outcomes;

/**
 * Writes the line that a transfer leaves in the log and as a CEL event: `name=value` pairs, separated by spaces. Values
 * must already be escaped, because callers choose their own number. read-record.ts parses it.
 *
 * @param node where there are several
 */
export function recordOf(
  caller: string,
  from: string,
  to: string,
  outcome: string,
  steps: string,
  node?: string,
): string {
  const last = node === undefined ? "" : ` node=${node}`;
  return `caller=${caller} from=${from} to=${to} outcome=${outcome}${steps}${last}`;
}

/**
 * The characters that need no escaping, as a bracket expression for both JavaScript and Lua: every number that a phone
 * can dial, and most names. Every other byte becomes `%` and two hexadecimal digits, as in a URL.
 */
export const unescaped = "[A-Za-z0-9+*#._-]";

/** The name of the CEL event. */
export const celEvent = "SMART_TRANSFER";
