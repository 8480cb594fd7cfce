import { setTimeout as sleep } from "node:timers/promises";
import { Ami, type Login, type Message } from "../../sandbox/ami.ts";
import type { Call } from "../../sandbox/call.ts";
import { Changes } from "../../sandbox/changes.ts";
import type { Event, LegEvent } from "./event.ts";
import { Chronicle, type Leg } from "./history.ts";
import { listen } from "./listen.ts";
import { pbxEvent } from "./pbx-events.ts";

/** How often we look whether the machine has time for us, and what delay does not count, in ms. */
const beat = 100;
const onTime = 400;

/** How long a leg and its phone may take to be found together, in ms. */
const toBeFound = 3_000;

/** Sees what happens at the PBX and at the phones, and tells which phone's call is which leg: they share the SIP Call-ID. */
export class Watch {
  readonly chronicle = new Chronicle();
  private readonly changes = new Changes();
  private readonly listeners = new Set<(event: Event) => void>();
  private readonly legByCallId = new Map<string, string>();
  private readonly callIdByChannel = new Map<string, string>();
  private readonly channels = new Set<string>();
  private readonly hearing = new Set<string>();

  private readonly metronome: NodeJS.Timeout;
  private looked = Date.now();

  private constructor(
    private readonly pbx: Ami,
    private readonly phones: Ami,
  ) {
    this.metronome = setInterval(() => this.look(), beat);
    pbx.onEvent((message) => this.takePbx(message));
    phones.onEvent((message) => this.takePhones(message));
  }

  static async begin(pbx: Login, phones: Login): Promise<Watch> {
    return new Watch(await Ami.connect(pbx, "on"), await Ami.connect(phones, "on"));
  }

  end(): void {
    clearInterval(this.metronome);
    this.pbx.close();
    this.phones.close();
  }

  /** Calls a function with each event, after the chronicle has taken it. */
  onEvent(listener: (event: Event) => void): void {
    this.listeners.add(listener);
  }

  /** The leg of a phone's call; `undefined` if the call is over before it is known. */
  async legOf(call: Call): Promise<Leg | undefined> {
    const find = () => this.known(call.channel);
    return find() ?? this.changes.until(find, toBeFound, "leg").catch(() => undefined);
  }

  /** Waits until something is so. Returns whether it is. */
  until(isSo: () => boolean, milliseconds: number): Promise<boolean> {
    return this.changes.until(isSo, milliseconds, "change").catch(() => false);
  }

  tell(event: Event): void {
    this.chronicle.take(event);
    for (const listener of this.listeners) listener(event);
    this.changes.happened();
  }

  /** Notes something about a leg, now. */
  note(leg: Leg, event: LegEvent): void {
    this.tell({ at: Date.now(), leg: leg.id, ...event });
  }

  private look(): void {
    const at = Date.now();
    const by = at - this.looked - beat;
    this.looked = at;
    if (by > onTime) this.tell({ at, what: "late", by });
  }

  private takePbx(message: Message): void {
    const event = pbxEvent(message);
    if (event === undefined) return;
    this.tell(event);
    if ("leg" in event && event.what === "begins") {
      this.callId(this.pbx, message.Channel ?? "").then((id) => {
        this.legByCallId.set(id, event.leg);
        this.changes.happened();
      });
    }
  }

  private takePhones(message: Message): void {
    const channel = message.Channel ?? "";
    if (message.Event === "Newchannel") {
      this.channels.add(channel);
      this.callId(this.phones, channel).then((id) => {
        this.callIdByChannel.set(channel, id);
        this.changes.happened();
      });
    }
    if (message.Event === "Hangup") this.channels.delete(channel);
    if (message.Event === "ChannelTalkingStart") this.hearing.add(channel);
    if (message.UserEvent === "Called") this.shown(channel, message.CallerIDName ?? "");
    if (message.Event === "Newstate" && message.ChannelStateDesc === "Up") this.listenAt(channel);
  }

  private async shown(channel: string, name: string): Promise<void> {
    const leg = await this.changes.until(() => this.known(channel), toBeFound, "leg").catch(() => undefined);
    if (leg !== undefined) this.note(leg, { what: "shows", name });
  }

  private listenAt(channel: string): void {
    listen({
      detect: (how, Value) =>
        this.phones.action("Setvar", { Channel: channel, Variable: `TALK_DETECT(${how})`, Value }).then(() => {}),
      isThere: () => this.channels.has(channel),
      forget: () => this.hearing.delete(channel),
      hasHeard: () => this.hearing.has(channel),
      tell: (sound, since) => {
        const leg = this.known(channel);
        if (leg !== undefined) this.note(leg, { what: "hears", sound, since });
      },
    });
  }

  private known(channel: string): Leg | undefined {
    const id = this.legByCallId.get(this.callIdByChannel.get(channel) ?? "none");
    return id === undefined ? undefined : this.chronicle.leg(id);
  }

  /** The SIP Call-ID of a channel, which may have none at first. Never resolves for a channel that ends before. */
  private async callId(ami: Ami, channel: string): Promise<string> {
    for (let turn = 0; turn < 20; turn++) {
      const field = { Channel: channel, Variable: "CHANNEL(pjsip,call-id)" };
      const value = await ami.action("Getvar", field).catch(() => undefined);
      if (value?.Value) return value.Value;
      await sleep(50);
    }
    return `none of ${channel}`;
  }
}
