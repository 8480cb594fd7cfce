// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NUMBER} is what the admin writes

import { parseArgs } from "node:util";
import { outcomeNames } from "../../contract/read-record.ts";
import { exitCode, Problem } from "../../terminal/problem.ts";

/** All options. Both parseArgs and --help are derived from this table. */
export const optionTable = {
  yes: {
    type: "boolean",
    short: "y",
    about: "ask nothing: take options, then smart_transfer.conf (or --settings), then defaults",
  },
  settings: { type: "string", takes: "FILE", about: "a smart_transfer.conf to install from" },
  extensions: {
    type: "string",
    takes: "LIST",
    about:
      "101-110,115,201=PJSIP/alice; default: those with a hint, or if nobody has one, the endpoints; auto: these at each install",
  },
  node: {
    type: "string",
    takes: "NAME",
    about: "which of [nodes] this is; default: the one whose address is this machine's",
  },
  mobile: {
    type: "string",
    takes: "EXT=NUMBER",
    multiple: true,
    about: "an extension's mobile, tried when the desk does not answer (repeatable)",
  },
  "mobile-dial": { type: "string", takes: "STRING", about: "how to call a mobile: 'PJSIP/${NUMBER}@trunk'" },
  key: {
    type: "string",
    takes: "KEYS",
    about: "what the transferer presses; default: # or, if that is taken, a free one",
  },
  "return-key": {
    type: "string",
    takes: "KEYS",
    about: "what takes a caller from a mobile back to the transferer; default: *0",
  },
  prompt: {
    type: "string",
    takes: "NAME=FILE",
    multiple: true,
    about: "a sound of your own for a prompt (repeatable)",
  },
  language: {
    type: "string",
    takes: "CODE",
    multiple: true,
    about: "install the prompts in this language too: ru (repeatable)",
  },
  set: { type: "string", takes: "NAME=VALUE", multiple: true, about: "any other setting of [general] (repeatable)" },
  "dry-run": { type: "boolean", short: "n", about: "print the diff of every file and the reloads; change nothing" },
  "no-rehearsal": { type: "boolean", about: "leave out the test calls" },
  rehearsal: {
    type: "boolean",
    about: "check: rehearse even if Asterisk's event log (CEL) records it, as install does",
  },
  now: { type: "boolean", about: "uninstall: do not wait for callers who are being transferred: they are lost" },
  since: { type: "string", takes: "WHEN", of: "log", about: "only transfers since then: 12h, 7d, 2026-11-01" },
  extension: { type: "string", takes: "EXT", of: "log", about: "only transfers by or to this extension" },
  outcome: {
    type: "string",
    takes: "NAME",
    of: "log",
    about: `only transfers with this outcome: ${outcomeNames.join(", ")}`,
  },
  summary: { type: "boolean", of: "log", about: "totals by day and by extension" },
  html: { type: "string", takes: "FILE", of: "log", about: "the summary as a page to open or to print" },
  csv: { type: "boolean", of: "log", about: "the list, for a spreadsheet" },
  follow: { type: "boolean", of: "log", about: "go on printing as transfers end" },
  anonymous: { type: "boolean", of: "log", about: "shorten callers' numbers" },
  nodes: { type: "boolean", of: "demo", about: "two nodes that are one PBX, and a transfer from one to the other" },
  offline: { type: "boolean", about: "write files, talk to no Asterisk (images, chroots)" },
  asterisk: {
    type: "string",
    takes: "COMMAND",
    about: "the command that reaches its CLI: /usr/sbin/asterisk, 'docker exec pbx asterisk'",
  },
  "asterisk-conf": { type: "string", takes: "FILE", about: "the asterisk.conf of the Asterisk that is meant (its -C)" },
  root: { type: "string", takes: "DIR", about: "where its file system is mounted, if not here" },
  json: { type: "boolean", about: "print the result as JSON; ask nothing" },
  "no-color": { type: "boolean", about: "print without colours" },
  verbose: { type: "boolean", about: "print each step, and where an error came from" },
  version: { type: "boolean", about: "print the version" },
  help: { type: "boolean", short: "h", about: "print this" },
} as const satisfies Record<string, OptionRow>;

interface OptionRow {
  readonly type: "boolean" | "string";
  readonly short?: string;
  readonly takes?: string;
  readonly multiple?: true;
  /** The only command that accepts it. */
  readonly of?: "log" | "demo";
  readonly about: string;
}

/** The commands and what they do. */
export const commandTable = {
  install: "ask, show exactly what will change, change it, reload, check it (the default)",
  uninstall: "give every file back, to the byte",
  check: "is it installed, loaded and working? changes nothing",
  log: "what became of the transfers: a line each, or totals",
  demo: "no Asterisk here? a private one, a real install, a real transfer, shown step by step",
} as const;

export type CommandName = keyof typeof commandTable;

export type Options = {
  readonly [Name in keyof typeof optionTable]: (typeof optionTable)[Name] extends { type: "boolean" }
    ? boolean
    : (typeof optionTable)[Name] extends { multiple: true }
      ? readonly string[]
      : string | undefined;
};

export interface Invocation {
  readonly command: CommandName;
  readonly options: Options;
}

/** Parses the command line. Throws a Problem (exit code 2) for anything unknown. */
export function parseCommandLine(args: readonly string[]): Invocation {
  // Not strict: we check against the table ourselves, for clearer messages than Node's.
  const { values, positionals, tokens } = parseArgs({
    args: [...args],
    options: parseArgsOptions(),
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  for (const token of tokens) if (token.kind === "option") requireKnown(token);
  const [command = "install", ...more] = positionals;
  if (!Object.hasOwn(commandTable, command)) {
    throw usage(`There is no command "${command}".`, `The commands are ${Object.keys(commandTable).join(", ")}.`);
  }
  if (more.length > 0) throw usage(`"${more[0]}" is one word too many.`);
  const stray = Object.entries<OptionRow>(optionTable).find(
    ([name, { of }]) => of !== undefined && of !== command && values[name] !== undefined,
  );
  if (stray) throw usage(`--${stray[0]} belongs to the command ${stray[1].of}.`);
  const options = Object.entries<OptionRow>(optionTable).map(([name, { type, multiple }]) => [
    name,
    values[name] ?? (type === "boolean" ? false : multiple ? [] : undefined),
  ]);
  return { command: command as CommandName, options: Object.fromEntries(options) as Options };
}

/** An option as parseArgs reports it: `rawName` includes the dashes; `inlineValue` means the value follows a `=`. */
interface GivenOption {
  readonly name: string;
  readonly rawName: string;
  readonly value: string | undefined;
  readonly inlineValue: boolean | undefined;
}

function requireKnown({ name, rawName, value, inlineValue }: GivenOption): void {
  if (!Object.hasOwn(optionTable, name)) throw usage(`There is no option ${rawName}.`);
  const { takes } = (optionTable as Record<string, OptionRow>)[name] as OptionRow;
  if (!takes && value !== undefined) throw usage(`The option ${rawName} takes no value.`);
  // Do not take the next option as the value. `--name=--value` still works.
  if (takes && (value === undefined || (!inlineValue && value.startsWith("-"))))
    throw usage(`The option needs a value: ${rawName} ${takes}.`);
}

function parseArgsOptions() {
  const rows = Object.entries<OptionRow>(optionTable).map(([name, { type, short, multiple }]) => [
    name,
    { type, ...(short ? { short } : {}), ...(multiple ? { multiple } : {}) },
  ]);
  return Object.fromEntries(rows) as Record<string, { type: "boolean" | "string" }>;
}

function usage(message: string, remedy = "`asterisk-smart-transfer --help` lists them."): Problem {
  return new Problem(message, remedy, exitCode.usage);
}
