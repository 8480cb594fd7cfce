// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NUMBER} is what the admin writes

/**
 * The only definition of every setting in [general] and in an extension's section: default, valid values and
 * description. The installer validates and documents settings from this table. It is also compiled into the dialplan,
 * which takes defaults and limits from it. So it is plain data, without imports or calls.
 */

/**
 * The form of a value. `pattern` uses only what JavaScript's regular expressions and Lua's patterns share (bracket
 * expressions, + * ?), so that both sides check with the same text. `separator` joins several such values.
 */
export interface Kind {
  readonly expected: string;
  readonly pattern: string;
  readonly separator?: string;
  readonly number?: true;
  readonly required?: true;
}

export const kinds = {
  seconds: { expected: "a number of seconds", pattern: "[0-9]+", number: true, required: true },
  count: { expected: "a number", pattern: "[0-9]+", number: true, required: true },
  choice: { expected: "one of the choices", pattern: "[a-z]+", required: true },
  keys: { expected: "one to four telephone keys (0-9 * # A-D)", pattern: "[0-9*#A-D]+", required: true },
  digit: { expected: "one telephone key (0-9 * #)", pattern: "[0-9*#]", required: true },
  sound: {
    expected: "the name of a sound, without its ending, or several joined by &",
    pattern: "[A-Za-z0-9_/.-]+",
    separator: "&",
    required: true,
  },
  name: { expected: "a name of letters, digits, - and _", pattern: "[A-Za-z0-9_-]+", required: true },
  context: { expected: "the name of a context", pattern: "[A-Za-z0-9_.-]+" },
  prefix: { expected: "letters, digits, spaces and . - _", pattern: "[A-Za-z0-9 ._-]+" },
  destination: { expected: "an extension@context", pattern: "[A-Za-z0-9_*#.-]+@[A-Za-z0-9_.-]+" },
  passThrough: {
    expected: "patterns such as 6XX@queues, joined by commas",
    pattern: "[^@, ;(){}$&|\"'\\\n\r\t]+@[A-Za-z0-9_.-]+",
    separator: ",",
  },
  states: { expected: "device states joined by commas, such as INUSE,RINGING", pattern: "[A-Z_]+", separator: "," },
  number: { expected: "a telephone number", pattern: "[+]?[0-9*#]+" },
  mobileDial: {
    expected: "a dial string with ${NUMBER} in it, such as PJSIP/${NUMBER}@trunk",
    pattern: "[A-Za-z0-9]+/[A-Za-z0-9_.@+:/-]*[$]{NUMBER}[A-Za-z0-9_.@+:/-]*",
  },
  devices: {
    expected: "a device such as PJSIP/101, or several joined by &",
    pattern: "[A-Za-z0-9]+/[A-Za-z0-9_.@+-]+",
    separator: "&",
    required: true,
  },
  dial: {
    expected: "dial strings joined by &, such as PJSIP/101@node2",
    pattern: "[A-Za-z0-9]+/[A-Za-z0-9_.@+:/-]+",
    separator: "&",
  },
} as const satisfies Record<string, Kind>;

export interface Setting {
  readonly name: string;
  readonly kind: keyof typeof kinds;
  readonly default: string;
  readonly min?: number;
  /** The largest number, or the longest text in characters. */
  readonly max: number;
  readonly choices?: readonly string[];
  /** Other files depend on it, so a change takes effect only after `install`. */
  readonly applied?: true;
  readonly about: string;
}

/** Seconds between checks that the other party is still there, while the transferer enters digits. */
export const betweenPresenceChecks = 0.5;

const yesOrNo = ["yes", "no"] as const;

/** Settings of [general]. */
export const generalSettings = [
  { name: "transfer_key", kind: "keys", default: "#", max: 4, applied: true, about: "starts a transfer" },
  {
    name: "return_key",
    kind: "keys",
    default: "*0",
    max: 4,
    applied: true,
    about: "from a mobile back to the transferer",
  },
  {
    name: "return_key_line",
    kind: "digit",
    default: "1",
    max: 1,
    applied: true,
    about: "from the waiting line back to the transferer",
  },
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
  {
    name: "busy",
    kind: "choice",
    default: "wait",
    max: 6,
    choices: ["wait", "return"],
    about: "wait: in the receiver's line; return: recall",
  },
  {
    name: "wait_timeout",
    kind: "seconds",
    default: "120",
    min: 1,
    max: 7200,
    about: "how long the line lasts, then recall",
  },
  { name: "recall_timeout", kind: "seconds", default: "25", min: 1, max: 600, about: "how long a recall rings" },
  { name: "recall_attempts", kind: "count", default: "2", min: 1, max: 20, about: "recalls, then the fallback" },
  { name: "recall_prefix", kind: "prefix", default: "RT", max: 20, about: "begins the name that a recall shows" },
  {
    name: "max_returns",
    kind: "count",
    default: "3",
    min: 1,
    max: 20,
    about: "recalls in a row that no person took, then the fallback",
  },
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
    about: "what the caller hears while a phone rings",
  },
  {
    name: "music_class",
    kind: "name",
    default: "default",
    max: 79,
    applied: true,
    about: "a class of musiconhold.conf",
  },
  {
    name: "mobile_dial",
    kind: "mobileDial",
    default: "",
    max: 200,
    about: "how a mobile is called: PJSIP/${NUMBER}@trunk",
  },
  {
    name: "mobile_confirm",
    kind: "choice",
    default: "yes",
    max: 3,
    choices: yesOrNo,
    about: "who answers the mobile must press 1",
  },
  {
    name: "mobile_too_soon",
    kind: "seconds",
    default: "2",
    min: 0,
    max: 30,
    about: "without mobile_confirm: an answer this soon is voicemail",
  },
  {
    name: "transfer_button",
    kind: "choice",
    default: "yes",
    max: 3,
    choices: yesOrNo,
    applied: true,
    about: "the phones' own Transfer button too",
  },
  {
    name: "busy_states",
    kind: "states",
    default: "INUSE,BUSY,RINGING,RINGINUSE,ONHOLD",
    max: 100,
    about: "device states that are not rung",
  },
  {
    name: "forward_context",
    kind: "context",
    default: "",
    max: 79,
    about: "where a phone that forwards calls by itself (SIP 302) may send them besides the directory",
  },
  {
    name: "pass_through",
    kind: "passThrough",
    default: "",
    max: 1000,
    about: "no extensions, sent on unchecked: 6XX@queues,7[0-9]@parkedcalls",
  },
] as const satisfies readonly Setting[];

/** Settings of an extension's section, such as [101]. */
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
  { name: "mobile", kind: "number", default: "", max: 40, about: "tried when the desk does not answer or is offline" },
  {
    name: "transfer",
    kind: "choice",
    default: "yes",
    max: 3,
    choices: yesOrNo,
    applied: true,
    about: "may start transfers",
  },
  { name: "receive", kind: "choice", default: "yes", max: 3, choices: yesOrNo, about: "may be transferred to" },
] as const satisfies readonly Setting[];

export type GeneralName = (typeof generalSettings)[number]["name"];
export type ExtensionSettingName = (typeof extensionSettings)[number]["name"];
