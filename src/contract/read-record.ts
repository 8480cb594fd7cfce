import { outcomes, unescaped } from "./record.ts";

/** Every possible outcome of a transfer. */
export const outcomeNames: readonly string[] = [...new Set(Object.values(outcomes))];

/** The outcome of one transfer. */
export interface TransferRecord {
  /** The caller's number as they sent it. It may hold any character, so make it harmless before showing it. */
  readonly caller: string;
  /** The transferer's extension; empty if unknown. */
  readonly from: string;
  readonly to: string;
  readonly outcome: string;
  /** The steps in order, each with its duration in seconds. A step may occur more than once. */
  readonly steps: readonly (readonly [name: string, seconds: number])[];
  /** Other fields by name, such as `node`. Later versions may add some. */
  readonly more: Readonly<Record<string, string>>;
}

const value = `((?:${unescaped}|%[0-9A-F]{2})*)`;
const stepNames = Object.keys(outcomes).join("|");
const step = `(?:${stepNames})=[0-9]+\\.[0-9]`;
const other = `(?!(?:${stepNames}|caller|from|to|outcome)=)[a-z][a-z-]*=(?:${unescaped}|%[0-9A-F]{2})*`;
const shape = new RegExp(`^caller=${value} from=${value} to=${value} outcome=${value}((?: (?:${step}|${other}))*)$`);

/** Parses what `recordOf` wrote (record.ts). `undefined` if the text is not a record. */
export function readRecord(text: string): TransferRecord | undefined {
  const found = shape.exec(text);
  if (found === null) return undefined;
  const [caller = "", from = "", to = "", outcome = ""] = found.slice(1, 5).map(undone);
  const pairs = (found[5] ?? "").split(" ").slice(1).map(pairOf);
  const isStep = ([name]: readonly [string, string]) => Object.hasOwn(outcomes, name);
  const steps = pairs.filter(isStep).map(([name, seconds]) => [name, Number(seconds)] as const);
  const more = Object.fromEntries(pairs.filter((one) => !isStep(one)).map(([name, text]) => [name, undone(text)]));
  return { caller, from, to, outcome, steps, more };
}

function pairOf(text: string): [name: string, value: string] {
  const [name = "", value = ""] = text.split("=");
  return [name, value];
}

/** Reverses the escaping. Bytes that are not valid UTF-8 become U+FFFD. */
function undone(value: string): string {
  const letters = value.match(/%[0-9A-F]{2}|./g) ?? [];
  const bytes = letters.map((letter) =>
    letter.length === 3 ? Number.parseInt(letter.slice(1), 16) : letter.charCodeAt(0),
  );
  return new TextDecoder().decode(Uint8Array.from(bytes));
}
