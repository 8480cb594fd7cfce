const english = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/**
 * The languages of month names other than English. Asterisk normally uses the C locale (main/asterisk.c), but a build or a start
 * script may choose another.
 */
const languages = [
  ...["de", "fr", "es", "pt", "it", "nl", "ru", "pl", "tr", "uk", "cs", "sk", "sv", "nb", "da", "fi", "hu", "ro", "el"],
  ...["bg", "sr", "sr-Latn", "hr", "sl", "lt", "lv", "et", "ca", "eu", "gl", "id", "ms", "vi", "he", "ar", "fa", "be"],
];

/** The languages that fit every name seen so far. */
let candidates: readonly string[] | undefined;
const known = new Map<string, number | undefined>();

/**
 * The number of a month, from 1, by its name or the start of it. Some names mean different months in different languages ("lis" is
 * October in Croatian and November in Polish). The names read before decide, then the order of the list.
 */
export function monthNamed(text: string): number | undefined {
  const name = text.trim().toLowerCase().replace(/\.$/, "");
  const at = english.indexOf(name.slice(0, 3));
  if (at >= 0 && /^[a-z]+$/.test(name) && isEnglish(name, at)) return at + 1;
  if (!known.has(name)) known.set(name, foreignMonth(name));
  return known.get(name);
}

function isEnglish(name: string, at: number): boolean {
  return name.length === 3 || longName("en", at).startsWith(name);
}

function foreignMonth(name: string): number | undefined {
  // Chinese, Japanese and Korean number their months.
  const numbered = /^(\d{1,2})\D*$/.exec(name)?.[1];
  if (numbered !== undefined) return Number(numbered);
  const matching = (candidates ?? languages).filter((language) => monthIn(language, name) !== undefined);
  const fitting = matching.length > 0 ? matching : languages.filter((one) => monthIn(one, name) !== undefined);
  const [first] = fitting;
  if (first === undefined) return undefined;
  candidates = fitting;
  return monthIn(first, name);
}

/** Whether a name is the start of a month's full name, or the other way round, in languages that inflect their months. */
function monthIn(language: string, name: string): number | undefined {
  if (name.length < 2) return undefined;
  const found = english.map((_, month) => month).filter((month) => fits(language, month, name));
  return found.length === 1 ? (found[0] as number) + 1 : undefined;
}

function fits(language: string, month: number, name: string): boolean {
  const short = formatted(language, month, { month: "short" });
  return short === name || longName(language, month).startsWith(name) || declined(language, month).startsWith(name);
}

function longName(language: string, month: number): string {
  return formatted(language, month, { month: "long" });
}

/** The form beside a day, such as "ноября" for "ноябрь". */
function declined(language: string, month: number): string {
  const options = { month: "long", day: "numeric", timeZone: "UTC" } as const;
  const parts = new Intl.DateTimeFormat(language, options).formatToParts(Date.UTC(2026, month, 15));
  return parts.find(({ type }) => type === "month")?.value.toLowerCase() ?? "";
}

function formatted(language: string, month: number, how: Intl.DateTimeFormatOptions): string {
  const text = new Intl.DateTimeFormat(language, { ...how, timeZone: "UTC" }).format(Date.UTC(2026, month, 15));
  return text.toLowerCase().replace(/\.$/, "");
}
