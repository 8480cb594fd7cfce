import { type Look, sign } from "./look.ts";
import type { Paint } from "./paint.ts";

/** A work that is under way, one step after the other. */
export interface Work {
  /** Begins a step; the one before it is done. */
  next(title: string): void;
  /** What the step is at, and how much of it is done, from 0 to 1, where that is known. */
  at(what: string, part?: number): void;
  /** The work is over: the last step is done, or is what failed. */
  end(how: "done" | "failed"): void;
}

/** What a work is shown on. */
export interface Canvas {
  readonly look: Look;
  readonly paint: Paint;
  readonly columns: number;
  write(text: string): void;
}

const spinner = {
  unicode: ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"],
  ascii: ["|", "/", "-", "\\"],
} as const;
const frameMs = 80;
const barWidth = 24;
/** From this on a step tells how long it takes, in seconds. */
const longStep = 5;
const eraseLine = "\r\x1b[K";

/** A spinner or bar in one line that is written over and over, and a line for each step that is done. */
export function movingWork({ look, paint, columns, write }: Canvas): Work {
  const frames = look.unicode ? spinner.unicode : spinner.ascii;
  const began = Date.now();
  let step: { title: string; what: string; part: number | undefined; since: number } | undefined;
  let timer: NodeJS.Timeout | undefined;
  const draw = () => {
    if (step === undefined) return;
    const frame = frames[Math.floor((Date.now() - began) / frameMs) % frames.length] ?? "";
    const bar = step.part === undefined ? "" : `${barOf(step.part, look)} ${percent(step.part)} `;
    const seconds = Math.floor((Date.now() - step.since) / 1000);
    const told = bar + step.what + (seconds < longStep ? "" : ` (${seconds} s)`);
    // Never wider than the terminal, or it could not be taken back.
    write(`${eraseLine}${paint("cyan", frame)} ${told.slice(0, Math.max(0, columns - 3))}`);
  };
  const finish = (how: "done" | "failed") => {
    if (step) write(`${eraseLine}${paint(how === "done" ? "green" : "red", sign(how, look))} ${step.title}\n`);
    step = undefined;
  };
  return {
    next(title) {
      finish("done");
      step = { title, what: title, part: undefined, since: Date.now() };
      timer ??= setInterval(draw, frameMs);
      draw();
    },
    at(what, part) {
      if (step) step = { ...step, what, part };
    },
    end(how) {
      clearInterval(timer);
      finish(how);
    },
  };
}

/** A line as each step begins, for logs and files, and for what it is at where it cannot be told how much is done. */
export function plainWork(write: Canvas["write"]): Work {
  return {
    next: (title) => write(`${title}\n`),
    at: (what, part) => {
      if (part === undefined) write(`  ${what}\n`);
    },
    end() {},
  };
}

export const silentWork: Work = { next() {}, at() {}, end() {} };

function percent(part: number): string {
  return `${String(Math.round(part * 100)).padStart(3)} %`;
}

function barOf(part: number, look: Look): string {
  const full = Math.round(Math.min(1, Math.max(0, part)) * barWidth);
  return sign("barFull", look).repeat(full) + sign("barEmpty", look).repeat(barWidth - full);
}
