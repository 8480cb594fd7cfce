/** What a terminal shows: enough of one for what this program writes, with every line that scrolled away. */

export interface Style {
  readonly colour?: string;
  readonly bold?: boolean;
  readonly dim?: boolean;
  readonly underlined?: boolean;
}

/** Letters of one style that stand beside each other. */
export interface Run extends Style {
  readonly column: number;
  readonly text: string;
}

interface Cell {
  readonly letter: string;
  readonly style: Style;
}

const names = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"] as const;
/** A command with its parameters, the cursor saved or restored, or a letter. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what a terminal is told by
const written = /\x1b\[([\d;?]*)([A-Za-z])|\x1b[78]|(.)/gsu;
const blank: Cell = { letter: " ", style: {} };

export class Screen {
  private readonly lines: Cell[][] = [[]];
  private row = 0;
  private column = 0;
  private style: Style = {};
  private saved = { row: 0, column: 0 };

  constructor(private readonly columns: number) {}

  /** Takes in what a program wrote. */
  write(text: string): void {
    for (const [all, parameters = "", command = "", letter = ""] of text.matchAll(written)) {
      if (command !== "") this.obey(command, parameters);
      else if (all === "\x1b7") this.saved = { row: this.row, column: this.column };
      else if (all === "\x1b8") ({ row: this.row, column: this.column } = this.saved);
      else this.put(letter);
    }
  }

  /** Every line, the empty ones at the end left out. */
  runs(): Run[][] {
    const runs = this.lines.map(runsOf);
    while (runs.at(-1)?.length === 0) runs.pop();
    return runs;
  }

  private put(letter: string): void {
    if (letter === "\r") this.column = 0;
    else if (letter === "\n") this.move(this.row + 1, this.column);
    else if (letter === "\b") this.column = Math.max(0, this.column - 1);
    else if (letter >= " ") {
      if (this.column >= this.columns) this.move(this.row + 1, 0);
      const line = this.line();
      while (line.length < this.column) line.push(blank);
      line[this.column++] = { letter, style: this.style };
    }
  }

  private obey(command: string, parameters: string): void {
    const [first = 0, second = 0] = parameters.split(";").map(Number);
    const steps = Math.max(1, first);
    if (command === "A") this.move(this.row - steps, this.column);
    else if (command === "B") this.move(this.row + steps, this.column);
    else if (command === "C") this.column += steps;
    else if (command === "D") this.column = Math.max(0, this.column - steps);
    else if (command === "E") this.move(this.row + steps, 0);
    else if (command === "F") this.move(this.row - steps, 0);
    else if (command === "G") this.column = steps - 1;
    else if (command === "H") throw new Error(`an absolute position: ${first};${second}`);
    else if (command === "K") this.eraseLine(first);
    else if (command === "J") this.eraseBelow();
    else if (command === "m") this.style = parameters.split(";").map(Number).reduce(styled, this.style);
  }

  private eraseLine(how: number): void {
    const line = this.line();
    if (how === 0) line.length = Math.min(line.length, this.column);
    else if (how === 2) line.length = 0;
    else line.fill(blank, 0, this.column + 1);
  }

  private eraseBelow(): void {
    this.eraseLine(0);
    this.lines.length = this.row + 1;
  }

  private move(row: number, column: number): void {
    this.row = Math.max(0, row);
    this.column = column;
    while (this.lines.length <= this.row) this.lines.push([]);
  }

  private line(): Cell[] {
    return this.lines[this.row] as Cell[];
  }
}

/** A code of "select graphic rendition". */
function styled(style: Style, code: number): Style {
  if (code === 0) return {};
  if (code === 1) return { ...style, bold: true };
  if (code === 2) return { ...style, dim: true };
  if (code === 4) return { ...style, underlined: true };
  if (code === 22) return { ...style, bold: false, dim: false };
  if (code === 24) return { ...style, underlined: false };
  const colour = names[code >= 90 ? code - 90 : code - 30];
  if (code === 90) return { ...style, colour: "gray" };
  if (code === 39 || colour === undefined) {
    const { colour: _, ...rest } = style;
    return rest;
  }
  return { ...style, colour };
}

function runsOf(line: readonly Cell[]): Run[] {
  const runs: Run[] = [];
  let last: Style | undefined;
  for (const [column, { letter, style }] of line.entries()) {
    const run = runs.at(-1);
    if (run !== undefined && style === last) runs[runs.length - 1] = { ...run, text: run.text + letter };
    else runs.push({ ...style, column, text: letter });
    last = style;
  }
  return runs.filter(({ text, underlined }) => text.trim() !== "" || underlined);
}
