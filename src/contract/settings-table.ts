// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NUMBER} is what the admin writes

import type { Setting } from "./setting.ts";

/**
 * The only definition of every setting in [general], as extension-settings.ts has those of an extension's section:
 * default, valid values and description. The installer validates and documents settings from this table. It is also compiled into the dialplan,
 * which takes defaults and limits from it. So it is plain data, without calls.
 */

/** Seconds between checks that the other party is still there, while the transferer enters digits. */
export const betweenPresenceChecks = 0.5;

const yesOrNo = ["yes", "no"] as const;

/** Settings of [general]. */
export const generalSettings = [
  { name: "transfer_key", kind: "keys", default: "#", max: 4, applied: true, about: "starts a transfer" },
  {
    name: "return_key",
    kind: "keys",
    default: "*0",
    max: 4,
    applied: true,
    about: "takes a caller from a mobile back to the transferer",
  },
  {
    name: "return_key_line",
    kind: "digit",
    default: "1",
    max: 1,
    applied: true,
    about: "takes the caller back to the transferer while they wait or a phone rings for them",
  },
  { name: "digit_timeout", kind: "seconds", default: "3", min: 1, max: 30, about: "silence that ends the number" },
  {
    name: "dial_attempts",
    kind: "count",
    default: "3",
    min: 1,
    max: 10,
    about: "wrong numbers before the transferer is back in the call",
  },
  { name: "ring_timeout", kind: "seconds", default: "20", min: 1, max: 600, about: "how long the receiver rings" },
  {
    name: "dial",
    kind: "dial",
    default: "",
    max: 400,
    about: "how to ring an extension, if not by its device: Local/${EXTENSION}@internal/n",
  },
  {
    name: "dial_options",
    kind: "dialOptions",
    default: "",
    max: 6,
    about: "options of Dial that give Asterisk's own keys to whoever is rung by their device",
  },
  {
    name: "dnd",
    kind: "dnd",
    default: "",
    max: 100,
    about: "a device that is busy or in use while an extension is on do-not-disturb: Custom:DND${EXTENSION}",
  },
  {
    name: "busy",
    kind: "choice",
    default: "wait",
    max: 6,
    choices: ["wait", "return", "ask"],
    about: "wait: in the receiver's line; return: recall; ask: the transferer decides, by key",
  },
  {
    name: "no_answer",
    kind: "choice",
    default: "return",
    max: 9,
    choices: ["return", "voicemail"],
    about: "return: recall; voicemail: leave a message, where the receiver has voicemail",
  },
  {
    name: "voicemail",
    kind: "mailbox",
    default: "",
    max: 160,
    about: "where a message for an extension is left: *${EXTENSION}@internal",
  },
  {
    name: "voicemail_key",
    kind: "digit",
    default: "2",
    max: 1,
    applied: true,
    about: "takes a caller who waits, or for whom the receiver rings, to their voicemail",
  },
  {
    name: "wait_timeout",
    kind: "seconds",
    default: "120",
    min: 1,
    max: 7200,
    about: "how long a caller waits in the line, then recall",
  },
  { name: "recall_timeout", kind: "seconds", default: "25", min: 1, max: 600, about: "how long a recall rings" },
  { name: "recall_attempts", kind: "count", default: "2", min: 1, max: 20, about: "recalls, then the fallback" },
  { name: "recall_prefix", kind: "prefix", default: "RT", max: 20, about: "begins the name that a recall shows" },
  {
    name: "max_returns",
    kind: "count",
    default: "3",
    min: 1,
    max: 20,
    about: "how often a caller comes back without a talk, then the fallback",
  },
  {
    name: "fallback",
    kind: "destination",
    default: "",
    max: 160,
    about: "where a caller goes whom nobody took: 100@internal, or *${RECEIVER}@internal, *${TRANSFERER}@internal",
  },
  {
    name: "hear",
    kind: "choice",
    default: "ringing",
    max: 7,
    choices: ["ringing", "music"],
    about: "what the caller hears while a phone rings",
  },
  {
    name: "music_class",
    kind: "name",
    default: "default",
    max: 79,
    applied: true,
    about: "a class of musiconhold.conf",
  },
  {
    name: "mobile_dial",
    kind: "mobileDial",
    default: "",
    max: 200,
    about: "how to call a mobile: PJSIP/${NUMBER}@trunk",
  },
  {
    name: "mobile_confirm",
    kind: "choice",
    default: "yes",
    max: 3,
    choices: yesOrNo,
    about: "whoever answers the mobile must press 1",
  },
  {
    name: "mobile_too_soon",
    kind: "seconds",
    default: "2",
    min: 0,
    max: 30,
    about: "without mobile_confirm: an answer this soon is voicemail",
  },
  {
    name: "mobile_memory",
    kind: "minutes",
    default: "0",
    max: 1440,
    about: "how long a mobile on which nobody accepted a call is left alone; 0: not at all",
  },
  {
    name: "transfer_button",
    kind: "choice",
    default: "yes",
    max: 3,
    choices: yesOrNo,
    applied: true,
    about: "handle the phones' own Transfer button too",
  },
  {
    name: "busy_states",
    kind: "states",
    default: "INUSE,BUSY,RINGING,RINGINUSE,ONHOLD",
    max: 100,
    about: "device states that count as busy",
  },
  {
    name: "forward_context",
    kind: "context",
    default: "",
    max: 79,
    about: "the context to which phones may forward calls by themselves (SIP 302), besides the directory",
  },
  {
    name: "extensions",
    kind: "choice",
    default: "listed",
    max: 6,
    choices: ["listed", "auto"],
    applied: true,
    about: "auto: each install adds and removes sections below, as Asterisk has extensions",
  },
  {
    name: "pass_through",
    kind: "passThrough",
    default: "",
    max: 1000,
    about: "numbers outside the directory to which the key transfers unchecked: 6XX@queues,7[0-9]@parkedcalls",
  },
  {
    name: "peer_password",
    kind: "secret",
    default: "",
    max: 100,
    applied: true,
    forNodes: true,
    about: "what the nodes of [nodes] prove to each other; empty: their addresses are enough",
  },
  {
    name: "peer_transport",
    kind: "optionalName",
    default: "",
    max: 79,
    applied: true,
    forNodes: true,
    about: "a transport of pjsip.conf for the trunks between nodes, such as one with TLS; empty: Asterisk's own choice",
  },
] as const satisfies readonly Setting[];

export type GeneralName = (typeof generalSettings)[number]["name"];
