import type { Key } from "prompts/lib/elements/prompt.js";
import Text from "prompts/lib/elements/text.js";
import clear from "prompts/lib/util/clear.js";
import type { Line } from "./asker.ts";

type Options = Line & { readonly stdin: NodeJS.ReadStream; readonly stdout: NodeJS.WriteStream };

/** A line of text that is checked at each key. */
export class Field extends Text {
  private readonly fault: Line["fault"];
  private look = 0;

  constructor({ fault, edited, ...options }: Options) {
    super({ ...options, validate: async (text: string) => (await fault(text)) ?? true });
    this.fault = fault;
    if (!edited || options.initial === "") return;
    this.value = options.initial;
    this.cursor = options.initial.length;
    this.render();
  }

  /** What takes it off the screen: the cursor stands in its first row, the fault below. */
  erasure(): string {
    const { columns } = this.out;
    const rows = this.outputError.split("\n").length - 1;
    const down = rows > 0 ? `\x1b[${rows}B` : "";
    return down + clear(`${this.outputText}${"\n".repeat(rows)}`, columns);
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

  /** Of several looks that are under way the last begun counts. */
  private async checkNow(): Promise<void> {
    this.look += 1;
    const mine = this.look;
    const fault = await this.fault(this.value || this.initial);
    if (mine !== this.look || this.closed || this.done) return;
    this.error = fault !== undefined;
    this.errorMsg = fault ?? "";
    this.render();
  }
}
