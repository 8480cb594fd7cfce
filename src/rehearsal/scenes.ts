/**
 * What is rehearsed: who presses what, and how the others behave. The actors play by this table, which is compiled into the
 * dialplan too, and the judge knows by it what must have happened: so it is plain data, without imports or calls.
 */
export interface Scene {
  readonly id: string;
  /** Whom the transferer sends the caller to: one of the rehearsal's three extensions. */
  readonly to: string;
  /** By Asterisk's own key for blind transfers, which goes the way of a phone's Transfer button. */
  readonly byButton?: true;
  /** The receiver is in another call. */
  readonly busy?: true;
  /** What the caller does who is told so. */
  readonly caller?: "goes back" | "waits";
  /** The receiver, or whoever is rung in his place, does not answer. */
  readonly silent?: true;
  /** He has a mobile, whose answer is no. */
  readonly mobile?: true;
}

/** The rehearsal's extensions: who transfers, who is there to receive, who is not. */
export const cast = { transferer: "11", receiver: "12", absent: "13" } as const;
/** What each of them begins with. */
export const castPrefix = "1";

export const scenes = [
  { id: "answered", to: cast.receiver },
  { id: "unavailable", to: cast.absent },
  { id: "busy-back", to: cast.receiver, busy: true, caller: "goes back" },
  { id: "busy-free", to: cast.receiver, busy: true, caller: "waits" },
  { id: "no-answer", to: cast.receiver, silent: true },
  { id: "mobile-refused", to: cast.receiver, silent: true, mobile: true },
  { id: "button", to: cast.receiver, byButton: true },
] as const satisfies readonly Scene[];

export type SceneId = (typeof scenes)[number]["id"];

/** What the stage shows on its channel, for the installer to read: each scene's moments, and that it is over. */
export const stageVariables = { scene: "SMART_TRANSFER_SCENE_", over: "SMART_TRANSFER_REHEARSED" } as const;

/** Variables of the transferer's channel by which the key's part in extensions.conf plays along: see plan/key-context.ts. */
export const keyVariables = {
  stage: "SMART_TRANSFER_STAGE",
  standIn: "SMART_TRANSFER_STAND_IN",
  /** The prompt while it plays. */
  sound: "SMART_TRANSFER_SOUND",
} as const;

/** What the first one holds, and sections of the rehearsal end in. */
export const stageSuffix = "-rehearsal";

/** TRANSFER_CONTEXT of the rehearsal. */
export const buttonContext = "smart-transfer-rehearsal-button";
