import { inspect } from "node:util";

type Format = "bold" | "underline" | "gray" | "red" | "green" | "yellow" | "blue" | "magenta" | "cyan" | "white";

/** Text in a colour or weight, or as it was where no colours are wanted. */
export type Paint = (format: Format, text: string) => string;

/** By Node's own table of codes: `util.styleText` came with Node 20.12. */
export function painter(wanted: boolean): Paint {
  return (format, text) => {
    const [on, off] = inspect.colors[format] ?? [0, 0];
    return wanted ? `\x1b[${on}m${text}\x1b[${off}m` : text;
  };
}
