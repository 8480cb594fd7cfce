import { type Look, lookOf } from "./look.ts";
import { type Paint, painter } from "./paint.ts";
import { movingWork, plainWork, silentWork, type Work } from "./progress.ts";

/** Results go to stdout, everything else to stderr. */
export interface Terminal {
  /** What the command is run for. */
  result(text: string): void;
  /** What one wants to see meanwhile. */
  tell(text: string): void;
  /** What only --verbose shows. */
  detail(text: string): void;
  /** Begins a work that takes a moment, and shows that and how far it is. */
  work(): Work;
  readonly paint: Paint;
  /** May questions be asked? */
  readonly interactive: boolean;
  /** What can be shown where questions are asked. */
  readonly look: Look;
  /** How wide it is. */
  readonly columns: number;
}

/** The width of what is no terminal. */
const usualColumns = 80;

export interface TerminalOptions {
  readonly color: boolean;
  readonly verbose: boolean;
  readonly questions: boolean;
  /** Is it shown how far a work is? */
  readonly progress: boolean;
}

export function terminal(options: TerminalOptions): Terminal {
  const { env, stdin, stdout, stderr } = process;
  // Who closes the terminal or the pipe hears no more; what is under way goes on.
  for (const stream of [stdout, stderr]) stream.on("error", () => {});
  const look = lookOf(stderr, env, options.color);
  const coloured = lookOf(stdout, env, options.color).colours;
  const write = (text: string) => void stderr.write(text);
  const columns = () => stderr.columns || usualColumns;
  return {
    result: (text) => void stdout.write(`${text}\n`),
    tell: (text) => write(`${text}\n`),
    detail: (text) => void (options.verbose && write(`${text}\n`)),
    work() {
      if (!options.progress) return silentWork;
      return look.moves
        ? movingWork({ look, paint: painter(look.colours), columns: columns(), write })
        : plainWork(write);
    },
    paint: painter(coloured),
    interactive: options.questions && stdin.isTTY === true && stderr.isTTY === true,
    look,
    get columns() {
      return columns();
    },
  };
}
