import type { Paint } from "../cli/terminal.ts";

/** Tells what happens in a line each, as it happens, with the seconds since the beginning. */
export class Story {
  private readonly began = Date.now();

  constructor(
    private readonly print: (line: string) => void,
    private readonly paint: Paint,
  ) {}

  tell(what: string): void {
    const seconds = ((Date.now() - this.began) / 1000).toFixed(2);
    this.print(`${this.paint("gray", `${seconds.padStart(6)} s`)}  ${what}`);
  }

  /** How long from one moment to another, both in ms since 1970. */
  between(from: number | undefined, to: number | undefined): string {
    return from === undefined || to === undefined ? "at once" : `${Math.round(to - from)} ms`;
  }
}
