import { contexts } from "../../settings/files";
import { now } from "../clock";
import { reach } from "../directory";
import { seconds } from "../settings";
import { tell } from "./scene";

/**
 * Waits for an extension as in its line, but in none: each call of Queue leaves lines in queue_log, and a rehearsal leaves
 * nothing. Rings it as the line's member does.
 */
export function standIn(extension: string, forSeconds: number): void {
  tell("waits in the line");
  const until = now() + forSeconds * 1000;
  while (reach(extension) === "busy") {
    if (now() >= until) return;
    app.Wait(0.1);
  }
  app.Dial(`Local/${extension}@${contexts.ring}`, seconds("ring_timeout") + 1, "r");
}
