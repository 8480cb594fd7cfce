import type Prompt from "prompts/lib/elements/prompt.js";
import Select from "prompts/lib/elements/select.js";
import clear from "prompts/lib/util/clear.js";
import { wrapped } from "../../terminal/abilities.ts";
import { painter } from "../../terminal/paint.ts";
import type { Terminal } from "../../terminal/terminal.ts";
import { type Asker, type Back, back, cancelled, type OneOf, type SomeOf } from "./asker.ts";
import { Field } from "./field.ts";
import { TickList } from "./tick-list.ts";

/**
 * Asks with the elements of `prompts`. They draw on stderr, because stdout is for results. Esc goes back; Ctrl-C and
 * Ctrl-D cancel.
 */
export function promptsAsker({ columns, abilities, tell }: Terminal): Asker {
  const streams = { stdin: process.stdin, stdout: process.stderr };
  const paint = painter(abilities.colours);

  // What each answered question left on the screen, in order and without gaps.
  const answered: string[] = [];
  const say = (text: string) => {
    tell(text);
    answered.length = 0;
  };

  /** Explains, then asks. On Esc, erases this question and the one before it, which is asked again. */
  const asking = async <P extends Prompt, T>(
    about: string | undefined,
    make: () => P,
    reading: Reading<P, T>,
  ): Promise<T | Back> => {
    const lines = about === undefined ? [] : wrapped(about, columns - 1);
    for (const line of lines) tell(paint("gray", line));
    const prompt = make();
    const answer = await answerOf(prompt, reading);
    const explanation = lines.map((line) => `${line}\n`).join("");
    if (answer === back) process.stderr.write(erasure((answered.pop() ?? "") + explanation));
    else answered.push(`${explanation}${reading.text(prompt)}\n`);
    return answer;
  };
  const erasure = (text: string) => (text === "" ? "" : clear(text, columns));

  return {
    keys: "Enter accepts, Esc goes back, Ctrl-C leaves everything as it is",
    tell: say,
    one<T>({ about, choices, initial, message }: OneOf<T>) {
      const at = choices.findIndex(({ value }) => value === initial);
      const options = { ...streams, message, choices, initial: Math.max(0, at), hint: " " };
      return asking(about, () => new Select(options), {
        answer: ({ value }) => value as T,
        erasure: ({ outputText }) => clear(outputText, columns),
        text: ({ outputText }) => outputText,
      });
    },
    some<T>({ about, choices, ticked, ...question }: SomeOf<T>) {
      const ticks = choices.map((choice) => ({ ...choice, selected: ticked(choice.value) }));
      return asking(about, () => new TickList<T>({ ...streams, ...question, paint, choices: ticks }), {
        answer: (list) => list.answer(),
        erasure: (list) => list.clear,
        text: (list) => list.text,
      });
    },
    text(question) {
      return asking(question.about, () => new Field({ ...streams, ...question, paint }), {
        answer: ({ value }) => value,
        erasure: (field) => field.erasure(),
        text: ({ text }) => text,
      });
    },
  };
}

/** How to read the answer from an element, and how to erase it. */
interface Reading<P, T> {
  answer(prompt: P): T;
  erasure(prompt: P): string;
  /** What the element leaves on the screen. */
  text(prompt: P): string;
}

function answerOf<P extends Prompt, T>(prompt: P, { answer, erasure }: Reading<P, T>): Promise<T | Back> {
  return new Promise((resolve, reject) => {
    const leave = (how: "exited" | "aborted") => () => {
      prompt.out.write(erasure(prompt));
      prompt[how] = true;
      prompt.close();
    };
    prompt.exit = leave("exited");
    prompt.abort = leave("aborted");
    // A closed terminal gives no more answers, so it cancels.
    const gone = prompt.abort;
    const settled = (act: () => void) => () => {
      process.stdin.off("end", gone);
      act();
    };
    process.stdin.once("end", gone);
    prompt.on(
      "submit",
      settled(() => resolve(answer(prompt))),
    );
    prompt.on(
      "exit",
      settled(() => resolve(back)),
    );
    prompt.on(
      "abort",
      settled(() => reject(cancelled())),
    );
  });
}
