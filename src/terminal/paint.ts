import { inspect } from "node:util";

type Format = "bold" | "underline" | "gray" | "red" | "green" | "yellow" | "blue" | "magenta" | "cyan" | "white";

/** Formats text with a colour or weight. Returns it unchanged if colours are off. */
export type Paint = (format: Format, text: string) => string;

/** Uses Node's table of codes, because `util.styleText` needs Node 20.12. */
export function painter(wanted: boolean): Paint {
  return (format, text) => {
    const [on, off] = inspect.colors[format] ?? [0, 0];
    return wanted ? `\x1b[${on}m${text}\x1b[${off}m` : text;
  };
}
