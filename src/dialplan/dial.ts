import { dialString } from "./directory";
import { seconds, setting } from "./settings";

/** DIALSTATUS of a call that nobody took; `NOPHONE`: there was nothing to ring. */
export type Unanswered = "NOANSWER" | "BUSY" | "CONGESTION" | "CHANUNAVAIL" | "NOPHONE" | string;

/** Rings all phones of an extension. Comes back only when nobody answered: Dial ends the call of an answered one itself. */
export function dial(extension: string, timeout: "ring_timeout" | "recall_timeout", options = ""): Unanswered {
  const phones = dialString(extension);
  if (phones === "") return "NOPHONE";
  app.Dial(phones, seconds(timeout), hears() + options);
  return channel.DIALSTATUS.get() ?? "";
}

/** Dial's option for what the caller hears: on a call already answered, Dial with neither would leave him in silence. */
function hears(): string {
  return setting("hear") === "music" ? `m(${setting("music_class")})` : "r";
}

/** Lets the caller wait without silence. */
export function holdOn(forSeconds: number): void {
  if (setting("hear") === "music") {
    app.MusicOnHold(setting("music_class"), forSeconds);
  } else {
    app.Playtones("ring");
    app.Wait(forSeconds);
    app.StopPlaytones();
  }
}
