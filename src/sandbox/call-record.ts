import type { Message } from "./ami.ts";

/** Something that happened to a call, by the clock of the phones' Asterisk in ms since 1970. */
export interface Moment {
  what: string;
  at: number;
}

/** What is known of a call at a phone, from the events of its channel. */
export class CallRecord {
  /** Who calls, as this phone's display shows it. Empty in a call that this phone makes. */
  caller = { number: "", name: "" };
  /** The Alert-Info header of an incoming call, which phones choose their ringing by. */
  alertInfo = "";
  /** Why it ended, as a number of Q.850: 16 is an ordinary hang-up, 17 busy, 21 declined. */
  cause: number | undefined;
  readonly moments: Moment[] = [];
  /** Whether sound has arrived since an ear was last put to it. */
  hearing = false;
  protected channel = "";
  /** What its end of the call does, as an extension of the phones' dialplan. */
  protected doing = "";
  protected state: "new" | "ringing" | "up" | "ended" = "new";
  private received = "";

  /** @param dialled the number that this phone called, or by which it was called */
  constructor(readonly dialled: string) {}

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

  /** Keys that the other side has pressed so far. */
  heardKeys(): string {
    return this.received;
  }

  /** Takes in an event. */
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
      case "Newexten":
        this.doing = event.Extension ?? "";
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

  protected note(what: string, at: number): void {
    this.moments.push({ what, at });
  }
}
