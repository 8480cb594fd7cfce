import AutocompleteMultiselect, { type Option } from "prompts/lib/elements/autocompleteMultiselect.js";
import type { Key } from "prompts/lib/elements/prompt.js";
import clear from "prompts/lib/util/clear.js";
import figures from "prompts/lib/util/figures.js";
import style from "prompts/lib/util/style.js";
import { wrapped } from "../../terminal/abilities.ts";
import type { Paint } from "../../terminal/paint.ts";
import { type Choice, type SomeOf, type Typed, typed } from "./asker.ts";

type Options<T> = Pick<SomeOf<T>, "message" | "sum" | "atLeastOne" | "orTyped"> & {
  readonly choices: readonly (Choice<T> & { readonly selected: boolean })[];
  readonly paint: Paint;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
};

/** Rows that the list leaves free for the question, its keys, the search field and the lines above. */
const otherRows = 7;
const mostOptions = 15;
const hideCursor = "\x1b[?25l";

/** A list with checkboxes. Typing filters it, so that 300 entries stay manageable. */
export class TickList<T> extends AutocompleteMultiselect {
  private readonly options: Options<T>;
  /** The list as it is on the screen. */
  text = "";
  private complaint = "";
  private isTyped = false;

  constructor(options: Options<T>) {
    const rows = options.stdout.rows || 24;
    super({ ...options, optionsPerPage: Math.max(3, Math.min(mostOptions, rows - otherRows)) });
    // The library draws inside its constructor, before our options are set. So set them and draw again.
    this.options = options;
    this.render();
  }

  answer(): readonly T[] | Typed {
    return this.isTyped ? typed : this.ticked().map(({ value }) => value as T);
  }

  private ticked(): Option[] {
    return this.value.filter(({ selected }) => selected);
  }

  override _(text: string | undefined, key: Key): void {
    const isSign = text !== undefined && text >= " " && text !== "\x7f";
    if (!isSign || (text === " " && this.filteredOptions.length === 0)) {
      this.bell();
    } else {
      this.complaint = "";
      super._(text, key);
    }
  }

  /** Ctrl-A: ticks everything shown, or clears it. */
  override first(): void {
    const wanted = this.filteredOptions.some(({ selected }) => !selected);
    for (const option of this.filteredOptions) option.selected = wanted;
    this.complaint = "";
    this.render();
  }

  /** Tab */
  override next(): void {
    this.isTyped = this.options.orTyped === true;
    if (this.isTyped) this.finish();
    else this.bell();
  }

  home(): void {
    this.move(-Number.POSITIVE_INFINITY);
  }

  end(): void {
    this.move(Number.POSITIVE_INFINITY);
  }

  prevPage(): void {
    this.move(-this.optionsPerPage);
  }

  nextPage(): void {
    this.move(this.optionsPerPage);
  }

  /** In the library, left and right tick an entry, and crash if the filter matches nothing. */
  override left(): void {
    this.prevPage();
  }

  override right(): void {
    this.nextPage();
  }

  override up(): void {
    if (this.filteredOptions.length > 0) super.up();
  }

  override down(): void {
    if (this.filteredOptions.length > 0) super.down();
  }

  override submit(): void {
    this.complaint = this.ticked().length === 0 ? (this.options.atLeastOne ?? "") : "";
    if (this.complaint === "") this.finish();
    else this.render();
  }

  override render(): void {
    if (this.closed || this.options === undefined) return;
    if (this.firstRender) this.out.write(hideCursor);
    this.firstRender = false;
    const { message, paint, sum } = this.options;
    const state = this.done
      ? this.isTyped
        ? "as a list"
        : sum(this.ticked().map(({ value }) => value as T))
      : `${this.ticked().length} of ${this.value.length} ticked`;
    const head = `${style.symbol(this.done, this.aborted)} ${paint("bold", message)} ${style.delimiter(false)} ${state}`;
    this.text = this.done ? head : [head, ...this.guide()].join("\n") + this.shown();
    this.out.write(this.clear + this.text);
    this.clear = clear(this.text, this.out.columns);
  }

  override renderOption(cursor: number, { title, selected }: Option, index: number, arrow: string): string {
    const { paint } = this.options;
    const box = selected ? paint("green", figures.radioOn ?? "") : (figures.radioOff ?? "");
    const room = this.out.columns - (figures.radioOn?.length ?? 0) - 4;
    const name = title.slice(0, room).trimEnd();
    return `${box} ${arrow} ${cursor === index ? paint("cyan", paint("underline", name)) : name}`;
  }

  private shown(): string {
    return this.filteredOptions.length === 0 ? "" : this.paginateOptions(this.filteredOptions);
  }

  private guide(): string[] {
    const { paint, orTyped } = this.options;
    const list = orTyped ? ", Tab: type a list instead" : "";
    const keys = `Space ticks, Ctrl-A all or none, typing searches${list}, Enter goes on`;
    const found = this.filteredOptions.length === 0 ? "nothing found" : `${this.filteredOptions.length} found`;
    return [
      ...wrapped(keys, this.out.columns - 3).map((line) => paint("gray", `  ${line}`)),
      ...(this.inputValue === "" ? [] : [`  Search: ${this.inputValue} (${found})`]),
      ...(this.complaint === "" ? [] : [paint("red", `  ${this.complaint}`)]),
    ];
  }

  private move(by: number): void {
    this.cursor = Math.max(0, Math.min(this.filteredOptions.length - 1, this.cursor + by));
    this.render();
  }

  private finish(): void {
    this.done = true;
    this.aborted = false;
    this.render();
    this.out.write("\n");
    this.close();
  }
}
