import { outcomes, unescaped } from "./record.ts";

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
}

const value = `((?:${unescaped}|%[0-9A-F]{2})*)`;
const step = `(?:${Object.keys(outcomes).join("|")})=[0-9]+\\.[0-9]`;
const shape = new RegExp(`^caller=${value} from=${value} to=${value} outcome=${value}((?: ${step})*)$`);

/** Reads what `recordOf` has written (record.ts); `undefined` when the text is no such record. */
export function readRecord(text: string): TransferRecord | undefined {
  const found = shape.exec(text);
  if (found === null) return undefined;
  const [caller = "", from = "", to = "", outcome = ""] = found.slice(1, 5).map(undone);
  const steps = (found[5] ?? "").split(" ").slice(1).map(stepOf);
  return { caller, from, to, outcome, steps };
}

function stepOf(text: string): [name: string, seconds: number] {
  const [name = "", seconds] = text.split("=");
  return [name, Number(seconds)];
}

/** Undoes the escaping. The bytes are meant to be UTF-8; those that are not become U+FFFD. */
function undone(value: string): string {
  const letters = value.match(/%[0-9A-F]{2}|./g) ?? [];
  const bytes = letters.map((letter) =>
    letter.length === 3 ? Number.parseInt(letter.slice(1), 16) : letter.charCodeAt(0),
  );
  return new TextDecoder().decode(Uint8Array.from(bytes));
}
