import type { Message } from "./ami.ts";

/** An event of a call, in ms since 1970 by the clock of the phones' Asterisk. */
export interface CallEvent {
  what: string;
  at: number;
}

/** Everything known about a call at a phone, from the events of its channel. */
export class CallRecord {
  /** The caller as the phone displays them. Empty for outgoing calls. */
  caller = { number: "", name: "" };
  /** The Alert-Info header of an incoming call, by which phones choose a ringtone. */
  alertInfo = "";
  /** The Q.850 cause of its end: 16 is an ordinary hangup, 17 busy, 21 declined. */
  cause: number | undefined;
  readonly moments: CallEvent[] = [];
  /** Whether sound has arrived since the last time we began to listen. */
  hearing = false;
  /** The name of its channel at the phones' Asterisk. */
  channel = "";
  /** What the phone is doing in this call: an extension of the phones' dialplan. */
  protected doing = "";
  protected state: "new" | "ringing" | "up" | "ended" = "new";
  private received = "";

  /** @param dialled the number that this phone called, or that the caller used to reach it */
  constructor(readonly dialled: string) {}

  get isUp(): boolean {
    return this.state === "up";
  }

  get hasEnded(): boolean {
    return this.state === "ended";
  }

  /** When an event last happened, in ms since 1970. */
  at(what: string): number | undefined {
    return this.moments.findLast((moment) => moment.what === what)?.at;
  }

  /** The keys that the other side has pressed so far. */
  heardKeys(): string {
    return this.received;
  }

  /** Records an event. */
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
