import type { Ami, Message } from "./ami.ts";
import { Call, type CallSurroundings, patience } from "./call.ts";
import type { Act, Line } from "./phones-conf.ts";

/** What a phone does with an incoming call; one that is asleep lets the PBX wait for its answer. */
export type Policy = "answer" | "ring" | "busy" | "decline" | "asleep";

const acts: Record<Policy, Act | undefined> = {
  answer: "silent",
  ring: "ring",
  busy: "busy",
  decline: "decline",
  asleep: undefined,
};

/** What the phones of one Asterisk have in common. */
export interface Surroundings extends CallSurroundings {
  /** Registers a phone, or takes that back; resolves when the PBX knows whether it can call it. */
  register(line: Line, wanted: boolean): Promise<void>;
}

/** A softphone at the PBX. */
export class Phone {
  policy: Policy = "ring";
  /** All calls of this phone, in and out, the first first. */
  readonly calls: Call[] = [];
  private readonly asked = new Set<Call>();
  private readonly byChannel = new Map<string, Call>();

  constructor(
    private readonly line: Line,
    private readonly ami: Ami,
    private readonly surroundings: Surroundings,
  ) {}

  get number(): string {
    return this.line.number;
  }

  /** Switches the phone on; resolves when the PBX can call it. */
  async register(): Promise<void> {
    await this.surroundings.register(this.line, true);
  }

  /** Switches the phone off; resolves when the PBX knows. */
  async unregister(): Promise<void> {
    await this.surroundings.register(this.line, false);
  }

  /** Calls a number; resolves when the call is on its way. */
  async call(number: string): Promise<Call> {
    const id = `${this.line.id}-${this.calls.length + 1}`;
    const call = this.begin(id, number);
    await this.ami.action("Originate", {
      ChannelId: id,
      Channel: `PJSIP/${number}@${this.line.id}`,
      Context: "acts",
      Exten: "silent",
      Priority: "1",
      // How long it rings at most, in ms: the PBX is to end it, not the phone.
      Timeout: "3600000",
      Async: "true",
    });
    await this.surroundings.changes.until(() => call.at("dials"), patience, `line for phone ${this.number}`);
    return call;
  }

  /** Waits for an incoming call that was not asked for before and is not over. */
  async rings(milliseconds = patience): Promise<Call> {
    const isNew = (call: Call) => call.at("called") !== undefined && !call.hasEnded && !this.asked.has(call);
    const find = () => this.calls.find(isNew);
    const call = await this.surroundings.changes.until(find, milliseconds, `call for phone ${this.number}`);
    this.asked.add(call);
    return call;
  }

  /** Takes in an event, if it is of a call of this phone. */
  take(event: Message): void {
    const channel = event.Uniqueid ?? "";
    if (event.UserEvent === "Called" && event.Exten === this.line.id) {
      const call = this.begin(channel, this.number);
      call.take(event);
      // As a person does, the phone acts by itself; what becomes of it is seen in later events.
      const act = acts[this.policy];
      if (act !== undefined) call.act(act).catch(() => {});
    } else {
      this.byChannel.get(channel)?.take(event);
    }
  }

  private begin(channel: string, dialled: string): Call {
    const call = new Call(dialled, this.number, this.ami, this.surroundings);
    this.calls.push(call);
    this.byChannel.set(channel, call);
    return call;
  }
}
