import { cast, noExtension, type Scene, type SceneId } from "../../contract/scenes.ts";
import type { Settings } from "../settings/model.ts";

/** What must happen in a scene under these settings: its moments in order, and the recorded outcome. */
export interface Expected {
  readonly moments: readonly string[];
  /** What must also happen, in any order: another channel reports it, and nobody waits for that. */
  readonly besides?: readonly string[];
  /** The outcome in the record; `undefined` if the caller never left the call. */
  readonly outcome?: string;
}

/** Why a scene cannot be played under these settings. */
export interface Unplayable {
  readonly because: string;
}

const noLine = (settings: Settings): Unplayable | undefined => {
  const states = settings.general.busy_states.split(",");
  return states.includes("INUSE")
    ? undefined
    : { because: "busy_states is without INUSE: a phone in a call is not busy" };
};

/** The names of moments come from src/dialplan/stage/actors.ts, and `hears` ones from its prompts. */
export const expectations: Record<SceneId, (settings: Settings, scene: Scene) => Expected | Unplayable> = {
  answered: (settings) => ({
    moments: [...keyed(settings, cast.receiver), ...answered, ...heard(settings)],
    besides: [letGo],
    outcome: "answered",
  }),
  unavailable: (settings) => ({
    moments: [
      ...keyed(settings, cast.absent),
      "hears unavailable",
      "transferer hears the caller",
      ...heard(settings),
      letGo,
    ],
  }),
  "busy-back": (settings) =>
    noLine(settings) ??
    (settings.general.busy === "return"
      ? returned(settings, "busy", [])
      : returned(settings, "back", [
          ...asked(settings),
          "hears busy",
          `caller presses ${settings.general.return_key_line}`,
        ])),
  "busy-free": (settings) =>
    settings.general.busy === "return"
      ? { because: "busy = return: nobody waits in a line" }
      : (noLine(settings) ?? {
          moments: [
            ...keyed(settings, cast.receiver),
            ...asked(settings),
            "hears busy",
            "waits in the line",
            "receiver hangs up",
            ...answered,
          ],
          outcome: "waited",
        }),
  "no-answer": (settings) => returned(settings, "no answer", [rings]),
  "mobile-refused": (settings) => {
    const { mobile_confirm: confirm, mobile_too_soon: tooSoon } = settings.general;
    if (confirm === "yes") return returned(settings, "mobile", [rings, "hears accept"], false);
    if (tooSoon === "0") return { because: "mobile_too_soon = 0: a mobile that answers has the call" };
    return returned(settings, "mobile", [rings, "mobile answers"], false);
  },
  fallback: (settings) => ({
    moments: [
      ...recalled(settings, "back", [rings, `caller presses ${settings.general.return_key_line}`]),
      "transferer refuses",
      "fallback answers",
      "fallback hears the caller",
      ...heard(settings),
    ],
    outcome: "fallback",
  }),
  "pass-through": (settings) => ({
    moments: [
      ...keyed(settings, noExtension.number),
      `${noExtension.number} answers`,
      `${noExtension.number} hears the caller`,
      ...heard(settings),
    ],
    besides: [letGo],
  }),
  across: (settings) =>
    settings.general.hear === "ringing"
      ? {
          moments: [...keyed(settings, cast.remote), ...heard(settings)],
          besides: [letGo],
          outcome: "answered",
        }
      : {
          because: "hear = music: the caller of a rehearsal does not hear the answer",
        },
  button: (settings) =>
    settings.general.transfer_button === "no"
      ? { because: "transfer_button = no" }
      : {
          moments: ["transferer presses", `transferer keys ${cast.receiver}`, ...answered, ...heard(settings)],
          besides: [letGo],
          outcome: "answered",
        },
};

const letGo = "transferer is let go";
const rings = "receiver's phone rings";
const answered = [rings, "receiver answers", "receiver hears the caller"];

function keyed({ general }: Settings, receiver: string): string[] {
  return [`transferer presses ${general.transfer_key}`, "hears dial", `transferer keys ${receiver}`];
}

/** With `busy = ask` the transferer hears that the receiver is busy, and lets the caller wait. */
function asked({ general }: Settings): string[] {
  return general.busy === "ask" ? ["hears occupied", "hears ask", "transferer keys 1"] : [];
}

/** A caller who hears music does not detect prompts: see caller() in actors.ts. */
function heard({ general }: Settings): string[] {
  return general.hear === "ringing" ? ["caller hears the answer"] : [];
}

function recalled(settings: Settings, reason: string, before: readonly string[]): string[] {
  const shown = `${settings.general.recall_prefix} ${cast.receiver} ${reason}`.trim();
  return [...keyed(settings, cast.receiver), ...before, "hears returning", `transferer's phone rings: ${shown}`];
}

function returned(settings: Settings, reason: string, before: readonly string[], listens = true): Expected {
  return {
    moments: [
      ...recalled(settings, reason, before),
      "transferer answers",
      "transferer hears the caller",
      ...(listens ? heard(settings) : []),
    ],
    outcome: "returned",
  };
}
