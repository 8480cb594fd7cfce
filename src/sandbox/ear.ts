import { setTimeout as sleep } from "node:timers/promises";
import type { CallRecord } from "./call-record.ts";
import type { Changes } from "./changes.ts";

/** A listener that heard nothing for this long, in ms, is replaced. */
const listenAnew = 400;
const twoFrames = 40;

/** Detects sound at a phone's end of a call, with Asterisk's TALK_DETECT. */
export class Ear {
  /** @param detect sets TALK_DETECT(how) of the call's channel to a value */
  constructor(
    private readonly call: CallRecord,
    private readonly detect: (how: "set" | "remove", value: string) => Promise<void>,
    private readonly changes: Changes,
  ) {}

  /** Whether sound arrives within some milliseconds from now. Earlier sound may have ended without an event. */
  async hears(milliseconds: number): Promise<boolean> {
    const deadline = Date.now() + milliseconds;
    this.call.hearing = false;
    for (let left = milliseconds; left > 0 && !this.call.hearing && !this.call.hasEnded; left = deadline - Date.now()) {
      // Silence counts after 1 ms. With a longer threshold TALK_DETECT would report talking at the first frame, even a
      // silent one (func_talkdetect.c compares the silence with the threshold).
      await this.detect("set", "1,256");
      const settled = () => this.call.hearing || this.call.hasEnded;
      await this.changes.until(settled, Math.min(left, listenAnew), "sound").catch(() => {});
      if (this.call.hasEnded) break;
      // A listener does not hear a new party whose RTP timestamps are lower than the old party's. A replacement stays
      // deaf too, until a frame has passed while there was no listener (channel.c: __ast_read removes the empty list of
      // audio hooks).
      await this.detect("remove", "");
      await sleep(twoFrames);
    }
    return this.call.hearing;
  }
}
