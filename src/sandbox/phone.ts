import type { Ami, Message } from "./ami.ts";
import { Call, type CallSurroundings, patience } from "./call.ts";
import type { Act, PhoneAccount } from "./phones-conf.ts";

/** What a phone does with an incoming call; one that is asleep lets the PBX wait for its answer. */
export type Policy = "answer" | "ring" | "busy" | "decline" | "asleep";

const acts: Record<Policy, Act | undefined> = {
  answer: "silent",
  ring: "ring",
  busy: "busy",
  decline: "decline",
  asleep: undefined,
};

/** What all phones of one Asterisk share. */
export interface Surroundings extends CallSurroundings {
  /** Registers or unregisters a phone. Resolves when the PBX has noticed. */
  register(line: PhoneAccount, wanted: boolean): Promise<void>;
}

/** A softphone of the PBX. */
export class Phone {
  policy: Policy = "ring";
  /** All calls of this phone, incoming and outgoing, oldest first. */
  readonly calls: Call[] = [];
  private readonly asked = new Set<Call>();
  private readonly byChannel = new Map<string, Call>();

  constructor(
    private readonly line: PhoneAccount,
    private readonly ami: Ami,
    private readonly surroundings: Surroundings,
  ) {}

  get number(): string {
    return this.line.number;
  }

  /** Switches the phone on. Resolves when the PBX can call it. */
  async register(): Promise<void> {
    await this.surroundings.register(this.line, true);
  }

  /** Switches the phone off. Resolves when the PBX has noticed. */
  async unregister(): Promise<void> {
    await this.surroundings.register(this.line, false);
  }

  /** Calls a number. Resolves when the call is on its way. */
  async call(number: string): Promise<Call> {
    const id = `${this.line.id}-${this.calls.length + 1}`;
    const call = this.begin(id, number);
    await this.ami.action("Originate", {
      ChannelId: id,
      Channel: `PJSIP/${number}@${this.line.id}`,
      Context: "acts",
      Exten: "silent",
      Priority: "1",
      // The ring timeout in ms. The PBX should give up first, not the phone.
      Timeout: "3600000",
      Async: "true",
    });
    await this.surroundings.changes.until(() => call.at("dials"), patience, `line for phone ${this.number}`);
    return call;
  }

  /** Waits for an incoming call that is not over and that no earlier rings() returned. */
  async rings(milliseconds = patience): Promise<Call> {
    const isNew = (call: Call) => call.at("called") !== undefined && !call.hasEnded && !this.asked.has(call);
    const find = () => this.calls.find(isNew);
    const call = await this.surroundings.changes.until(find, milliseconds, `call for phone ${this.number}`);
    this.asked.add(call);
    return call;
  }

  /** Handles an event if it belongs to a call of this phone. */
  take(event: Message): void {
    const channel = event.Uniqueid ?? "";
    if (event.UserEvent === "Called" && event.Exten === this.line.id) {
      const call = this.begin(channel, this.number);
      call.take(event);
      // Do not wait for the result: the phone acts on its own, and later events show what happened.
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
