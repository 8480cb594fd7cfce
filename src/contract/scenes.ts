/**
 * A rehearsed scene: who presses what, and how the others behave. The actors play by this table, which is compiled into
 * the dialplan too, and the judge derives from it what must happen. So it is plain data, without imports or calls.
 */
export interface Scene {
  readonly id: string;
  /** What the transferer enters: one of the rehearsal's extensions, or a number that is none. */
  readonly to: string;
  /** Uses Asterisk's own key for blind transfers, which takes the same path as a phone's Transfer button. */
  readonly byButton?: true;
  /** The receiver is in another call. */
  readonly busy?: true;
  /** What the caller does after hearing that the receiver is busy. */
  readonly caller?: "goes back" | "waits";
  /** The caller presses the return key while the receiver's phone rings. */
  readonly impatient?: true;
  /** The receiver, or whoever is rung instead, does not answer. */
  readonly silent?: true;
  /** The receiver has a mobile, and declines there. */
  readonly mobile?: true;
  /** The transferer declines the recall. */
  readonly recall?: "refused";
}

/** The rehearsal's extensions: the transferer, a reachable receiver, one who is offline, and one at another node. */
export const cast = {
  transferer: "11",
  receiver: "12",
  absent: "13",
  remote: "14",
} as const;
/** The first digit of each. */
export const castPrefix = "1";

/** A number outside the rehearsal's directory, and a pattern of `pass_through` that matches it. */
export const noExtension = { number: "20", pattern: "2X" } as const;

export const scenes = [
  { id: "answered", to: cast.receiver },
  { id: "unavailable", to: cast.absent },
  { id: "busy-back", to: cast.receiver, busy: true, caller: "goes back" },
  { id: "busy-free", to: cast.receiver, busy: true, caller: "waits" },
  { id: "no-answer", to: cast.receiver, silent: true },
  { id: "mobile-refused", to: cast.receiver, silent: true, mobile: true },
  { id: "fallback", to: cast.receiver, silent: true, impatient: true, recall: "refused" },
  { id: "pass-through", to: noExtension.number },
  { id: "button", to: cast.receiver, byButton: true },
] as const satisfies readonly Scene[];

/**
 * The scene across nodes, played with each other node that is up, apart from the others: the other node plays the
 * receiver (dialplan/stage/remote.ts).
 */
export const acrossScene = {
  id: "across",
  to: cast.remote,
} as const satisfies Scene;

export type SceneId = (typeof scenes)[number]["id"] | typeof acrossScene.id;

/**
 * Variables of the stage's channel, which the installer reads: the moments of each scene, and that the rehearsal is
 * over.
 */
export const stageVariables = {
  /** Followed by the number of a scene: its moments. */
  scene: "SMART_TRANSFER_SCENE_",
  /** The longest delay of the stage's own waits, in ms: how long the machine had no time for it. */
  late: "SMART_TRANSFER_LATE",
  /** The rehearsal is over. The value is the version of the dialplan. */
  over: "SMART_TRANSFER_REHEARSED",
} as const;

/**
 * Variables of the transferer's channel that make the key's part in extensions.conf take part in a rehearsal: see
 * plan/key-context.ts.
 */
export const keyVariables = {
  stage: "SMART_TRANSFER_STAGE",
  standIn: "SMART_TRANSFER_STAND_IN",
  /** The node of the receiver, if it is another one. */
  standInNode: "SMART_TRANSFER_STAND_IN_NODE",
  /** The prompt that is playing. */
  sound: "SMART_TRANSFER_SOUND",
} as const;

/** The value of `stage`, and the suffix of the rehearsal's sections. */
export const stageSuffix = "-rehearsal";

/** The TRANSFER_CONTEXT of the rehearsal. */
export const buttonContext = "smart-transfer-rehearsal-button";
