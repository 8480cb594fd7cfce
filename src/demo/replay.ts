import type { Listener, Recording } from "./story.ts";

/** Nobody wants to wait for somebody else's telephone longer than this, in ms. */
const longestGap = 1_500;
const betweenScenes = 800;

/** Tells a recorded run in its own time. */
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
