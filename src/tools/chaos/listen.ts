import { setTimeout as sleep } from "node:timers/promises";

/** How long one listener listens, and for how long there is none, in ms: see sandbox/ear.ts, why it must be replaced. */
const turn = 800;
const twoFrames = 40;

/** A phone's end of a call. */
export interface Post {
  /** Sets TALK_DETECT(how) to a value. */
  detect(how: "set" | "remove", value: string): Promise<void>;
  isThere(): boolean;
  /** Forgets what was heard. */
  forget(): void;
  hasHeard(): boolean;
  tell(sound: boolean, since: number): void;
}

/** Tells again and again, until the call is over, whether there was sound. */
export async function listen(post: Post): Promise<void> {
  while (post.isThere()) {
    const since = Date.now();
    post.forget();
    try {
      await post.detect("set", "1,256");
      await sleep(turn);
      await post.detect("remove", "");
    } catch {
      // The call is over.
      return;
    }
    post.tell(post.hasHeard(), since);
    await sleep(twoFrames);
  }
}
