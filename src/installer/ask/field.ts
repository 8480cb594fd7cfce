import type { Key } from "prompts/lib/elements/prompt.js";
import Text from "prompts/lib/elements/text.js";
import figures from "prompts/lib/util/figures.js";
import style from "prompts/lib/util/style.js";
import { wrapped } from "../../terminal/abilities.ts";
import type { Paint } from "../../terminal/paint.ts";
import type { TextQuestion } from "./asker.ts";

type Options = TextQuestion & {
  readonly paint: Paint;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
};

const mostRowsWhileTyping = 2;

/** A text field that checks its content at every key. */
export class Field extends Text {
  /** The field as it is on the screen. */
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
    // The library draws inside its constructor, before our options are set. So draw again.
    this.render();
  }

  /** The terminal codes that erase the field. */
  erasure(): string {
    return `${this.cursorRow > 0 ? `\x1b[${this.cursorRow}A` : ""}\r\x1b[J`;
  }

  /**
   * The library saves and restores an absolute cursor position, which is wrong after the fault text scrolls the screen.
   * This moves the cursor relatively, by rows.
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
    // Four cells: the symbol and the delimiter, each with a space. One more: the cursor after the last letter.
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
    // The library would insert a key without a character, such as F1, as the word "undefined".
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

  /** Checks run in parallel; only the result of the latest one counts. */
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

/** Shortens a long fault to its first sentence while the admin types. Enter shows all of it. */
function shortened(fault: string, columns: number): string {
  if (fault.length <= mostRowsWhileTyping * (columns - 3)) return fault;
  return /^.*?\.(?= [A-Z])/s.exec(fault)?.[0] ?? fault;
}
