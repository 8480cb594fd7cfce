import { monthNamed } from "./months.ts";

/** The parts of a date in the log. Missing parts are undefined. */
export interface Stamp {
  year?: number;
  /** From 1. */
  month?: number;
  day?: number;
  hour: number;
  minute: number;
  second: number;
  ms: number;
  /** Minutes east of Greenwich. */
  offset?: number;
  /** Seconds since 1970. If set, nothing else counts. */
  epoch?: number;
}

/** A reader for one `dateformat` of logger.conf. */
export interface DateFormat {
  /** `undefined` if the text does not fit the format or names no day. */
  read(text: string): Stamp | undefined;
}

/** The parts while a date is being read. A 12-hour time and a split year are combined at the end. */
interface Draft extends Stamp {
  century?: number;
  shortYear?: number;
  yearDay?: number;
  half?: "am" | "pm";
}

type Part = readonly [pattern: string, take?: (text: string) => Partial<Draft>];

const two = "[ \\d]?\\d";
const name = ".{1,24}?";

/** The conversions of strftime(3) that matter for the time. Others are skipped. */
const parts: Readonly<Record<string, Part>> = {
  Y: ["\\d{4}", (text) => ({ year: Number(text) })],
  C: ["\\d{2}", (text) => ({ century: Number(text) })],
  y: ["\\d{2}", (text) => ({ shortYear: Number(text) })],
  m: [two, (text) => ({ month: Number(text) })],
  b: [name, monthIn],
  B: [name, monthIn],
  d: [two, (text) => ({ day: Number(text) })],
  e: [two, (text) => ({ day: Number(text) })],
  j: ["[ \\d]{0,2}\\d", (text) => ({ yearDay: Number(text) })],
  H: [two, (text) => ({ hour: Number(text) })],
  k: [two, (text) => ({ hour: Number(text) })],
  I: [two, (text) => ({ hour: Number(text) % 12 })],
  l: [two, (text) => ({ hour: Number(text) % 12 })],
  p: [".{0,12}?", halfIn],
  P: [".{0,12}?", halfIn],
  M: [two, (text) => ({ minute: Number(text) })],
  S: [two, (text) => ({ second: Number(text) })],
  s: ["\\d+", (text) => ({ epoch: Number(text) })],
  q: ["\\d{1,6}", (text) => ({ ms: Math.floor(Number(`0.${text}`) * 1000) })],
  z: ["[+-]\\d{4}", (text) => ({ offset: minutesEast(text) })],
  Z: ["[A-Za-z0-9+-]*", (text) => (/^(?:UTC|GMT|UCT|Zulu)$/.test(text) ? { offset: 0 } : {})],
  a: [name],
  A: [name],
  u: ["\\d"],
  w: ["\\d"],
  U: [two],
  V: [two],
  W: [two],
  g: [two],
  G: ["\\d{4}"],
  n: ["\\n"],
  t: ["\\t"],
  "%": ["%"],
};

/** Conversions that stand for several others, as in the C locale, which Asterisk uses. */
const joined: Readonly<Record<string, string>> = {
  D: "%m/%d/%y",
  F: "%Y-%m-%d",
  T: "%H:%M:%S",
  R: "%H:%M",
  h: "%b",
  r: "%I:%M:%S %p",
  c: "%a %b %e %H:%M:%S %Y",
  x: "%m/%d/%y",
  X: "%H:%M:%S",
};

/** A conversion, with glibc's flags, width and modifier. `%3q` is Asterisk's own (main/stdtime/localtime.c). */
const conversion = /%([-_0^#]*)(\d*)[EO]?([A-Za-z%])/g;

export function dateFormat(format: string): DateFormat {
  const plain = format.replace(conversion, (all, _flags, _width, letter: string) => joined[letter] ?? all);
  const takers: ((text: string) => Partial<Draft>)[] = [];
  let source = "";
  let from = 0;
  for (const found of plain.matchAll(conversion)) {
    const [all, , width = "", letter = ""] = found;
    const [pattern, take] = parts[letter] ?? [escaped(all)];
    source += escaped(plain.slice(from, found.index));
    source += take === undefined ? pattern : `(${letter === "q" ? `\\d{${width || 3}}` : pattern})`;
    if (take !== undefined) takers.push(take);
    from = found.index + all.length;
  }
  source += escaped(plain.slice(from));
  const whole = new RegExp(`^${source}$`, "s");
  return {
    read(text) {
      const found = whole.exec(text);
      if (found === null) return undefined;
      const draft: Draft = { hour: 0, minute: 0, second: 0, ms: 0 };
      for (const [at, take] of takers.entries()) Object.assign(draft, take(found[at + 1] ?? ""));
      return settled(draft);
    },
  };
}

function settled(draft: Draft): Stamp | undefined {
  const { century, shortYear, yearDay, half, ...stamp } = draft;
  if (half === "pm") stamp.hour += 12;
  if (stamp.year === undefined && shortYear !== undefined)
    stamp.year = (century ?? (shortYear < 69 ? 20 : 19)) * 100 + shortYear;
  if (yearDay !== undefined && stamp.month === undefined) Object.assign(stamp, { month: 1, day: yearDay });
  const { epoch, month = 0, day = 0, hour, minute, second } = stamp;
  if (epoch !== undefined) return stamp;
  const isDate = month >= 1 && month <= 12 && day >= 1 && (yearDay !== undefined || day <= 31);
  return isDate && hour < 24 && minute < 60 && second < 61 ? stamp : undefined;
}

function monthIn(text: string): Partial<Draft> {
  const month = monthNamed(text);
  return month === undefined ? {} : { month };
}

/** Some languages have no words for a.m. and p.m. */
function halfIn(text: string): Partial<Draft> {
  return /^p/i.test(text) ? { half: "pm" } : {};
}

function minutesEast(text: string): number {
  const minutes = Number(text.slice(1, 3)) * 60 + Number(text.slice(3));
  return text.startsWith("-") ? -minutes : minutes;
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
