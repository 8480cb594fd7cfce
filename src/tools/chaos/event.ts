/**
 * What was seen of a run: by the PBX's manager interface and its own verbose messages, by the phones, and by the players
 * themselves. A leg is a channel of the PBX, by its unique id; `at` is in ms since 1970.
 */
export type Event = { readonly at: number } & (
  | ({ readonly leg: string } & LegEvent)
  | { readonly what: "offline" | "online"; readonly party: string }
  /** This machine had no time for us, for so many ms. */
  | { readonly what: "late"; readonly by: number }
  | { readonly what: "edits"; readonly name: string; readonly value: string }
);

export type LegEvent =
  /** A channel exists; the party is the name of its endpoint. */
  | { readonly what: "begins"; readonly party: string; readonly channel: string }
  | { readonly what: "is up" }
  /** It is the half of a Local channel that calls on; whoever has called the other half calls through it. */
  | { readonly what: "is called through"; readonly half: string }
  /** Dial has called another leg, or has ended with it. */
  | { readonly what: "dials"; readonly other: string }
  | { readonly what: "dialled"; readonly other: string }
  | { readonly what: "joins" | "leaves"; readonly bridge: string }
  /** A blind transfer, by key or by button: `leg` is who was passed on. */
  | { readonly what: "is passed on"; readonly by: string; readonly to: string; readonly context: string }
  /** The PBX has received a key. */
  | { readonly what: "keys"; readonly key: string }
  | { readonly what: "runs"; readonly application: string; readonly data: string; readonly context: string }
  | { readonly what: "ends"; readonly cause: number }
  /** The user of its phone did something. */
  | { readonly what: "acts"; readonly act: string }
  /** What its phone shows of who calls. */
  | { readonly what: "shows"; readonly name: string }
  /** Somebody listened at its phone, since then: was there any sound? */
  | { readonly what: "hears"; readonly sound: boolean; readonly since: number }
  /** Belongs to this call of the story. */
  | { readonly what: "plays"; readonly call: number };
