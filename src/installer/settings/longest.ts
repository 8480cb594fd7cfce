import type { Settings } from "./model.ts";

/** Time for prompts and digits, which no setting limits. */
const spareSeconds = 60;

/**
 * The longest possible transfer in ms, until the caller is answered or gone: the receiver rings, the caller waits in
 * line, the mobile rings; then each recall, for which the caller may wait in the transferer's line.
 */
export function longestTransferMs({ general }: Pick<Settings, "general">): number {
  const seconds = (name: "ring_timeout" | "wait_timeout" | "recall_timeout" | "recall_attempts") =>
    Number(general[name]);
  const [ring, wait] = [seconds("ring_timeout"), seconds("wait_timeout")];
  const recalls = seconds("recall_attempts") * (seconds("recall_timeout") + wait);
  return (ring + wait + ring + recalls + spareSeconds) * 1000;
}
