import { type Kind, kinds } from "../../contract/kinds.ts";
import type { Setting } from "../../contract/setting.ts";
import { filledIn } from "./template.ts";

/**
 * What is wrong with a value, as the end of a sentence: "must be a number of seconds from 1 to 30". `undefined` if it
 * is valid. The dialplan checks values with the same table when it reads them (dialplan/settings.ts).
 */
export function faultOf(setting: Setting, value: string): string | undefined {
  const kind: Kind = kinds[setting.kind];
  if (value === "" && !kind.required) return undefined;
  const { places = [] } = kind;
  const text = places.reduce((filled, place) => filledIn(filled, "0", place), value);
  const values = kind.separator === undefined ? [text] : text.split(kind.separator);
  const shaped = values.every((one) => new RegExp(`^${kind.pattern}$`).test(one));
  const fits = shaped && (kind.number ? inRange(setting, Number(value)) : value.length <= setting.max);
  const chosen = setting.choices?.includes(value) ?? true;
  return fits && chosen ? undefined : `must be ${expectation(setting)}`;
}

/** Describes the values that a setting accepts. */
export function expectation(setting: Setting): string {
  const kind: Kind = kinds[setting.kind];
  if (setting.choices) return setting.choices.join(" or ");
  return kind.number ? `${kind.expected} from ${setting.min ?? 0} to ${setting.max}` : kind.expected;
}

function inRange(setting: Setting, value: number): boolean {
  return value >= (setting.min ?? 0) && value <= setting.max;
}
