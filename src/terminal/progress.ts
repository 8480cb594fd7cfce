import { type Abilities, sign } from "./abilities.ts";
import type { Paint } from "./paint.ts";

/** The progress of a task, step by step. */
export interface Work {
  /** Starts a step, and marks the previous one as done. */
  next(title: string): void;
  /** Reports a detail of the current step and, if known, how much is done, from 0 to 1. */
  at(what: string, part?: number): void;
  /** Ends the task. The last step is marked as done or as failed. */
  end(how: "done" | "failed"): void;
}

/** Where progress is drawn. */
export interface Canvas {
  readonly abilities: Abilities;
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
/** A step that takes longer than this, in seconds, shows its duration. */
const longStep = 5;
const eraseLine = "\r\x1b[K";

/** Redraws one line with a spinner or bar, and leaves one line per finished step. */
export function movingWork({ abilities, paint, columns, write }: Canvas): Work {
  const frames = abilities.unicode ? spinner.unicode : spinner.ascii;
  const began = Date.now();
  let step: { title: string; what: string; part: number | undefined; since: number } | undefined;
  let timer: NodeJS.Timeout | undefined;
  const draw = () => {
    if (step === undefined) return;
    const frame = frames[Math.floor((Date.now() - began) / frameMs) % frames.length] ?? "";
    const bar = step.part === undefined ? "" : `${barOf(step.part, abilities)} ${percent(step.part)} `;
    const seconds = Math.floor((Date.now() - step.since) / 1000);
    const told = bar + step.what + (seconds < longStep ? "" : ` (${seconds} s)`);
    // A line wider than the terminal would wrap, and could not be erased.
    write(`${eraseLine}${paint("cyan", frame)} ${told.slice(0, Math.max(0, columns - 3))}`);
  };
  const finish = (how: "done" | "failed") => {
    if (step) write(`${eraseLine}${paint(how === "done" ? "green" : "red", sign(how, abilities))} ${step.title}\n`);
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

/** Prints one line as each step begins. For logs and files, where nothing can be redrawn. */
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

function barOf(part: number, abilities: Abilities): string {
  const full = Math.round(Math.min(1, Math.max(0, part)) * barWidth);
  return sign("barFull", abilities).repeat(full) + sign("barEmpty", abilities).repeat(barWidth - full);
}
