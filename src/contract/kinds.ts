// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NUMBER} is what the admin writes

/**
 * The form of a value. `pattern` uses only what JavaScript's regular expressions and Lua's patterns share (bracket
 * expressions, + * ?), so that both sides check with the same text. `separator` joins several such values.
 */
export interface Kind {
  readonly expected: string;
  readonly pattern: string;
  readonly separator?: string;
  /** `${EXTENSION}`, for instance, stands for an extension. The value is checked as if a number stood there. */
  readonly places?: readonly string[];
  readonly number?: true;
  readonly required?: true;
}

const extensionAtContext = "[A-Za-z0-9_*#.-]+@[A-Za-z0-9_.-]+";

export const kinds = {
  seconds: { expected: "a number of seconds", pattern: "[0-9]+", number: true, required: true },
  minutes: { expected: "a number of minutes", pattern: "[0-9]+", number: true, required: true },
  count: { expected: "a number", pattern: "[0-9]+", number: true, required: true },
  choice: { expected: "one of the choices", pattern: "[a-z]+", required: true },
  keys: { expected: "one to four telephone keys (0-9 * # A-D)", pattern: "[0-9*#A-D]+", required: true },
  code: { expected: "telephone keys of which the first is * or #, such as *77", pattern: "[*#][0-9*#]+" },
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
  destination: {
    expected: "an extension@context, such as 100@internal or *${RECEIVER}@internal",
    pattern: extensionAtContext,
    places: ["RECEIVER", "TRANSFERER"],
  },
  mailbox: {
    expected: "an extension@context, such as *${EXTENSION}@internal",
    pattern: extensionAtContext,
    places: ["EXTENSION"],
  },
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
    expected: "dial strings joined by &, such as PJSIP/101@node2 or Local/${EXTENSION}@internal",
    pattern: "[A-Za-z0-9]+/[A-Za-z0-9_.@+:/-]+",
    separator: "&",
    places: ["EXTENSION"],
  },
  dnd: {
    expected: "a device with ${EXTENSION} in it, such as Custom:DND${EXTENSION}",
    pattern: "[A-Za-z0-9]+[:/][A-Za-z0-9_.@+-]*[$]{EXTENSION}[A-Za-z0-9_.@+-]*",
  },
  secret: { expected: "letters, digits and + / _ . -", pattern: "[A-Za-z0-9+/_.-]+" },
  optionalName: { expected: "a name of letters, digits, - and _", pattern: "[A-Za-z0-9_-]+" },
  dialOptions: { expected: "some of the letters t, T, h, H, k and K", pattern: "[tThHkK]+" },
} as const satisfies Record<string, Kind>;
