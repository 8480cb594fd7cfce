import { outcomes, unescaped } from "./record.ts";

/** All that may have become of a transfer. */
export const outcomeNames: readonly string[] = [...new Set(Object.values(outcomes))];

/** What became of a transfer. */
export interface TransferRecord {
  /** The caller's number as he gave it: it may hold any character, so it must be made harmless before it is shown. */
  readonly caller: string;
  /** The transferer's extension, empty when it was not known. */
  readonly from: string;
  readonly to: string;
  readonly outcome: string;
  /** The rungs of the ladder in their order, each with its seconds. One may come more than once. */
  readonly steps: readonly (readonly [name: string, seconds: number])[];
  /** What else is told by name: by a later version, such as `node`. */
  readonly more: Readonly<Record<string, string>>;
}

const value = `((?:${unescaped}|%[0-9A-F]{2})*)`;
const stepNames = Object.keys(outcomes).join("|");
const step = `(?:${stepNames})=[0-9]+\\.[0-9]`;
const other = `(?!(?:${stepNames}|caller|from|to|outcome)=)[a-z][a-z-]*=(?:${unescaped}|%[0-9A-F]{2})*`;
const shape = new RegExp(`^caller=${value} from=${value} to=${value} outcome=${value}((?: (?:${step}|${other}))*)$`);

/** Reads what `recordOf` has written (record.ts); `undefined` when the text is no such record. */
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

/** Undoes the escaping. The bytes are meant to be UTF-8; those that are not become U+FFFD. */
function undone(value: string): string {
  const letters = value.match(/%[0-9A-F]{2}|./g) ?? [];
  const bytes = letters.map((letter) =>
    letter.length === 3 ? Number.parseInt(letter.slice(1), 16) : letter.charCodeAt(0),
  );
  return new TextDecoder().decode(Uint8Array.from(bytes));
}
