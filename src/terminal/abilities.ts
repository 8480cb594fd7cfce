/** What this terminal can show. */
export interface Abilities {
  /** Box drawing, check marks and arrows. Otherwise plain ASCII. */
  readonly unicode: boolean;
  /** Text can be overwritten. Not on `TERM=dumb`. */
  readonly moves: boolean;
  readonly colours: boolean;
}

type Stream = { readonly isTTY?: boolean | undefined };
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Detects what a stream can show. The Linux console (TERM=linux) supports UTF-8, but its font has only 256 characters.
 */
export function abilitiesOf(stream: Stream, env: Environment, wantsColours: boolean): Abilities {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || "";
  const moves = stream.isTTY === true && env.TERM !== "dumb";
  return {
    unicode: /utf-?8/i.test(locale) && env.TERM !== "linux",
    moves,
    colours: wantsColours && moves && !env.NO_COLOR,
  };
}

/** Symbols used in text, and their ASCII replacements. */
export const signs = {
  done: ["✔", "*"],
  failed: ["✖", "x"],
  barFull: ["█", "#"],
  barEmpty: ["░", "."],
  dash: ["–", "-"],
} as const satisfies Record<string, readonly [string, string]>;

export function sign(name: keyof typeof signs, { unicode }: Abilities): string {
  return signs[name][unicode ? 0 : 1];
}

/**
 * Wraps text at spaces to at most `width` columns. Longer words stay whole. A line keeps its own indentation; its
 * continuation lines are indented by `hang` more.
 */
export function wrapped(text: string, width: number, hang = 0): string[] {
  return text.split("\n").flatMap((paragraph) => {
    const [, indent = "", words = ""] = /^( *)(.*)$/.exec(paragraph) ?? [];
    const lines = [indent];
    for (const word of words.split(" ")) {
      const line = lines.at(-1) ?? "";
      if (line.trim() === "") lines[lines.length - 1] = line + word;
      else if (line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`;
      else lines.push(" ".repeat(hang) + word);
    }
    return lines;
  });
}
