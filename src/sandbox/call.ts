import { setTimeout as sleep } from "node:timers/promises";
import { Problem } from "../terminal/problem.ts";
import type { Ami } from "./ami.ts";
import { CallRecord } from "./call-record.ts";
import type { Changes } from "./changes.ts";
import { Ear } from "./ear.ts";
import type { Act } from "./phones-conf.ts";

/** The default timeout of a wait, in ms. */
export const patience = 5_000;
/** The length of a key press and the pause after it, in ms: a person in a hurry. */
const inAHurry = { length: 100, gap: 60 };
const seeLogs = "The logs of the PBX and of the phones tell more.";

/** What all calls of one Asterisk share. */
export interface CallSurroundings {
  changes: Changes;
  /** Waits until the PBX has nothing left to do. */
  calm(): Promise<void>;
}

/** A call at a phone, and everything that its user can do with it. */
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

  /** Waits until the call is over, and returns the cause. */
  async ended(milliseconds = patience): Promise<number | undefined> {
    await this.until(() => this.hasEnded, milliseconds, "end");
    return this.cause;
  }

  /** Starts to talk: plays a tone. */
  async speak(): Promise<void> {
    await this.act("speak");
  }

  /** Stops talking. A call begins in silence. */
  async silent(): Promise<void> {
    await this.act("silent");
  }

  /** Presses keys one after another, as RFC 4733 digits. */
  async keys(digits: string, { length, gap } = inAHurry): Promise<void> {
    for (const digit of digits) {
      // The response comes when the key is released; Asterisk sends no event for sent digits.
      await this.ami.action("PlayDTMF", { Channel: this.channel, Digit: digit, Duration: String(length) });
      this.note(`presses ${digit}`, Date.now());
      await sleep(gap);
    }
  }

  /**
   * Waits until the other side has pressed these keys in total. For 500 ms after a phone pressed a key itself, it
   * ignores received keys as an echo, and counts some twice (dtmfmute in res_rtp_asterisk.c).
   */
  async hearsKeys(digits: string, milliseconds = patience): Promise<void> {
    await this.until(() => this.heardKeys() === digits, milliseconds, `${digits} from the other side`);
  }

  /** Waits for sound from now on. */
  async hears(milliseconds = patience): Promise<void> {
    if (await this.ear.hears(milliseconds)) return;
    throw new Problem(`After ${milliseconds} ms still no sound in ${this.name}.`, seeLogs);
  }

  /** Listens for some milliseconds. Throws if any sound arrives. */
  async hearsNothing(milliseconds: number): Promise<void> {
    if (await this.ear.hears(milliseconds)) throw new Problem(`There is sound in ${this.name}.`, seeLogs);
  }

  /** Presses the phone's own transfer button: a REFER, unattended. */
  async refer(number: string): Promise<void> {
    await this.set("REFER_TO", number);
    await this.act("refer");
  }

  /**
   * Connects the other party with that of a second call of this phone, by its transfer button: a REFER with Replaces,
   * attended.
   */
  async connect(second: Call): Promise<void> {
    const [id = "", remote, local] = await Promise.all(
      ["call-id", "remote_tag", "local_tag"].map((item) => second.get(`CHANNEL(pjsip,${item})`)),
    );
    await this.set("REFER_TO", second.dialled);
    await this.set("REPLACES", encodeURIComponent(`${id};to-tag=${remote};from-tag=${local}`));
    await this.act("connect");
  }

  /**
   * Hangs up, but not while the PBX is sending this phone a message, for instance that the other party rings: the PBX
   * would log an error about the ended session (chan_pjsip.c, update_connected_line_information).
   */
  async hangup(): Promise<void> {
    if (this.hasEnded) return;
    await this.surroundings.calm();
    await this.drop();
  }

  /** Hangs up at once, whatever the PBX is doing. */
  async drop(): Promise<void> {
    if (this.hasEnded) return;
    // If the other side hangs up at the same moment, the channel no longer exists.
    await this.ami.action("Hangup", { Channel: this.channel, Cause: "16" }).catch(() => {});
    await this.ended();
  }

  /** Makes the phone do something, by its dialplan. Resolves when it has begun. */
  act(what: Act): Promise<void> {
    const next = async () => {
      this.doing = "";
      await this.redirect(what);
      await this.until(() => this.doing === what, patience, `"${what}"`);
    };
    // One at a time: Asterisk refuses to redirect a channel that has not yet arrived where the last redirect sent it.
    this.acting = this.acting.catch(() => {}).then(next);
    return this.acting;
  }

  /**
   * Redirects the channel, and tries again: on a busy machine a channel may still be on its way just after it reported
   * its place.
   */
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

  /** Waits for something, and fails at once if the call ends first. */
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
 * Waits until both hear each other. Otherwise a hangup would find Asterisk still processing the answer, and it would
 * log an error about the ended session (chan_pjsip.c, update_connected_line_information) or the interrupted Gosub
 * (app_stack.c).
 */
export async function talking(one: Call, other: Call): Promise<void> {
  await one.speak();
  await other.hears();
  await one.silent();
  await other.speak();
  await one.hears();
  await other.silent();
}
