import { exitCode, Problem } from "../errors.ts";

/** The answer that leads to the question before. */
export const back = Symbol("back");
export type Back = typeof back;

/** The answer of who would rather type a list than tick it. */
export const typed = Symbol("typed");
export type Typed = typeof typed;

export interface Choice<T> {
  readonly title: string;
  readonly value: T;
}

interface Question {
  readonly message: string;
  /** What one should know to answer, above the question. */
  readonly about?: string;
}

/** One of a few. */
export interface OneOf<T> extends Question {
  readonly choices: readonly Choice<T>[];
  /** The value that is proposed. */
  readonly initial: T;
}

/** Some of many. */
export interface SomeOf<T> extends Question {
  readonly choices: readonly Choice<T>[];
  readonly ticked: (value: T) => boolean;
  /** What is left on the screen when it is answered. */
  readonly sum: (values: readonly T[]) => string;
  /** What to say when nothing is ticked; without it, nothing is an answer too. */
  readonly atLeastOne?: string;
  /** May the answer be typed instead? */
  readonly orTyped?: true;
}

/** A line of text. */
export interface Line extends Question {
  readonly initial: string;
  /** Is the proposed text there to be edited, or does the first key replace it? */
  readonly edited?: true;
  /** What is wrong with a text, while it is typed and when it is entered. */
  fault(text: string): string | undefined | Promise<string | undefined>;
}

/** Who asks. Each throws a Problem (exit code 130) when the whole is cancelled. */
export interface Asker {
  /** How one answers, in a sentence. */
  readonly keys: string;
  one<T>(question: OneOf<T>): Promise<T | Back>;
  some<T>(question: SomeOf<T>): Promise<readonly T[] | Back | Typed>;
  line(question: Line): Promise<string | Back>;
  /** Shows something meanwhile. */
  tell(text: string): void;
}

export function cancelled(): Problem {
  return new Problem("Cancelled. Nothing was changed.", "", exitCode.cancelled);
}
