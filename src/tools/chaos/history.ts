import type { Event } from "./event.ts";

/** A channel of the PBX, and all that happened to it. Times are in ms since 1970. */
export interface Leg {
  readonly id: string;
  /** The phone, line or mobile at its other end. */
  readonly party: string;
  /** Its name at the PBX. */
  readonly channel: string;
  readonly began: number;
  up?: number;
  ended?: number;
  call?: number;
  /** The leg that had it rung. */
  rungBy?: Leg;
  /** What the caller's phone was to show. */
  shows?: string;
  readonly rings: Ring[];
  readonly talks: Talk[];
  /** Each time that it was passed on. */
  readonly passings: Passing[];
  readonly keys: { readonly at: number; readonly key: string }[];
  readonly runs: Run[];
  readonly acts: { readonly at: number; readonly act: string }[];
  readonly heard: { readonly since: number; readonly at: number; readonly sound: boolean }[];
}

/** A phone is rung for a leg. */
export interface Ring {
  readonly by: Leg;
  readonly at: Leg;
  readonly from: number;
  to?: number;
}

/** Two legs are in one bridge. */
export interface Talk {
  readonly caller: Leg;
  readonly called: Leg;
  readonly from: number;
  to?: number;
}

/** A leg is passed on by another. */
export interface Passing {
  readonly leg: Leg;
  readonly by: Leg;
  readonly to: string;
  readonly context: string;
  readonly at: number;
}

/** An application runs on a leg. */
export interface Run {
  readonly at: number;
  readonly application: string;
  readonly data: string;
  readonly context: string;
}

/** When a leg can no longer be told from one that goes on: the end of what was seen. */
export interface History {
  readonly legs: readonly Leg[];
  readonly events: readonly Event[];
  readonly until: number;
}

/** Puts events together into the lives of legs. They may be taken as they come. */
export class Chronicle implements History {
  readonly events: Event[] = [];
  until = 0;
  private readonly byId = new Map<string, Leg>();
  private readonly bridges = new Map<string, Set<Leg>>();
  /** Who calls through a Local channel, by the id of either half. */
  private readonly through = new Map<string, Leg>();
  private readonly halves = new Map<string, string>();

  get legs(): Leg[] {
    return [...this.byId.values()];
  }

  leg(id: string): Leg | undefined {
    return this.byId.get(id);
  }

  take(event: Event): void {
    this.events.push(event);
    this.until = Math.max(this.until, event.at);
    if (!("leg" in event)) return;
    if (event.what === "begins") {
      this.byId.set(event.leg, newLeg(event));
      return;
    }
    if (event.what === "is called through") {
      this.halves.set(event.leg, event.half);
      return;
    }
    const isDial = event.what === "dials" || event.what === "dialled";
    const leg = this.byId.get(event.leg) ?? (isDial ? this.behind(event.leg) : undefined);
    // Of channels that nobody's phone has, such as those of a rehearsal, nothing is kept.
    if (leg !== undefined) this.happens(leg, event);
  }

  private happens(leg: Leg, event: Event & { leg: string }): void {
    const { at } = event;
    switch (event.what) {
      case "is up":
        leg.up ??= at;
        break;
      case "dials":
        this.through.set(event.other, leg);
        this.dials(leg, this.byId.get(event.other), at);
        break;
      case "dialled":
        for (const ring of leg.rings) if (ring.at.id === event.other) ring.to ??= at;
        break;
      case "joins":
        this.joins(leg, event.bridge, at);
        break;
      case "leaves":
        this.leaves(leg, event.bridge, at);
        break;
      case "is passed on": {
        const by = this.byId.get(event.by);
        if (by !== undefined) leg.passings.push({ leg, by, to: event.to, context: event.context, at });
        break;
      }
      case "keys":
        leg.keys.push({ at, key: event.key });
        break;
      case "runs":
        leg.runs.push({ at, application: event.application, data: event.data, context: event.context });
        break;
      case "acts":
        leg.acts.push({ at, act: event.act });
        break;
      case "hears":
        leg.heard.push({ since: event.since, at, sound: event.sound });
        break;
      case "shows":
        leg.shows = event.name;
        break;
      case "plays":
        leg.call = event.call;
        // It may have been told to ring somebody before it was known whose it is.
        for (const ring of leg.rings) ring.at.call = event.call;
        break;
      case "ends":
        leg.ended ??= at;
        for (const [bridge, legs] of this.bridges) if (legs.has(leg)) this.leaves(leg, bridge, at);
        for (const ring of leg.rings) ring.to ??= at;
        for (const ring of leg.rungBy?.rings ?? []) if (ring.at === leg) ring.to ??= at;
        break;
    }
  }

  /** Who called the other half of this Local channel. */
  private behind(id: string): Leg | undefined {
    return this.through.get(this.halves.get(id) ?? "");
  }

  private dials(by: Leg, at: Leg | undefined, when: number): void {
    if (at === undefined) return;
    by.rings.push({ by, at, from: when });
    at.rungBy = by;
    if (by.call !== undefined) at.call = by.call;
  }

  private joins(leg: Leg, bridge: string, at: number): void {
    const others = this.bridges.get(bridge) ?? new Set();
    this.bridges.set(bridge, others.add(leg));
    for (const other of others) {
      if (other === leg) continue;
      const [caller, called] = leg.rungBy === other ? [other, leg] : [leg, other];
      const talk: Talk = { caller, called, from: at };
      leg.talks.push(talk);
      other.talks.push(talk);
    }
  }

  private leaves(leg: Leg, bridge: string, at: number): void {
    this.bridges.get(bridge)?.delete(leg);
    for (const talk of leg.talks) talk.to ??= at;
  }
}

function newLeg({ leg: id, party, channel, at: began }: Extract<Event, { what: "begins" }>): Leg {
  return { id, party, channel, began, rings: [], talks: [], passings: [], keys: [], runs: [], acts: [], heard: [] };
}

/** The history of events that may have been told out of order, as by two Asterisks. */
export function historyOf(events: readonly Event[]): History {
  const chronicle = new Chronicle();
  for (const event of [...events].sort((one, other) => one.at - other.at)) chronicle.take(event);
  return chronicle;
}
