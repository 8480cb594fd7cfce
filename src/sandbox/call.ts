import { setTimeout as sleep } from "node:timers/promises";
import { Problem } from "../errors.ts";
import type { Ami } from "./ami.ts";
import { CallRecord } from "./call-record.ts";
import type { Changes } from "./changes.ts";
import { Ear } from "./ear.ts";
import type { Act } from "./phones-conf.ts";

/** Milliseconds after which a wait gives up, unless it is told another time. */
export const patience = 5_000;
/** A person keys as fast as this, in ms, when in a hurry. */
const keyLength = 100;
const keyGap = 60;
const seeLogs = "The logs of the PBX and of the phones tell more.";

/** What the calls of one Asterisk have in common. */
export interface CallSurroundings {
  changes: Changes;
  /** Waits until the PBX has done what it was about. */
  calm(): Promise<void>;
}

/** A call at a phone, and what its user can do with it. */
export class Call extends CallRecord {
  private acting: Promise<void> = Promise.resolve();
  private readonly ear: Ear;

  constructor(
    dialled: string,
    private readonly phone: string,
    private readonly ami: Ami,
    private readonly surroundings: CallSurroundings,
  ) {
    super(dialled);
    this.ear = new Ear(this, (how, value) => this.set(`TALK_DETECT(${how})`, value), surroundings.changes);
  }

  /** Lifts the receiver. */
  async answer(): Promise<void> {
    await this.act("silent");
    await this.answered();
  }

  /** Presses the button that refuses a call: the PBX gets 603. */
  async decline(): Promise<void> {
    await this.act("decline");
  }

  /** Waits until the other side has begun to ring. */
  async ringing(milliseconds = patience): Promise<void> {
    await this.until(() => this.state !== "new", milliseconds, "ringing");
  }

  /** Waits until one of the two has answered. */
  async answered(milliseconds = patience): Promise<void> {
    await this.until(() => this.isUp, milliseconds, "answer");
  }

  /** Waits until the call is over, and gives the cause. */
  async ended(milliseconds = patience): Promise<number | undefined> {
    await this.until(() => this.hasEnded, milliseconds, "end");
    return this.cause;
  }

  /** Talks from now on, in a tone. */
  async speak(): Promise<void> {
    await this.act("speak");
  }

  /** Says nothing from now on, as a call begins. */
  async silent(): Promise<void> {
    await this.act("silent");
  }

  /** Presses keys one after the other, as RFC 4733 digits. */
  async keys(digits: string): Promise<void> {
    for (const digit of digits) {
      // The answer comes when the key is let go; there is no event for digits sent.
      await this.ami.action("PlayDTMF", { Channel: this.channel, Digit: digit, Duration: String(keyLength) });
      this.note(`presses ${digit}`, Date.now());
      await sleep(keyGap);
    }
  }

  /**
   * Waits until the other side has pressed these keys, all in all. For 500 ms after a phone has pressed a key itself it takes
   * those that it hears for an echo, and counts some twice (res_rtp_asterisk.c: dtmfmute).
   */
  async hearsKeys(digits: string, milliseconds = patience): Promise<void> {
    await this.until(() => this.heardKeys() === digits, milliseconds, `${digits} from the other side`);
  }

  /** Waits for sound that arrives from now on. */
  async hears(milliseconds = patience): Promise<void> {
    if (await this.ear.hears(milliseconds)) return;
    throw new Problem(`After ${milliseconds} ms still no sound in ${this.name}.`, seeLogs);
  }

  /** Listens for some milliseconds, in which no sound may arrive. */
  async hearsNothing(milliseconds: number): Promise<void> {
    if (await this.ear.hears(milliseconds)) throw new Problem(`There is sound in ${this.name}.`, seeLogs);
  }

  /** Presses the phone's own transfer button: a REFER, unattended. */
  async refer(number: string): Promise<void> {
    await this.set("REFER_TO", number);
    await this.act("refer");
  }

  /** Presses it to connect the other party with that of a second call of this phone: a REFER that replaces it, attended. */
  async connect(second: Call): Promise<void> {
    const [id = "", remote, local] = await Promise.all(
      ["call-id", "remote_tag", "local_tag"].map((item) => second.get(`CHANNEL(pjsip,${item})`)),
    );
    await this.set("REFER_TO", second.dialled);
    await this.set("REPLACES", encodeURIComponent(`${id};to-tag=${remote};from-tag=${local}`));
    await this.act("connect");
  }

  /**
   * Hangs up, but not in the millisecond in which the PBX tells this phone something, such as that the other one rings: the
   * PBX would complain of the session that is gone (chan_pjsip.c, update_connected_line_information).
   */
  async hangup(): Promise<void> {
    if (this.hasEnded) return;
    await this.surroundings.calm();
    // The other side may have hung up this very moment: then there is no such channel any more.
    await this.ami.action("Hangup", { Channel: this.channel, Cause: "16" }).catch(() => {});
    await this.ended();
  }

  /** Has the phone's end of the call do something, from its dialplan; resolves when it has begun. */
  act(what: Act): Promise<void> {
    const next = async () => {
      this.doing = "";
      await this.redirect(what);
      await this.until(() => this.doing === what, patience, `"${what}"`);
    };
    // One after the other: Asterisk refuses to redirect a channel that has not got where it was redirected before.
    this.acting = this.acting.catch(() => {}).then(next);
    return this.acting;
  }

  /** On a busy machine the channel is still on its way a moment after it has said where it is: it is asked again. */
  private async redirect(what: Act): Promise<void> {
    const deadline = Date.now() + patience;
    while (true) {
      try {
        await this.ami.action("Redirect", { Channel: this.channel, Context: "acts", Exten: what, Priority: "1" });
        return;
      } catch (error) {
        const mayPass = error instanceof Problem && error.message.includes("channel not up");
        if (!mayPass || this.hasEnded || Date.now() > deadline) throw error;
        await sleep(10);
      }
    }
  }

  private async set(variable: string, value: string): Promise<void> {
    await this.ami.action("Setvar", { Channel: this.channel, Variable: variable, Value: value });
  }

  private async get(variable: string): Promise<string> {
    return (await this.ami.action("Getvar", { Channel: this.channel, Variable: variable })).Value ?? "";
  }

  /** Waits for something that a call that has ended cannot come to any more. */
  private async until(reached: () => boolean, milliseconds: number, what: string): Promise<void> {
    const over = () => this.hasEnded && !reached();
    await this.surroundings.changes.until(() => reached() || over(), milliseconds, `${what} in ${this.name}`);
    if (over()) throw new Problem(`There was no ${what} in ${this.name}: it ended (cause ${this.cause}).`, seeLogs);
  }

  private get name(): string {
    return `the call of phone ${this.phone} with ${this.caller.number || this.dialled}`;
  }
}

/**
 * Both hear each other. Who hangs up before they can finds Asterisk still at work on the answer, and it complains of the
 * session that is gone (chan_pjsip.c, update_connected_line_information) or of the Gosub cut short (app_stack.c).
 */
export async function talking(one: Call, other: Call): Promise<void> {
  await one.speak();
  await other.hears();
  await one.silent();
  await other.speak();
  await one.hears();
  await other.silent();
}
