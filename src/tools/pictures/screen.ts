import xterm from "@xterm/headless";

export interface Style {
  readonly colour?: string;
  readonly bold?: boolean;
  readonly dim?: boolean;
  readonly underlined?: boolean;
}

/** Adjacent characters of the same style. */
export interface Run extends Style {
  readonly column: number;
  readonly text: string;
}

type Cell = ReturnType<InstanceType<typeof xterm.Terminal>["buffer"]["active"]["getNullCell"]>;

const colours = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white", "gray"] as const;
const scrollback = 10_000;

/**
 * All lines that a terminal shows for a program's output, including those that scrolled away, without empty lines at
 * the end.
 */
export async function linesShown(written: string, columns: number, rows: number): Promise<Run[][]> {
  const terminal = new xterm.Terminal({ cols: columns, rows, scrollback, allowProposedApi: true });
  await new Promise<void>((resolve) => terminal.write(written, resolve));
  const buffer = terminal.buffer.active;
  const lines = Array.from({ length: buffer.length }, (_, row) => {
    const line = buffer.getLine(row);
    return runsOf(Array.from({ length: columns }, (_, column) => line?.getCell(column)));
  });
  while (lines.at(-1)?.length === 0) lines.pop();
  return lines;
}

function runsOf(cells: readonly (Cell | undefined)[]): Run[] {
  const runs: Run[] = [];
  let last = "";
  for (const [column, cell] of cells.entries()) {
    if (cell === undefined || cell.getWidth() === 0) continue;
    const style = styleOf(cell);
    const letter = cell.getChars() || " ";
    const run = runs.at(-1);
    if (run !== undefined && JSON.stringify(style) === last)
      runs[runs.length - 1] = { ...run, text: run.text + letter };
    else runs.push({ ...style, column, text: letter });
    last = JSON.stringify(style);
  }
  return runs.filter(({ text, underlined }) => text.trim() !== "" || underlined);
}

function styleOf(cell: Cell): Style {
  // Bright colours are drawn like the normal ones, except for bright black, which is gray.
  const colour = cell.isFgPalette() ? (colours[cell.getFgColor()] ?? colours[cell.getFgColor() - 8]) : undefined;
  return {
    ...(colour !== undefined && { colour }),
    ...(cell.isBold() && { bold: true }),
    ...(cell.isDim() && { dim: true }),
    ...(cell.isUnderline() && { underlined: true }),
  };
}
