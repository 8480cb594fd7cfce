// The parts of `prompts` that we import one by one. Its main entry loads every element and hides the key handlers.

declare module "prompts/lib/elements/prompt.js" {
  import type { EventEmitter } from "node:events";

  export interface Key {
    readonly name?: string;
    readonly ctrl?: boolean;
  }

  export default class Prompt extends EventEmitter {
    readonly out: NodeJS.WriteStream;
    readonly in: NodeJS.ReadStream;
    firstRender: boolean;
    done: boolean;
    aborted: boolean;
    exited: boolean;
    closed: boolean;
    close(): void;
    bell(): void;
    fire(): void;
    render(): void;
    /** Esc */
    exit(): void;
    /** Ctrl-C and Ctrl-D */
    abort(): void;
    submit(): void;
    /** Any key without a meaning of its own. */
    _(text: string | undefined, key: Key): void;
  }
}

declare module "prompts/lib/elements/select.js" {
  import Prompt from "prompts/lib/elements/prompt.js";

  export default class SelectPrompt extends Prompt {
    constructor(options: object);
    value: unknown;
    outputText: string;
  }
}

declare module "prompts/lib/elements/text.js" {
  import Prompt from "prompts/lib/elements/prompt.js";

  export default class TextPrompt extends Prompt {
    constructor(options: object);
    value: string;
    initial: string;
    cursor: number;
    rendered: string;
    error: boolean;
    errorMsg: string;
    outputText: string;
    outputError: string;
    validate(): Promise<void>;
    first(): void;
    last(): void;
    next(): void;
    left(): void;
    right(): void;
    delete(): void;
    deleteForward(): void;
  }
}

declare module "prompts/lib/elements/autocompleteMultiselect.js" {
  import Prompt from "prompts/lib/elements/prompt.js";

  export interface Option {
    readonly title: string;
    readonly value: unknown;
    selected: boolean;
  }

  export default class AutocompleteMultiselectPrompt extends Prompt {
    constructor(options: object);
    value: Option[];
    filteredOptions: Option[];
    inputValue: string;
    cursor: number;
    optionsPerPage: number;
    clear: string;
    msg: string;
    first(): void;
    last(): void;
    next(): void;
    up(): void;
    down(): void;
    left(): void;
    right(): void;
    delete(): void;
    paginateOptions(options: readonly Option[]): string;
    renderOption(cursor: number, option: Option, index: number, arrow: string): string;
    handleSpaceToggle(): void;
    updateFilteredOptions(): void;
  }
}

declare module "prompts/lib/util/figures.js" {
  const figures: Record<string, string>;
  export default figures;
}

declare module "prompts/lib/util/clear.js" {
  /** The terminal codes that erase a text written from the start of a line. */
  export default function clear(text: string, columns: number): string;
}

declare module "prompts/lib/util/style.js" {
  const style: {
    symbol(done: boolean, aborted: boolean): string;
    delimiter(completing: boolean): string;
  };
  export default style;
}
