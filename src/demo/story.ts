/** Who has a column of his own. */
export interface Party {
  readonly number: string;
  readonly name: string;
}

/** Something that happens between the parties. */
export interface Beat {
  /** Milliseconds since its scene began. */
  readonly at: number;
  /**
   * What is drawn: `from` calls `to`, talks with `to`, presses keys, hears something, or has hung up, as has `to` if there is
   * one.
   */
  readonly how: "calls" | "talks" | "keys" | "hears" | "ends";
  readonly from: string;
  readonly to?: string;
  /** Which keys are pressed. */
  readonly keys?: string;
  readonly says: string;
}

export interface Scene {
  readonly title: string;
  readonly beats: readonly Beat[];
}

/** A run of the demo, as it is recorded for machines that cannot run it. */
export interface Recording {
  /** The version of the Asterisk. */
  readonly asterisk: string;
  readonly parties: readonly Party[];
  readonly scenes: readonly Scene[];
}

/** Who is told a story while it happens. */
export interface Listener {
  scene(title: string): void;
  beat(beat: Beat): void;
}

/** Puts a story together again. */
export class Recorder implements Listener {
  readonly scenes: { title: string; beats: Beat[] }[] = [];

  scene(title: string): void {
    this.scenes.push({ title, beats: [] });
  }

  beat(beat: Beat): void {
    this.scenes.at(-1)?.beats.push(beat);
  }
}
