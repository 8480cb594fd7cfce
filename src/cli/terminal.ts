import { styleText } from "node:util";

type Format = Parameters<typeof styleText>[0];
export type Paint = (format: Format, text: string) => string;

/** Results go to stdout, everything else to stderr. */
export interface Terminal {
  /** What the command is run for. */
  result(text: string): void;
  /** What one wants to see meanwhile. */
  tell(text: string): void;
  /** What only --verbose shows. */
  detail(text: string): void;
  readonly paint: Paint;
  /** May questions be asked? */
  readonly interactive: boolean;
}

export function terminal(options: { color: boolean; verbose: boolean; questions: boolean }): Terminal {
  const { env, stdin, stdout, stderr } = process;
  // Who closes the terminal or the pipe hears no more; what is under way goes on.
  for (const stream of [stdout, stderr]) stream.on("error", () => {});
  const coloured = options.color && stdout.isTTY && !env.NO_COLOR && env.TERM !== "dumb";
  return {
    result: (text) => void stdout.write(`${text}\n`),
    tell: (text) => void stderr.write(`${text}\n`),
    detail: (text) => void (options.verbose && stderr.write(`${text}\n`)),
    paint: (format, text) => (coloured ? styleText(format, text, { validateStream: false }) : text),
    interactive: options.questions && stdin.isTTY === true && stderr.isTTY === true,
  };
}
