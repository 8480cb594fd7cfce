/**
 * Every setting of [general] and of an extension's section in smart_transfer.conf: the one place for its default, what
 * it may hold and what it does. The installer checks and documents from here, and the dialplan, into which this file is
 * compiled too, takes defaults and limits from here: so it is plain data, without imports or calls.
 */

/** What a value may look like. `chars` is the inside of a bracket expression that means the same to JavaScript and Lua. */
export interface Kind {
  readonly expected: string;
  readonly chars: string;
  readonly number?: true;
  readonly required?: true;
}

export const kinds = {
  seconds: { expected: "a number of seconds", chars: "0-9", number: true, required: true },
  count: { expected: "a number", chars: "0-9", number: true, required: true },
  choice: { expected: "one of the choices", chars: "a-z", required: true },
  keys: { expected: "one to four telephone keys (0-9 * # A-D)", chars: "0-9*#A-D", required: true },
  sound: { expected: "the name of a sound, without its ending", chars: "A-Za-z0-9_/.-", required: true },
  name: { expected: "a name of letters, digits, - and _", chars: "A-Za-z0-9_-", required: true },
  prefix: { expected: "letters, digits, spaces and . - _", chars: "A-Za-z0-9 ._-" },
  destination: { expected: "an extension@context", chars: "A-Za-z0-9_@*#.-" },
  devices: {
    expected: "a device such as PJSIP/101, or several joined by &",
    chars: "A-Za-z0-9_/&.@+-",
    required: true,
  },
  dial: { expected: "dial strings joined by &, such as PJSIP/101@node2", chars: "A-Za-z0-9_/&.@+:-" },
} as const satisfies Record<string, Kind>;

export interface Setting {
  readonly name: string;
  readonly kind: keyof typeof kinds;
  readonly default: string;
  readonly min?: number;
  readonly max: number;
  readonly choices?: readonly string[];
  readonly applied?: true;
  readonly about: string;
}

/** [general]. `max` is the largest number, or the longest text. `applied`: `install` must make other files anew. */
export const generalSettings = [
  { name: "transfer_key", kind: "keys", default: "#", max: 4, applied: true, about: "what the transferer presses" },
  { name: "digit_timeout", kind: "seconds", default: "3", min: 1, max: 30, about: "silence that ends the digits" },
  {
    name: "dial_attempts",
    kind: "count",
    default: "3",
    min: 1,
    max: 10,
    about: "wrong extensions, then back to the call",
  },
  { name: "ring_timeout", kind: "seconds", default: "20", min: 1, max: 600, about: "how long the receiver is rung" },
  { name: "recall_timeout", kind: "seconds", default: "25", min: 1, max: 600, about: "how long a recall rings" },
  { name: "recall_attempts", kind: "count", default: "2", min: 1, max: 20, about: "recalls, then the fallback" },
  { name: "recall_prefix", kind: "prefix", default: "RT", max: 20, about: "begins the name that a recall shows" },
  {
    name: "fallback",
    kind: "destination",
    default: "",
    max: 160,
    about: "who takes a caller whom nobody took: 100@internal",
  },
  {
    name: "hear",
    kind: "choice",
    default: "ringing",
    max: 7,
    choices: ["ringing", "music"],
    about: "what the caller hears meanwhile",
  },
  {
    name: "music_class",
    kind: "name",
    default: "default",
    max: 79,
    applied: true,
    about: "a class of musiconhold.conf",
  },
] as const satisfies readonly Setting[];

/** A section of the directory: [101] */
export const extensionSettings = [
  {
    name: "device",
    kind: "devices",
    default: "",
    max: 400,
    applied: true,
    about: "whose state counts; several joined by &",
  },
  { name: "dial", kind: "dial", default: "", max: 400, about: "how to ring it, when not by its device" },
  {
    name: "transfer",
    kind: "choice",
    default: "yes",
    max: 3,
    choices: ["yes", "no"],
    applied: true,
    about: "may start transfers",
  },
  { name: "receive", kind: "choice", default: "yes", max: 3, choices: ["yes", "no"], about: "may be transferred to" },
] as const satisfies readonly Setting[];

export type GeneralName = (typeof generalSettings)[number]["name"];
export type ExtensionSettingName = (typeof extensionSettings)[number]["name"];
