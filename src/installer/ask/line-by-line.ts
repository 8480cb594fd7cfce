import { createInterface } from "node:readline";
import { wrapped } from "../../terminal/abilities.ts";
import type { Terminal } from "../../terminal/terminal.ts";
import { type Asker, type Back, back, cancelled, type TextQuestion, typed } from "./asker.ts";

const backKey = "<";

/** Asks line by line, for terminals that cannot overwrite text (TERM=dumb, screen readers). */
export function lineAsker({ tell, columns }: Terminal): Asker {
  const say = (text: string) => tell(wrapped(text, columns).join("\n"));

  const ask = async (question: TextQuestion): Promise<string | Back> => {
    if (question.about) say(question.about);
    const proposal = question.initial === "" ? "" : ` [${question.initial}]`;
    while (true) {
      const text = await readLine(`${question.message}${proposal} (${backKey} goes back): `);
      if (text === backKey) return back;
      const fault = await question.fault(text || question.initial);
      if (fault === undefined) return text || question.initial;
      say(fault);
    }
  };

  const numbered = (choices: readonly { title: string }[]) => {
    for (const [index, { title }] of choices.entries()) tell(`  ${index + 1} ${title}`);
  };

  return {
    keys: `Enter accepts, ${backKey} goes back, Ctrl-C leaves everything as it is`,
    tell,
    text: ask,
    async one({ message, about = "", choices, initial }) {
      numbered(choices);
      const number = await ask({
        message,
        about,
        initial: String(choices.findIndex(({ value }) => value === initial) + 1),
        fault: (text) => (choices[Number(text) - 1] ? undefined : `Give a number from 1 to ${choices.length}.`),
      });
      return number === back ? back : (choices[Number(number) - 1] as (typeof choices)[number]).value;
    },
    async some({ message, about = "", choices, ticked, atLeastOne, orTyped }) {
      // For many choices, typing a list is quicker. The next question does that.
      if (orTyped && about !== "") say(about);
      numbered(choices);
      if (orTyped) return typed;
      const numbersIn = (text: string) => text.split(/[\s,]+/).filter((one) => one !== "" && one !== "0");
      const numbers = await ask({
        message: `${message} (numbers, 0 for none)`,
        about,
        initial: choices.flatMap(({ value }, index) => (ticked(value) ? [index + 1] : [])).join(",") || "0",
        fault: (text) => {
          const wrong = numbersIn(text).find((one) => choices[Number(one) - 1] === undefined);
          if (wrong !== undefined) return `There is no number ${wrong}.`;
          return numbersIn(text).length === 0 ? atLeastOne : undefined;
        },
      });
      if (numbers === back) return back;
      return numbersIn(numbers).flatMap((one) => choices[Number(one) - 1]?.value ?? []);
    },
  };
}

function readLine(prompt: string): Promise<string> {
  const reader = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
  return new Promise((resolve, reject) => {
    const cancel = () => {
      reader.close();
      reject(cancelled());
    };
    process.once("SIGINT", cancel);
    reader.once("close", cancel);
    reader.question(prompt, (text) => {
      process.off("SIGINT", cancel);
      reader.off("close", cancel);
      reader.close();
      resolve(text.trim());
    });
  });
}
