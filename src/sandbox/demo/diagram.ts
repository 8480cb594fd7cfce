import { type Abilities, wrapped } from "../../terminal/abilities.ts";
import type { Paint } from "../../terminal/paint.ts";
import type { Beat, Party } from "./story.ts";

/** The drawing characters, for terminals with and without Unicode. */
const drawings = {
  idle: ["│", "|"],
  inCall: ["┃", "#"],
  call: ["─", "-"],
  talk: ["═", "="],
  right: ["▶", ">"],
  left: ["◀", "<"],
  hears: ["♪", "~"],
  ends: ["╳", "x"],
} as const;

const colours = ["yellow", "magenta", "cyan", "green", "blue"] as const;
const timeWidth = 8;
const narrowest = 5;
const widest = 9;

/**
 * A sequence diagram that grows downwards: time on the left, a column for each party, and the description on the right.
 */
export class Diagram {
  private readonly spacing: number;
  private readonly busy = new Set<string>();

  constructor(
    private readonly parties: readonly Party[],
    private readonly columns: number,
    private readonly abilities: Abilities,
    private readonly paint: Paint,
  ) {
    const room = Math.floor((columns * 0.55 - timeWidth) / parties.length);
    this.spacing = Math.max(narrowest, Math.min(widest, room));
  }

  /** Draws a scene's title and the heads of the columns. */
  scene(title: string): string[] {
    const row = (text: (party: Party) => string) => {
      const cells = this.parties.map((party, index) => this.painted(index, centred(text(party), this.spacing)));
      return " ".repeat(timeWidth) + cells.join("");
    };
    const rule = (this.abilities.unicode ? "─" : "-").repeat(Math.max(0, this.columns - title.length - 4));
    const heads = [row(({ number }) => number), row(({ name }) => name)];
    if (this.parties.some(({ node }) => node !== undefined)) heads.push(row(({ node = "" }) => node));
    return ["", this.paint("bold", `${title}  ${rule}`), ...heads];
  }

  /** Draws a beat. A long description continues on further lines. */
  beat(beat: Beat): string[] {
    const width = Math.max(16, this.columns - timeWidth - this.parties.length * this.spacing - 2);
    const [first = "", ...more] = wrapped(beat.says, width);
    const time = `${(beat.at / 1000).toFixed(2).padStart(timeWidth - 2)}  `;
    this.take(beat);
    return [
      `${this.paint("gray", time)}${this.drawn(beat)}  ${first}`,
      ...more.map((line) => `${" ".repeat(timeWidth)}${this.drawn()}  ${line}`),
    ].map((line) => line.trimEnd());
  }

  /** Updates who is in a call from this beat on. */
  private take({ how, from, to }: Beat): void {
    if (how === "ends") for (const one of [from, to ?? from]) this.busy.delete(one);
    if (how === "calls" || how === "talks") this.busy.add(from);
    if (how === "talks" && to !== undefined) this.busy.add(to);
  }

  /** Draws the columns, with the arrow or symbol of a beat. */
  private drawn(beat?: Beat): string {
    const cells = Array.from({ length: this.parties.length * this.spacing }, () => " ");
    for (const [index, { number }] of this.parties.entries()) {
      const isBusy = this.busy.has(number);
      cells[this.middle(index)] = isBusy
        ? this.painted(index, this.sign("inCall"))
        : this.paint("gray", this.sign("idle"));
    }
    if (beat) this.draw(beat, cells);
    return cells.join("");
  }

  private draw({ how, from, to, keys = "" }: Beat, cells: string[]): void {
    const one = this.columnOf(from);
    const at = this.middle(one);
    if (how === "hears" || how === "ends") cells[at] = this.painted(one, this.sign(how));
    if (how === "ends" && to !== undefined) cells[this.middle(this.columnOf(to))] = this.painted(one, this.sign(how));
    if (how === "keys") this.write(cells, at, keys, one);
    if ((how !== "calls" && how !== "talks") || to === undefined) return;
    const other = this.middle(this.columnOf(to));
    const [left, right] = at < other ? [at, other] : [other, at];
    const line = this.painted(one, this.sign(how === "calls" ? "call" : "talk"));
    // The arrow crosses the columns between the two.
    for (let cell = left + 1; cell < right; cell++) cells[cell] = line;
    if (how === "talks" || other > at) cells[right - 1] = this.painted(one, this.sign("right"));
    if (how === "talks" || other < at) cells[left + 1] = this.painted(one, this.sign("left"));
  }

  private write(cells: string[], at: number, text: string, column: number): void {
    const from = Math.max(0, at - Math.floor(text.length / 2));
    for (const [index, letter] of [...text].entries()) cells[from + index] = this.painted(column, letter);
  }

  private middle(column: number): number {
    return column * this.spacing + Math.floor(this.spacing / 2);
  }

  private columnOf(number: string): number {
    return this.parties.findIndex((party) => party.number === number);
  }

  private sign(name: keyof typeof drawings): string {
    return drawings[name][this.abilities.unicode ? 0 : 1];
  }

  private painted(column: number, text: string): string {
    return this.paint(colours[column % colours.length] ?? "white", text);
  }
}

function centred(text: string, width: number): string {
  const shown = text.slice(0, width - 1);
  const before = Math.max(0, Math.floor(width / 2) - Math.floor(shown.length / 2));
  return `${" ".repeat(before)}${shown}`.padEnd(width);
}
