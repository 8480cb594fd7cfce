import type { Listener, Recording } from "./story.ts";

/** Longer pauses of the recording are cut to this, in ms. */
const longestGap = 1_500;
const betweenScenes = 800;

/** Replays a recorded run in real time. */
export async function replay(
  { scenes }: Recording,
  listener: Listener,
  wait: (ms: number) => Promise<unknown>,
): Promise<void> {
  for (const { title, beats } of scenes) {
    await wait(betweenScenes);
    listener.scene(title);
    let last = 0;
    for (const beat of beats) {
      await wait(Math.min(longestGap, beat.at - last));
      last = beat.at;
      listener.beat(beat);
    }
  }
}
