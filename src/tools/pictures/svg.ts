import type { Run } from "./screen.ts";

const letter = { width: 8.4, height: 18, size: 14 };
const margin = { side: 18, top: 46, bottom: 18 };
const background = "#1c1f26";
const foreground = "#d8dee9";
const colours: Readonly<Record<string, string>> = {
  black: "#4c566a",
  gray: "#7b88a1",
  red: "#e06c75",
  green: "#98c379",
  yellow: "#e5c07b",
  blue: "#61afef",
  magenta: "#c678dd",
  cyan: "#56b6c2",
  white: "#ffffff",
};

/** Draws terminal lines as an SVG picture of a window. */
export function svgOf(title: string, columns: number, lines: readonly (readonly Run[])[]): string {
  const width = Math.ceil(columns * letter.width + 2 * margin.side);
  const height = margin.top + lines.length * letter.height + margin.bottom;
  const dots = ["#ff5f57", "#febc2e", "#28c840"].map(
    (fill, i) => `<circle cx="${22 + 20 * i}" cy="20" r="6" fill="${fill}"/>`,
  );
  const texts = lines.flatMap((runs, row) => {
    const y = margin.top + row * letter.height + letter.size;
    return runs.flatMap(apart).map((run) => textOf(run, y));
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="100%" height="100%" rx="10" fill="${background}"/>`,
    ...dots,
    `<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${letter.size}" fill="${foreground}" xml:space="preserve">`,
    `<text x="${width / 2}" y="25" text-anchor="middle" fill="${colours.gray}">${escaped(title)}</text>`,
    ...texts,
    "</g>",
    "</svg>",
    "",
  ].join("\n");
}

/** Splits a run at repeated spaces, because browsers collapse them (xml:space is obsolete). */
function apart(run: Run): Run[] {
  return [...run.text.matchAll(/\S+(?: \S+)*/g)].map(({ index, 0: text }) => ({
    ...run,
    column: run.column + index,
    text,
  }));
}

/** Sets the text length, so that columns line up in any font. */
function textOf({ column, text, colour, bold, dim, underlined }: Run, y: number): string {
  const spaces = text.length - text.trimStart().length;
  const plain = text.trim();
  const attributes = [
    `x="${round(margin.side + (column + spaces) * letter.width)}"`,
    `y="${y}"`,
    `textLength="${round(plain.length * letter.width)}"`,
    ...(colour ? [`fill="${colours[colour]}"`] : []),
    ...(bold ? ['font-weight="bold"'] : []),
    ...(dim ? ['opacity="0.6"'] : []),
    ...(underlined ? ['text-decoration="underline"'] : []),
  ];
  return `<text ${attributes.join(" ")}>${escaped(plain)}</text>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
