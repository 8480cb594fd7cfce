import { setTimeout as sleep } from "node:timers/promises";
import type { Call } from "../../sandbox/call.ts";
import type { Phone } from "../../sandbox/phone.ts";
import { Admin } from "./admin.ts";
import { CallPlay } from "./call-play.ts";
import { isDesk } from "./cast.ts";
import type { Event } from "./event.ts";
import type { Leg } from "./history.ts";
import type { Site } from "./site.ts";
import type { CallStory, Reaction, Story } from "./story.ts";
import type { Watch } from "./watch.ts";

/** How long a call waits for its phones to be free, in ms. */
const patience = 10_000;
/** How long a caller lets it ring, in ms. */
const ringing = 4_000;
/** After this time everybody hangs up, in ms: longer than any call may take. */
const longest = 90_000;
const engaged: Reaction = { how: "is busy", after: 150 };

/** Plays a story on a site's phones. Resolves when all of its calls are over. */
export async function play(story: Story, site: Site, watch: Watch, tell: (over: number) => void): Promise<void> {
  await new Players(story, site, watch, tell).play();
}

class Players {
  private readonly plays = new Map<number, CallPlay>();
  /** Phones that are about to call. */
  private readonly taken = new Set<Phone>();
  private isOver = false;

  constructor(
    private readonly story: Story,
    private readonly site: Site,
    private readonly watch: Watch,
    private readonly tell: (over: number) => void,
  ) {}

  async play(): Promise<void> {
    const began = Date.now();
    const { calls, happenings } = this.story;
    let over = 0;
    this.watch.onEvent((event) => this.take(event));
    const admin = new Admin(this.site, this.watch);
    const attending = this.site.phones.map((phone) => this.attend(phone));
    await Promise.all([
      ...calls.map(async (call) => {
        await sleep(Math.max(0, began + call.at - Date.now()));
        await this.call(call);
        this.tell(++over);
      }),
      ...happenings.map(async (happening) => {
        await sleep(Math.max(0, began + happening.at - Date.now()));
        await admin.happen(happening);
      }),
    ]);
    this.isOver = true;
    await Promise.all(attending);
  }

  private take(event: Event): void {
    if (!("leg" in event)) return;
    const leg = this.watch.chronicle.leg(event.leg);
    const play = this.plays.get(leg?.call ?? 0);
    if (leg === undefined || play === undefined) return;
    if (event.what === "joins") {
      for (const talk of leg.talks) if (talk.to === undefined) play.talk(talk);
    }
    if (event.what === "is passed on") play.wait(leg);
  }

  /** Makes one call, and waits until nobody of it is left. */
  private async call(story: CallStory): Promise<void> {
    const phone = await this.free(story.from);
    const other = isDesk(story.to) ? await this.free(story.to) : undefined;
    const call = phone && (await phone.call(story.to).catch(() => undefined));
    if (phone) this.taken.delete(phone);
    if (other) setTimeout(() => this.taken.delete(other), 300);
    const leg = call && (await this.watch.legOf(call));
    if (call === undefined || leg === undefined) return;
    const play = new CallPlay(story, this.watch);
    this.plays.set(story.number, play);
    this.watch.note(leg, { what: "plays", call: story.number });
    play.holds(leg, call);
    call.answered(ringing).then(
      () => call.act("speak").catch(() => {}),
      () => call.drop(),
    );
    if (!(await this.watch.until(() => play.isOver(), longest))) {
      await play.giveUp();
      await this.watch.until(() => play.isOver(), patience);
    }
  }

  /** A phone of this party that nobody uses; the person looks at their lamps for so long. */
  private async free(party: string): Promise<Phone | undefined> {
    const phones = this.site.phonesOf(party);
    const find = () => phones.find((phone) => !this.taken.has(phone) && phone.calls.every((call) => call.hasEnded));
    await this.watch.until(() => find() !== undefined, patience);
    const phone = find();
    if (phone) this.taken.add(phone);
    return phone;
  }

  /** Reacts to each call that comes in at a phone. */
  private async attend(phone: Phone): Promise<void> {
    while (!this.isOver) {
      const call = await phone.rings(1_000).catch(() => undefined);
      if (call) this.react(phone, call).catch(() => {});
    }
  }

  private async react(phone: Phone, call: Call): Promise<void> {
    const leg = await this.watch.legOf(call);
    if (leg === undefined) return;
    const playOf = ({ call: number }: Leg) => this.plays.get(number ?? 0);
    await this.watch.until(() => playOf(leg) !== undefined || call.hasEnded, 1_000);
    const play = playOf(leg);
    if (play === undefined) return;
    play.holds(leg, call);
    const isEngaged = phone.calls.some((one) => one !== call && !one.hasEnded);
    await play.react(leg, call, isEngaged ? engaged : play.nextReaction());
  }
}
