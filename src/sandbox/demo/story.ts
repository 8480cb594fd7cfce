/** Somebody with a column of their own. */
export interface Party {
  readonly number: string;
  readonly name: string;
  /** The node where their phone is, if there are several. */
  readonly node?: string;
}

/** An event between parties. */
export interface Beat {
  /** Milliseconds since the scene began. */
  readonly at: number;
  /**
   * What to draw. `from` calls `to`, talks with `to`, presses keys, hears something, or has hung up. If `to` is set,
   * that party has hung up too.
   */
  readonly how: "calls" | "talks" | "keys" | "hears" | "ends";
  readonly from: string;
  readonly to?: string;
  /** The pressed keys. */
  readonly keys?: string;
  readonly says: string;
}

export interface Scene {
  readonly title: string;
  readonly beats: readonly Beat[];
}

/** A recorded run of the demo, for machines that cannot run it. */
export interface Recording {
  /** The version of Asterisk. */
  readonly asterisk: string;
  readonly parties: readonly Party[];
  readonly scenes: readonly Scene[];
}

/** Receives the story as it happens. */
export interface Listener {
  scene(title: string): void;
  beat(beat: Beat): void;
}

/** Records a story. */
export class Recorder implements Listener {
  readonly scenes: { title: string; beats: Beat[] }[] = [];

  scene(title: string): void {
    this.scenes.push({ title, beats: [] });
  }

  beat(beat: Beat): void {
    this.scenes.at(-1)?.beats.push(beat);
  }
}
