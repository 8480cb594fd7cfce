import { exitCode, Problem } from "../../terminal/problem.ts";

/** The answer that goes back to the previous question. */
export const back = Symbol("back");
export type Back = typeof back;

/** The answer that asks to type a list instead of ticking it. */
export const typed = Symbol("typed");
export type Typed = typeof typed;

export interface Choice<T> {
  readonly title: string;
  readonly value: T;
}

interface Question {
  readonly message: string;
  /** What the admin needs to know to answer; shown above the question. */
  readonly about?: string;
}

export interface OneOf<T> extends Question {
  readonly choices: readonly Choice<T>[];
  /** The proposed value. */
  readonly initial: T;
}

export interface SomeOf<T> extends Question {
  readonly choices: readonly Choice<T>[];
  readonly ticked: (value: T) => boolean;
  /** The summary that stays on the screen after the answer. */
  readonly sum: (values: readonly T[]) => string;
  /** The message when nothing is ticked. Without it, an empty answer is allowed. */
  readonly atLeastOne?: string;
  /** May the answer be typed instead? */
  readonly orTyped?: true;
}

export interface TextQuestion extends Question {
  readonly initial: string;
  /** Edit the proposed text. Without it, the first key replaces the proposal. */
  readonly edited?: true;
  /** What is wrong with the text. Called at every key and again on Enter. */
  fault(text: string): string | undefined | Promise<string | undefined>;
}

/** Asks the questions. Every method throws a Problem (exit code 130) when the admin cancels. */
export interface Asker {
  /** How to answer, in one sentence. */
  readonly keys: string;
  one<T>(question: OneOf<T>): Promise<T | Back>;
  some<T>(question: SomeOf<T>): Promise<readonly T[] | Back | Typed>;
  text(question: TextQuestion): Promise<string | Back>;
  /** Shows a message between questions. */
  tell(text: string): void;
}

export function cancelled(): Problem {
  return new Problem("Cancelled. Nothing was changed.", "", exitCode.cancelled);
}
