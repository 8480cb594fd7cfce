import type { Key } from "prompts/lib/elements/prompt.js";
import Text from "prompts/lib/elements/text.js";
import figures from "prompts/lib/util/figures.js";
import style from "prompts/lib/util/style.js";
import { wrapped } from "../cli/look.ts";
import type { Paint } from "../cli/paint.ts";
import type { Line } from "./asker.ts";

type Options = Line & {
  readonly paint: Paint;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
};

const mostRowsWhileTyping = 2;

/** A line of text that is checked at each key. */
export class Field extends Text {
  /** As it is on the screen. */
  text = "";
  private readonly options: Options;
  private look = 0;
  private cursorRow = 0;

  constructor(options: Options) {
    super({ ...options, validate: async (text: string) => (await options.fault(text)) ?? true });
    this.options = options;
    if (options.edited && options.initial !== "") {
      this.value = options.initial;
      this.cursor = options.initial.length;
    }
    // The library draws before its constructor is through; here is all that it takes.
    this.render();
  }

  /** What takes it off the screen. */
  erasure(): string {
    return `${this.cursorRow > 0 ? `\x1b[${this.cursorRow}A` : ""}\r\x1b[J`;
  }

  /**
   * The library saves the cursor's place on the screen, which is another one when the fault below scrolls it. So here it is
   * moved by rows.
   */
  override render(): void {
    if (this.closed || this.options === undefined) return;
    this.firstRender = false;
    const { message, initial, paint } = this.options;
    const { columns } = this.out;
    const before = `${style.symbol(this.done, this.aborted)} ${paint("bold", message)} ${style.delimiter(this.done)} `;
    const shown = this.value === "" ? paint("gray", initial) : this.error ? paint("red", this.value) : this.value;
    const faults = this.error && !this.done ? this.faultRows(columns) : [];
    const erasure = this.erasure();
    this.text = before + shown;
    if (this.done) {
      this.cursorRow = 0;
      this.out.write(erasure + this.text);
      return;
    }
    // Four cells for the sign and the delimiter with their spaces; one more for the cursor behind the last.
    const start = message.length + 4 + (figures.pointerSmall?.length ?? 1);
    const cells = start + (this.value || initial).length + 1;
    const at = start + (this.value === "" ? 0 : this.cursor);
    const rows = Math.ceil(cells / columns) + faults.length;
    this.cursorRow = Math.floor(at / columns);
    const up = rows - 1 - this.cursorRow;
    const lines = [`${this.text} `, ...faults.map((line) => paint("red", line))];
    this.out.write(`${erasure}${lines.join("\n")}${up > 0 ? `\x1b[${up}A` : ""}\x1b[${(at % columns) + 1}G`);
  }

  private faultRows(columns: number): string[] {
    return wrapped(this.errorMsg, columns - 3).map((line) => `  ${line}`);
  }

  override _(text: string | undefined, key: Key): void {
    // A key without a sign, such as F1, would be taken for the word "undefined".
    if (text === undefined || text < " " || text === "\x7f") {
      this.bell();
    } else {
      super._(text, key);
      void this.checkNow();
    }
  }

  override delete(): void {
    super.delete();
    void this.checkNow();
  }

  override deleteForward(): void {
    super.deleteForward();
    void this.checkNow();
  }

  override next(): void {
    super.next();
    void this.checkNow();
  }

  home(): void {
    this.first();
    this.render();
  }

  end(): void {
    this.last();
    this.render();
  }

  override left(): void {
    super.left();
    this.render();
  }

  override right(): void {
    super.right();
    this.render();
  }

  /** Of several looks that are under way the last begun counts. */
  private async checkNow(): Promise<void> {
    this.look += 1;
    const mine = this.look;
    const fault = await this.options.fault(this.value || this.initial);
    if (mine !== this.look || this.closed || this.done) return;
    this.error = fault !== undefined;
    this.errorMsg = shortened(fault ?? "", this.out.columns);
    this.render();
  }
}

/** Of what is long only the first sentence: the rest is for who has typed all of it. */
function shortened(fault: string, columns: number): string {
  if (fault.length <= mostRowsWhileTyping * (columns - 3)) return fault;
  return /^.*?\.(?= [A-Z])/s.exec(fault)?.[0] ?? fault;
}
