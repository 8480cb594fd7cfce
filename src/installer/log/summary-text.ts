import { type Abilities, sign, wrapped } from "../../terminal/abilities.ts";
import type { Paint } from "../../terminal/paint.ts";
import { adviceFrom } from "./advice.ts";
import type { Figures, Summary } from "./figures.ts";
import { harmless } from "./harmless.ts";
import { localDay } from "./list.ts";
import { fatesIn, legend, reasonsIn, seconds, type Table, tablesOf } from "./table.ts";

/** The surface on which a summary is shown. */
export interface Sheet {
  readonly abilities: Abilities;
  readonly paint: Paint;
  readonly columns: number;
}

const gap = "  ";
const countWidth = 6;
const narrowestBar = 8;
const widestBar = 20;

/** The summary for a terminal. */
export function summaryText(summary: Summary, sheet: Sheet): string {
  const { all, first = 0, last = 0 } = summary;
  const { paint } = sheet;
  const fates = fatesIn(all);
  const findings = adviceFrom(summary).flatMap((one) => wrapped(`- ${harmless(one)}`, sheet.columns, 2));
  return [
    paint("bold", `${all.count} transfers, ${localDay(first)} to ${localDay(last)}`),
    ...fates.map(
      ({ id, title, colour, count }) =>
        `  ${paint(colour, sign("barFull", sheet.abilities))} ${id}: ${title} (${count(all)})`,
    ),
    ...wrapped(`  ${legend}`, sheet.columns, 2),
    ...tablesOf(summary).flatMap((table) => ["", paint("bold", table.title), ...tableLines(table, summary, sheet)]),
    ...(findings.length > 0 ? ["", paint("bold", "What could be better"), ...findings] : []),
  ].join("\n");
}

/** A column after the bar: its title, and its text in each row. */
interface Column {
  readonly head: string;
  cell(figures: Figures): string;
}

/** On a narrow terminal, columns are dropped from the last one on, to leave room for the bar. */
const timeColumns: readonly Column[] = [
  { head: "median", cell: ({ waits }) => inSeconds(waits?.median) },
  { head: "longest", cell: ({ waits }) => inSeconds(waits?.longest) },
  { head: "95 %", cell: ({ waits }) => inSeconds(waits?.most) },
  { head: "recall", cell: ({ recalls }) => inSeconds(recalls?.median) },
];

function inSeconds(value: number | undefined): string {
  return value === undefined ? "" : `${seconds(value)} s`;
}

function tableLines({ rows, hasReasons }: Table, { all }: Summary, { abilities, paint, columns }: Sheet): string[] {
  const widest = Math.max(1, ...rows.filter(([name]) => name !== "all").map(([, { count }]) => count));
  const names = Math.max(3, ...rows.map(([name]) => harmless(name).length));
  const shown: Column[] = [
    ...fatesIn(all).map(({ id, count }) => ({ head: id, cell: (figures: Figures) => String(count(figures) || "") })),
    ...timeColumns,
  ];
  const widthOf = ({ head, cell }: Column) => Math.max(head.length, ...rows.map(([, figures]) => cell(figures).length));
  const left = () => columns - names - countWidth - 6 - shown.reduce((sum, one) => sum + widthOf(one) + gap.length, 0);
  while (left() < narrowestBar && timeColumns.includes(shown.at(-1) as Column)) shown.pop();
  const bar = Math.min(widestBar, Math.max(narrowestBar, left()));
  const line = (name: string, count: string, drawn: string, cells: readonly string[]) =>
    [
      name.padEnd(names),
      count.padStart(countWidth),
      drawn,
      ...cells.map((text, at) => text.padStart(widthOf(shown[at] as Column))),
    ]
      .join(gap)
      .trimEnd();
  const head = line(
    "",
    "calls",
    " ".repeat(bar),
    shown.map((one) => one.head),
  );
  return [
    paint("gray", head),
    ...rows.flatMap(([name, figures]) => {
      const drawn = name === "all" ? " ".repeat(bar) : barOf(figures, widest, bar, abilities, paint);
      const row = line(
        harmless(name),
        String(figures.count),
        drawn,
        shown.map(({ cell }) => cell(figures)),
      );
      const why = hasReasons ? reasonsIn(figures) : "";
      return why === "" ? [row] : [row, paint("gray", `${" ".repeat(names)}${gap}came back: ${why}`)];
    }),
  ];
}

/** A bar as long as the number of transfers, coloured by outcome. */
function barOf(figures: Figures, widest: number, width: number, abilities: Abilities, paint: Paint): string {
  let drawn = 0;
  let seen = 0;
  const pieces = fatesIn(figures).map(({ colour, count }) => {
    seen += count(figures);
    const end = Math.round((seen / widest) * width);
    const piece = paint(colour, sign("barFull", abilities).repeat(end - drawn));
    drawn = end;
    return piece;
  });
  return pieces.join("") + " ".repeat(Math.max(0, width - drawn));
}
