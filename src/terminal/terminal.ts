import { type Abilities, abilitiesOf } from "./abilities.ts";
import { type Paint, painter } from "./paint.ts";
import { movingWork, plainWork, silentWork, type Work } from "./progress.ts";
import { shownPainted } from "./shown.ts";

/** Output to the user. Results go to stdout, everything else to stderr. */
export interface Terminal {
  /** Prints the result of the command. */
  result(text: string): void;
  /** Prints a message. */
  tell(text: string): void;
  /** Prints a detail, only with --verbose. */
  detail(text: string): void;
  /** Starts showing the progress of a longer task. */
  work(): Work;
  readonly paint: Paint;
  /** Questions can be asked. */
  readonly interactive: boolean;
  /** What the stream of the questions can show. */
  readonly abilities: Abilities;
  /** The width in columns. */
  readonly columns: number;
}

/** The width to assume if the output is not a terminal. */
const usualColumns = 80;

export interface TerminalOptions {
  readonly color: boolean;
  readonly verbose: boolean;
  readonly questions: boolean;
  /** Show progress. */
  readonly progress: boolean;
}

export function terminal(options: TerminalOptions): Terminal {
  const { env, stdin, stdout, stderr } = process;
  // If the user closes the terminal or the pipe, ignore the write errors and finish the work.
  for (const stream of [stdout, stderr]) stream.on("error", () => {});
  const abilities = abilitiesOf(stderr, env, options.color);
  const coloured = abilitiesOf(stdout, env, options.color).colours;
  const write = (text: string) => void stderr.write(text);
  const columns = () => stderr.columns || usualColumns;
  return {
    result: (text) => void stdout.write(`${shownPainted(text)}\n`),
    tell: (text) => write(`${shownPainted(text)}\n`),
    detail: (text) => void (options.verbose && write(`${shownPainted(text)}\n`)),
    work() {
      if (!options.progress) return silentWork;
      return abilities.moves
        ? movingWork({ abilities, paint: painter(abilities.colours), columns: columns(), write })
        : plainWork(write);
    },
    paint: painter(coloured),
    interactive: options.questions && stdin.isTTY === true && stderr.isTTY === true,
    abilities,
    get columns() {
      return columns();
    },
  };
}
