import type { Settings } from "./model.ts";

/** Beside what the settings say: prompts, and the digits. */
const spareSeconds = 60;

/**
 * How long a transfer lasts at most, in ms, until the caller talks or is gone: the receiver rings, their line, their mobile;
 * then each recall, for which the caller may have to wait in the transferer's line.
 */
export function longestTransferMs({ general }: Pick<Settings, "general">): number {
  const seconds = (name: "ring_timeout" | "wait_timeout" | "recall_timeout" | "recall_attempts") =>
    Number(general[name]);
  const [ring, wait] = [seconds("ring_timeout"), seconds("wait_timeout")];
  const recalls = seconds("recall_attempts") * (seconds("recall_timeout") + wait);
  return (ring + wait + ring + recalls + spareSeconds) * 1000;
}
