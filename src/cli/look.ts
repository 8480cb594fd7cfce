/** What this terminal can show. */
export interface Look {
  /** Box drawing, ticks and arrows; else plain ASCII. */
  readonly unicode: boolean;
  /** May what was written be written over? Not on `TERM=dumb`. */
  readonly moves: boolean;
  readonly colours: boolean;
}

type Stream = { readonly isTTY?: boolean | undefined };
type Environment = Readonly<Record<string, string | undefined>>;

/** The Linux console has UTF-8, but a font of 256 signs. */
export function lookOf(stream: Stream, env: Environment, wantsColours: boolean): Look {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || "";
  const moves = stream.isTTY === true && env.TERM !== "dumb";
  return {
    unicode: /utf-?8/i.test(locale) && env.TERM !== "linux",
    moves,
    colours: wantsColours && moves && !env.NO_COLOR,
  };
}

/** The signs that are used in lines of text, and what stands for them in ASCII. */
export const signs = {
  done: ["✔", "*"],
  failed: ["✖", "x"],
  barFull: ["█", "#"],
  barEmpty: ["░", "."],
  dash: ["–", "-"],
} as const satisfies Record<string, readonly [string, string]>;

export function sign(name: keyof typeof signs, { unicode }: Look): string {
  return signs[name][unicode ? 0 : 1];
}

/**
 * Breaks text into lines of at most `width` columns at its spaces. What is longer than a line stays whole. A line keeps the
 * spaces that it begins with; those that follow from it are set in by `hang`.
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
