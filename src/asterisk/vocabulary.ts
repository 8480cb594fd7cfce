import type { AsteriskCli } from "./cli.ts";
import { moduleOf } from "./modules.ts";
import { applicationList, functionList, wholeAnswer } from "./whole-answer.ts";

/** Applications and functions: those that a dialplan calls, or those that an Asterisk provides. */
export interface Vocabulary {
  readonly applications: readonly string[];
  readonly functions: readonly string[];
}

/** Lists everything that the running Asterisk provides. */
export async function knownVocabulary(cli: AsteriskCli): Promise<Vocabulary> {
  const [applications, functions] = await Promise.all([
    wholeAnswer(cli, applicationList),
    wholeAnswer(cli, functionList),
  ]);
  return { applications: applicationsIn(applications), functions: functionsIn(functions) };
}

/** Parses `                Dial: Attempt to connect ...` (main/pbx_app.c). */
export function applicationsIn(shown: string): string[] {
  return [...shown.matchAll(/^ *(\w+): /gm)].map(([, name = ""]) => name);
}

/** The CLI cuts function names after this many characters (main/pbx_functions.c). */
const shownLetters = 20;

/** Parses `CALLERID              CALLERID(datatype[,CID])             Gets or sets ...` */
export function functionsIn(shown: string): string[] {
  const row = new RegExp(`^(?=.{${shownLetters}}  )(\\w+)`, "gm");
  return [...shown.matchAll(row)].map(([, name = ""]) => name);
}

/** An application or function that this Asterisk lacks: `application Dial`, `function CALLERID`. */
export interface UnknownWord {
  readonly name: string;
  /** The module that provides it in other versions, and is running here; `undefined` for the core. */
  readonly module: string | undefined;
}

/**
 * The words that this Asterisk lacks although the right module is running: its version has removed or renamed them.
 * Modules that are not running are handled by neededModules.
 */
export function unknownWords(
  wanted: Vocabulary,
  known: Vocabulary,
  running: ReadonlySet<string> | undefined,
): UnknownWord[] {
  // Asterisk ignores case in application names (main/pbx_app.c), but not in function names.
  const applications = new Set(known.applications.map((name) => name.toLowerCase()));
  const functions = new Set(known.functions);
  const unknown = [
    ...wanted.applications
      .filter((name) => !applications.has(name.toLowerCase()))
      .map((word) => ({ word, name: `application ${word}` })),
    ...wanted.functions
      .filter((name) => !functions.has(name.slice(0, shownLetters)))
      .map((word) => ({ word, name: `function ${word}` })),
  ];
  return unknown
    .map(({ word, name }) => ({ name, module: moduleOf(word) }))
    .filter(({ module }) => module === undefined || running === undefined || running.has(module));
}
