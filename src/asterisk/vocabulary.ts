import type { AsteriskCli } from "./cli.ts";
import { moduleOf } from "./modules.ts";

/** Applications and functions of a dialplan. Variables are neither. */
export interface Vocabulary {
  readonly applications: readonly string[];
  readonly functions: readonly string[];
}

/** All that the running Asterisk knows, as its CLI lists it. */
export async function knownVocabulary(cli: AsteriskCli): Promise<Vocabulary> {
  const [applications, functions] = await Promise.all([
    cli.run("core show applications"),
    cli.run("core show functions"),
  ]);
  return { applications: applicationsIn(applications), functions: functionsIn(functions) };
}

/** `                Dial: Attempt to connect ...` (main/pbx_app.c) */
export function applicationsIn(shown: string): string[] {
  return [...shown.matchAll(/^ *(\w+): /gm)].map(([, name = ""]) => name);
}

/** The CLI cuts the name of a function after so many letters (main/pbx_functions.c). */
const shownLetters = 20;

/** `CALLERID              CALLERID(datatype[,CID])             Gets or sets ...` */
export function functionsIn(shown: string): string[] {
  const row = new RegExp(`^(?=.{${shownLetters}}  )(\\w+)`, "gm");
  return [...shown.matchAll(row)].map(([, name = ""]) => name);
}

/** A word that this Asterisk does not know: `application Dial`, `function CALLERID`. */
export interface UnknownWord {
  readonly name: string;
  /** The module that has it elsewhere, and that runs here all the same; `undefined` for the core. */
  readonly module: string | undefined;
}

/**
 * The words that this Asterisk does not know although it runs what should have them: its version has dropped or renamed them.
 * A module that does not run is another question (neededModules).
 */
export function unknownWords(
  wanted: Vocabulary,
  known: Vocabulary,
  running: ReadonlySet<string> | undefined,
): UnknownWord[] {
  // Asterisk finds an application in any case of letters (main/pbx_app.c), and a function in its own only.
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
