import { setTimeout as sleep } from "node:timers/promises";
import type { Call } from "../../sandbox/call.ts";
import { isDesk, isMobile } from "./cast.ts";
import type { Leg, Talk } from "./history.ts";
import { type Act, type CallStory, paces, type Reaction, type Wait } from "./story.ts";
import type { Watch } from "./watch.ts";

const answers: Reaction = { how: "answers", after: 400, accepts: "1" };
const goodbye: Act = { who: "called", after: 700, does: "hangs up" };
/** Whoever keyed or sent something waits so long for what comes of it. */
const atLast: Act = { who: "called", after: 4_500, does: "hangs up" };
/** When a person presses the key on their mobile, and when a voicemail has recorded enough, in ms. */
const toAccept = 1_500;
const voicemail = 12_000;
/** A refused Transfer button is over after this time, in ms. */
const toBeRefused = 800;

/** Plays one call: hands out what its people do, in the order in which things happen to them. */
export class CallPlay {
  private readonly calls = new Map<Leg, Call>();
  private readonly talks = new Set<Talk>();
  private next = { reaction: 0, talk: 0, wait: 0 };

  constructor(
    private readonly story: CallStory,
    private readonly watch: Watch,
  ) {}

  /** This phone's call is at the other end of a leg. */
  holds(leg: Leg, call: Call): void {
    this.calls.set(leg, call);
  }

  isOver(): boolean {
    const legs = this.watch.chronicle.legs.filter(({ call }) => call === this.story.number);
    return legs.length > 0 && legs.every(({ ended }) => ended !== undefined);
  }

  /** Everybody hangs up. */
  async giveUp(): Promise<void> {
    for (const [leg, call] of this.calls) {
      if (leg.ended !== undefined) continue;
      this.did(leg, "gives up");
      await this.hangUp(leg, call);
    }
  }

  nextReaction(): Reaction {
    return this.story.reactions[this.next.reaction++] ?? answers;
  }

  async react(leg: Leg, call: Call, { how, after, accepts }: Reaction): Promise<void> {
    await sleep(after);
    if (call.hasEnded || how === "ignores") return;
    this.did(leg, how);
    if (how === "refuses") await call.act("decline");
    if (how === "is busy") await call.act("busy");
    if (how !== "answers") return;
    await call.act("speak");
    if (isMobile(leg.party)) await this.answerMobile(leg, call, accepts ?? "1");
  }

  private async answerMobile(leg: Leg, call: Call, accepts: string): Promise<void> {
    await sleep(toAccept);
    if (accepts !== "") await this.press(leg, call, accepts, "hurried");
    await sleep(voicemail);
    if (leg.talks.length === 0 && !call.hasEnded) await this.hangUp(leg, call);
  }

  /** Two begin to talk. */
  talk(talk: Talk): void {
    if (this.talks.has(talk)) return;
    this.talks.add(talk);
    const acts = this.story.talks[this.next.talk++] ?? [goodbye];
    const isEnd = acts.at(-1)?.does === "hangs up";
    this.converse(talk, isEnd ? acts : [...acts, atLast]).catch(() => {});
  }

  private async converse(talk: Talk, acts: readonly Act[]): Promise<void> {
    for (const act of acts) {
      await sleep(act.after);
      const leg = talk[act.who];
      const call = this.calls.get(leg);
      if (talk.to !== undefined || leg.ended !== undefined) return;
      // Who has hung up is followed by nobody; who cannot be found here leaves the others to end it.
      if (call !== undefined) await this.act(leg, call, act).catch(() => {});
    }
  }

  private async act(leg: Leg, call: Call, act: Act): Promise<void> {
    const { does, keys = "" } = act;
    if (does === "hangs up") await this.hangUp(leg, call);
    if (does === "keys") await this.press(leg, call, keys, act.pace ?? "hurried");
    if (does === "holds") {
      this.did(leg, "holds");
      await call.act("hold");
      await sleep(act.for ?? 1_000);
      this.did(leg, "takes back");
      await call.act("speak");
    }
    // An outsider's button is Asterisk's own affair.
    if (does === "button" && isDesk(leg.party)) {
      this.did(leg, `sends ${keys}`);
      await call.refer(keys);
      await sleep(toBeRefused);
      // Asterisk may leave it to the phone to end the call (res_pjsip_refer.c).
      if (leg.ended !== undefined) await call.drop();
      else if (!call.hasEnded) await call.act("speak");
    }
  }

  /** A caller was passed on. */
  wait(leg: Leg): void {
    const wait: Wait | undefined = this.story.waits[this.next.wait++];
    if (wait !== undefined) this.bear(leg, wait).catch(() => {});
  }

  private async bear(leg: Leg, { after, does, keys = "" }: Wait): Promise<void> {
    await sleep(after);
    const call = this.calls.get(leg);
    if (call === undefined || leg.ended !== undefined) return;
    if (does === "hangs up") await this.hangUp(leg, call);
    if (does === "keys") await this.press(leg, call, keys, "hurried");
  }

  private async press(leg: Leg, call: Call, keys: string, pace: keyof typeof paces): Promise<void> {
    this.did(leg, `keys ${keys}`);
    await call.keys(keys, paces[pace]);
  }

  private async hangUp(leg: Leg, call: Call): Promise<void> {
    this.did(leg, "hangs up");
    await call.drop();
  }

  private did(leg: Leg, act: string): void {
    this.watch.note(leg, { what: "acts", act });
  }
}
