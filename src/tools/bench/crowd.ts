import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Ami, type Message } from "../../sandbox/ami.ts";
import { passwordOf } from "../../sandbox/pbx.ts";
import { sendRegister } from "../../sandbox/register.ts";
import { channelsAfter, keyless, people, quiet, type Site } from "./site.ts";

/** The most simultaneous calls. Each has its own receiver and transferer. */
export const seats = 200;
const receivers = 20_000;
const transferers = 20_500;

/** Phones that answer, talk and hang up without a transfer, each in several calls at once. */
const keepers = ["100", "104", "105", "106", "107", "108", "109"];
const lines = 4;

/** The length of a digit and the pause after it, in ms. */
const gap = 100;
/** The pause between the first calls, in ms. In reality not everybody calls at the same instant. */
const apart = 25;
/** A caller whose receiver has not answered after this time, in seconds, counts as lost. */
const patience = 12;

/**
 * The phones act on their own: they transfer after answering or when GO comes, answer, and hang up after HOLD seconds.
 * They send digits as RFC 4733 events and no other sound, which would add the same load on every side.
 */
const phonesDialplan = `
[called]
exten => _20[56]XX,1,Answer()
same => n,Wait(0.5)
same => n,ExecIf($["\${GO}" != ""]?WaitUntil(\${GO}))
same => n,UserEvent(Presses,Seat: $[\${EXTEN} - ${transferers}])
same => n,SendDTMF(\${KEY}$[\${EXTEN} - ${transferers - receivers}],${gap},${gap})
same => n,Wait(60)

exten => _20[01]XX,1,UserEvent(Rung,Seat: $[\${EXTEN} - ${receivers}])
same => n,Answer()
same => n,Wait(\${HOLD})
same => n,Hangup()

exten => _10[04-9],1,Answer()
same => n,ExecIf($[\${HOLD} > 1]?Playtones(440))
same => n,Wait(\${HOLD})
same => n,Hangup()

[crowd]
exten => talk,1,Wait(\${PATIENCE})
same => n,Hangup()

exten => speak,1,Playtones(440)
same => n,Wait(\${PATIENCE})
same => n,Hangup()
`;

/** A call that nobody transfers. */
export interface Talk {
  readonly seconds: number;
  /** Both talk all the time, and neither had a feature key before we were installed. */
  readonly isKeyless: boolean;
}

/** The result of one call. */
interface Outcome {
  /**
   * The time from the last digit to the ringing of the receiver's phone, in ms by the phones' clock; undefined if it
   * never rang.
   */
  readonly ring: number | undefined;
}

/** Makes many simultaneous calls at a site, from the Asterisk that plays its phones. */
export class Crowd {
  private readonly began = new Map<number, number>();
  private readonly rung = new Map<number, number>();
  private readonly ended = new Map<string, () => void>();
  private calls = 0;

  private constructor(
    readonly site: Site,
    private readonly ami: Ami,
    events: Ami,
    /** The time of all key presses, in ms. The transferer is released before they could report the end themselves. */
    private readonly pressing: number,
  ) {
    events.onEvent((event) => this.take(event));
  }

  /** @param key the key that starts a transfer at this site */
  static async gather(site: Site, key: string): Promise<Crowd> {
    const { phonesAsterisk, phonesLogin, phonesPort, pbx } = site;
    await appendFile(join(phonesAsterisk.etcDir, "extensions.conf"), phonesDialplan);
    await phonesAsterisk.cli("module load app_waituntil.so");
    await phonesAsterisk.cli("module load app_exec.so");
    await phonesAsterisk.cli("module load app_playtones.so");
    await phonesAsterisk.cli("module reload pbx_config.so");
    const transferring = site.size > 2 * seats ? [receivers, transferers] : [];
    const all = [
      ...keepers,
      ...transferring.flatMap((first) => Array.from({ length: seats }, (_, seat) => String(first + seat))),
    ];
    for (let at = 0; at < all.length; at += 20) {
      const some = all.slice(at, at + 20).map((number) => ({
        pbxPort: pbx.port,
        number,
        password: passwordOf(number),
        contact: `sip:${number}@127.0.0.1:${phonesPort}`,
        expires: 3600,
      }));
      await Promise.all(some.map(sendRegister));
    }
    const keys = key.length + String(receivers).length;
    const connections = [await Ami.connect(phonesLogin, "off"), await Ami.connect(phonesLogin, "call,user")] as const;
    const crowd = new Crowd(site, ...connections, keys * 2 * gap - gap);
    await crowd.set({ KEY: key, GO: "", HOLD: "0.3", PATIENCE: String(patience) });
    return crowd;
  }

  /**
   * Keeps so many transfers running for some seconds, and starts the next when one ends. Returns the result of each.
   */
  async keepTransferring(atATime: number, seconds: number): Promise<Outcome[]> {
    await this.set({ GO: "", HOLD: "0.3" });
    const until = Date.now() + seconds * 1000;
    const outcomes: Outcome[] = [];
    const sit = async (seat: number) => {
      await sleep(seat * apart);
      while (Date.now() < until) {
        this.rung.delete(seat);
        await this.call(String(transferers + seat));
        outcomes.push({ ring: this.ringOf(seat) });
      }
    };
    await Promise.all(Array.from({ length: atATime }, (_, seat) => sit(seat)));
    await quiet(this.site);
    return outcomes;
  }

  /** Makes so many calls without a transfer, some of them at a time. */
  async keepTalking(calls: number, { seconds, isKeyless }: Talk): Promise<void> {
    await this.set({ HOLD: String(seconds) });
    let left = calls;
    const sit = async (keeper: string, seat: number) => {
      await sleep(seat * apart);
      while (left-- > 0) await (isKeyless ? this.call(keyless(keeper), "speak") : this.call(keeper));
    };
    await Promise.all(
      Array.from({ length: lines }, () => keepers)
        .flat()
        .map(sit),
    );
    await quiet(this.site);
  }

  /** Lets everybody talk, and then transfer at the same instant. */
  async allAtOnce(): Promise<{ outcomes: Outcome[]; talking: number; transferred: number; stuck: number }> {
    const calling = seats * apart;
    const go = Math.ceil((Date.now() + calling) / 1000) + 4;
    // The fraction is needed: without one, WaitUntil reads it from uninitialized memory (apps/app_waituntil.c).
    await this.set({ GO: `${go}.0`, HOLD: "60", PATIENCE: "60" });
    this.rung.clear();
    this.began.clear();
    const before = await this.site.memory();
    const over: Promise<void>[] = [];
    for (let seat = 0; seat < seats; seat++) {
      over.push(this.call(String(transferers + seat)));
      await sleep(apart);
    }
    await sleep(go * 1000 - 500 - Date.now());
    const talking = (await this.site.memory()) - before;
    const deadline = (go + patience) * 1000;
    while (this.rung.size < seats && Date.now() < deadline) await sleep(100);
    await sleep(1000);
    const transferred = (await this.site.memory()) - before;
    const outcomes = Array.from({ length: seats }, (_, seat) => ({ ring: this.ringOf(seat) }));
    await this.site.phonesAsterisk.cli("channel request hangup all");
    await Promise.all(over);
    // The ends of so many calls wait for one another.
    const stuck = await channelsAfter(this.site, patience * 1000);
    await this.set({ GO: "", HOLD: "0.3", PATIENCE: String(patience) });
    return { outcomes, talking, transferred, stuck };
  }

  private ringOf(seat: number): number | undefined {
    const [rung, began] = [this.rung.get(seat), this.began.get(seat)];
    return rung === undefined || began === undefined ? undefined : rung - (began + this.pressing);
  }

  /** Makes 900 call a number. Resolves when the call is over. */
  private async call(number: string, caller: "talk" | "speak" = "talk"): Promise<void> {
    const id = `crowd-${++this.calls}`;
    const over = new Promise<void>((resolve) => this.ended.set(id, resolve));
    await this.ami.action("Originate", {
      ChannelId: id,
      Channel: `PJSIP/${number}@${people.caller}`,
      Context: "crowd",
      Exten: caller,
      Priority: "1",
      Timeout: String(patience * 1000),
      Async: "true",
    });
    await over;
    this.ended.delete(id);
  }

  private async set(globals: Record<string, string>): Promise<void> {
    for (const [Variable, Value] of Object.entries(globals)) await this.ami.action("Setvar", { Variable, Value });
  }

  private take(event: Message): void {
    const at = Number(event.Timestamp) * 1000;
    if (event.UserEvent === "Presses") this.began.set(Number(event.Seat), at);
    if (event.UserEvent === "Rung") this.rung.set(Number(event.Seat), at);
    if (event.Event === "Hangup") this.ended.get(event.Uniqueid ?? "")?.();
  }
}

/** The number of callers who never reached their receiver. */
export function lost(outcomes: readonly Outcome[]): number {
  return outcomes.filter(({ ring }) => ring === undefined).length;
}

/** The ring times of those who did. */
export function rings(outcomes: readonly Outcome[]): number[] {
  return outcomes.flatMap(({ ring }) => ring ?? []);
}
