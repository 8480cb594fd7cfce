import { setTimeout as sleep } from "node:timers/promises";
import type { CallRecord } from "./call-record.ts";
import type { Changes } from "./changes.ts";

/** After so long in vain, in ms, a listener is replaced. */
const listenAnew = 400;
const twoFrames = 40;

/** Whether sound arrives at a phone's end of a call, as Asterisk's TALK_DETECT finds out. */
export class Ear {
  /** @param detect sets TALK_DETECT(how) of the call's channel to a value */
  constructor(
    private readonly call: CallRecord,
    private readonly detect: (how: "set" | "remove", value: string) => Promise<void>,
    private readonly changes: Changes,
  ) {}

  /** Whether sound arrives within some milliseconds from now. What was heard before may have stopped without a sign. */
  async hears(milliseconds: number): Promise<boolean> {
    const deadline = Date.now() + milliseconds;
    this.call.hearing = false;
    for (let left = milliseconds; left > 0 && !this.call.hearing && !this.call.hasEnded; left = deadline - Date.now()) {
      // Counted as silent after 1 ms without sound. With a longer time TALK_DETECT would say at the first frame, even a
      // silent one, that somebody talks (func_talkdetect.c: it asks whether the silence is shorter than that).
      await this.detect("set", "1,256");
      const settled = () => this.call.hearing || this.call.hasEnded;
      await this.changes.until(settled, Math.min(left, listenAnew), "sound").catch(() => {});
      if (this.call.hasEnded) break;
      // A listener stays deaf to a new party whose RTP counts lower than the old one's, and so do those that follow it
      // until a frame has come by while there was none (channel.c: __ast_read drops the empty list of audio hooks).
      await this.detect("remove", "");
      await sleep(twoFrames);
    }
    return this.call.hearing;
  }
}
