import { setTimeout as sleep } from "node:timers/promises";
import { Problem } from "../errors.ts";
import type { Ami, Message } from "./ami.ts";
import type { Changes } from "./changes.ts";
import type { Act } from "./phones-conf.ts";

/** Something that happened to a call, by the clock of the phones' Asterisk in ms since 1970. */
export interface Moment {
  what: string;
  at: number;
}

/** Milliseconds after which a wait gives up, unless it is told another time. */
export const patience = 5_000;
/** A person keys as fast as this, in ms, when in a hurry. */
const keyLength = 100;
const keyGap = 60;

/** A call as the phone that makes or gets it sees it. */
export class Call {
  /** Who calls, as this phone's display shows it. Empty in a call that this phone makes. */
  caller = { number: "", name: "" };
  /** The Alert-Info header of an incoming call, which phones choose their ringing by. */
  alertInfo = "";
  /** Why it ended, as a number of Q.850: 16 is an ordinary hang-up, 17 busy, 21 declined. */
  cause: number | undefined;
  readonly moments: Moment[] = [];
  private channel = "";
  private state: "new" | "ringing" | "up" | "ended" = "new";
  private listening = false;
  private hearing = false;
  private received = "";

  /** @param dialled the number that this phone called, or by which it was called */
  constructor(
    readonly dialled: string,
    private readonly phone: string,
    private readonly ami: Ami,
    private readonly changes: Changes,
  ) {}

  get isUp(): boolean {
    return this.state === "up";
  }

  get hasEnded(): boolean {
    return this.state === "ended";
  }

  /** When something last happened, in ms since 1970. */
  at(what: string): number | undefined {
    return this.moments.findLast((moment) => moment.what === what)?.at;
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

  /** Keys that the other side has pressed so far. */
  heardKeys(): string {
    return this.received;
  }

  /** Waits until the other side has pressed these keys, all in all. */
  async hearsKeys(digits: string, milliseconds = patience): Promise<void> {
    await this.until(() => this.received === digits, milliseconds, `${digits} from the other side`);
  }

  /** Waits for sound that arrives from now on. */
  async hears(milliseconds = patience): Promise<void> {
    await this.listen();
    await this.until(() => this.hearing, milliseconds, "sound");
  }

  /** Listens for some milliseconds, in which no sound may arrive. */
  async hearsNothing(milliseconds: number): Promise<void> {
    await this.listen();
    await sleep(milliseconds);
    if (this.hearing) throw new Problem(`Phone ${this.phone} hears something.`, "It was to be silent.");
  }

  /** Presses the phone's own transfer button: a REFER, unattended. */
  async refer(number: string): Promise<void> {
    await this.ami.action("Setvar", { Channel: this.channel, Variable: "REFER_TO", Value: number });
    await this.act("refer");
  }

  async hangup(): Promise<void> {
    if (this.hasEnded) return;
    await this.ami.action("Hangup", { Channel: this.channel, Cause: "16" });
    await this.ended();
  }

  /** Takes in an event of this call's channel. */
  take(event: Message): void {
    const note = (what: string) => this.note(what, Number(event.Timestamp) * 1000);
    this.channel ||= event.Channel ?? "";
    switch (event.Event) {
      case "Newchannel":
        note("dials");
        break;
      case "UserEvent":
        this.caller = { number: event.CallerIDNum ?? "", name: event.CallerIDName ?? "" };
        this.alertInfo = event.AlertInfo ?? "";
        note("called");
        break;
      case "Newstate":
        if (event.ChannelStateDesc === "Ringing" || event.ChannelStateDesc === "Ring") this.state = "ringing";
        if (event.ChannelStateDesc === "Up") this.state = "up";
        note(this.isUp ? "answered" : "ringing");
        break;
      case "DTMFEnd":
        this.received += event.Digit ?? "";
        note(`hears key ${event.Digit}`);
        break;
      case "ChannelTalkingStart":
        this.hearing = true;
        note("hears");
        break;
      case "Hangup":
        this.state = "ended";
        this.cause = Number(event.Cause);
        note("ended");
        break;
    }
  }

  /** Has the phone's end of the call do something, from its dialplan. */
  async act(what: Act): Promise<void> {
    await this.ami.action("Redirect", { Channel: this.channel, Context: "acts", Exten: what, Priority: "1" });
  }

  private note(what: string, at: number): void {
    this.moments.push({ what, at });
  }

  /** Begins to listen anew: what was heard before, and may have stopped without a sign, must not count. */
  private async listen(): Promise<void> {
    const set = (how: string, value: string) =>
      this.ami.action("Setvar", { Channel: this.channel, Variable: `TALK_DETECT(${how})`, Value: value });
    if (this.listening) await set("remove", "");
    this.listening = true;
    this.hearing = false;
    // Counted as silent after 1 ms without sound. With a longer time TALK_DETECT would say at the first frame, even a
    // silent one, that somebody talks (func_talkdetect.c: it asks whether the silence is shorter than that).
    await set("set", "1,256");
  }

  private async until(reached: () => boolean, milliseconds: number, what: string): Promise<void> {
    const over = () => this.hasEnded && !reached();
    await this.changes.until(
      () => reached() || over(),
      milliseconds,
      `${what} in the call of phone ${this.phone} with ${this.other}`,
    );
    if (over()) {
      throw new Problem(
        `The call of phone ${this.phone} with ${this.other} ended (cause ${this.cause}) while it waited for: ${what}.`,
        "The logs of the PBX and of the phones tell more.",
      );
    }
  }

  private get other(): string {
    return this.caller.number || this.dialled;
  }
}
