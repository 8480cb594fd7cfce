/** Names that the installer writes and the dialplan reads, relative to Asterisk's configuration folder. */
export const settingsFile = "smart_transfer.conf";
export const ownFolder = "smart_transfer.d";

/** The generated index of the directory: see plan/directory-index.ts and dialplan/directory.ts. */
export const indexFile = `${ownFolder}/directory.conf`;
export const index = {
  prefixes: "prefixes",
  devices: "devices",
  transferers: "transferers",
  spoken: "spoken",
  /** These three exist only where there are [nodes], and are not in buckets. `self` is the name of this node. */
  node: "node",
  /** By the name of each other node: the PJSIP endpoint of the trunk to it. */
  peers: "peers",
  /** The reverse, by device: whose trunk this is. */
  trunks: "trunks",
} as const;

/** The PJSIP endpoint of the trunk to another node, where the installer makes the trunk. */
export const trunkPrefix = "smart-transfer-";

/**
 * What a node dials at another node, in its context `peerContext`: an extension alone rings its desk. `hello` goes
 * before the sum of the caller's smart_transfer.conf (sum.ts), and is never answered: its cause tells what the peer has.
 */
export const peerDials = { line: "line-", ask: "ask-", hello: "hello-" } as const;

/** The causes (Q.850) of a `hello`: the peer has the same smart_transfer.conf, or another one. SIP keeps both. */
export const helloCauses = { same: 17, other: 19 } as const;

/** The context of extensions.conf that says hello to a node: see plan/hello-contexts.ts. */
export function helloContext(node: string): string {
  return `smart-transfer-hello-${node}`;
}

/** How many digits of the asker go before the sum, and the variable that has the answer. */
export const helloMark = 6;
export const helloVariable = "SMART_TRANSFER_HELLO";

/** Contexts of extensions.conf: the parts that cannot wait for Lua (plan/key-context.ts, plan/dial-contexts.ts). */
export const plainContexts = {
  digits: "smart-transfer-digits",
  /** The caller's, released by the transferer, on the way to the Lua context `receiver`. */
  sent: "smart-transfer-sent",
  rung: "smart-transfer-rung",
  answered: "smart-transfer-answered",
  gone: "smart-transfer-gone",
  back: "smart-transfer-back",
  voicemail: "smart-transfer-voicemail",
  taking: "smart-transfer-taking",
} as const;

/**
 * Contexts of extensions.conf that exist only where there are [nodes]: for what answers at another node to which an `ask`
 * was dialled (plan/dial-contexts.ts), and for the calls that the other nodes make (plan/peer-context.ts).
 */
export const askedContext = "smart-transfer-asked";
export const peerContext = "smart-transfer-peer";

/** The contexts of the Lua dialplan, and whose channel comes to each. */
export const contexts = {
  /** The transferer's, before they have entered a digit: Lua reads them all. */
  key: "smart-transfer",
  /** The transferer's, after they have entered what is more than a plain transfer. */
  keyed: "smart-transfer-keyed",
  /** The caller's, from the Transfer button of a phone. */
  button: "smart-transfer-button",
  /** The caller's, after `sent`. They stay here while they are rung for, and while they wait in the line. */
  receiver: "smart-transfer-receiver",
  /** The caller's, after one of their keys while a phone rang for them, in the line or not. */
  line: "smart-transfer-line",
  /** The far end of a Local channel that calls the mobile. */
  mobile: "smart-transfer-mobile",
  /** The mobile's, when it answers. */
  accept: "smart-transfer-accept",
  /** The caller's, on the way back to the transferer. */
  recall: "smart-transfer-recall",
  /** The transferer's, who dialled takeback_code, and their caller's: see takebackExtensions. */
  takeback: "smart-transfer-takeback",
  /** The transferer's phones', before they ring for a recall. */
  alert: "smart-transfer-alert",
  /** The caller's, when they hang up. */
  end: "smart-transfer-end",
  /** The channels of a rehearsal. */
  rehearsal: "smart-transfer-rehearsal",
  /** The call that a node of [nodes] makes to the home node of an extension. */
  atHome: "smart-transfer-at-home",
} as const;

/** The extension that Asterisk runs when a caller hangs up in a context (main/pbx.c). */
export const hangup = "h";

/** The extension of the context `line` for a caller who chose voicemail while a phone rang. */
export const voicemailChosen = "voicemail";

/**
 * The extensions of the context `takeback` for a transferer: who has just dialled the code, and whose caller is gone. A
 * caller is at the extension of the transferer who takes them back.
 */
export const takebackExtensions = { dialled: "s", tookNobody: "nobody" } as const;

/** The category of the channel groups that count ringing phones: see dialplan/ticket.ts. */
export const rungCategory = "smart-transfer-rung";

/** The caller's shared variable that names where a phone forwards the call: see dialplan/forward.ts. */
export const forward = "SMART_TRANSFER_FORWARD";

/** Our features in the application map, as DYNAMIC_FEATURES lists them. */
export const features = { transfer: "smart-transfer", return: "smart-transfer-return" } as const;

/** Asterisk's own sound of a number: a language that has it has them all. */
export const numberSound = "digits/2";

/** The folder of our prompts, below each language's sound folder. */
export const soundFolder = "smart-transfer";

/**
 * The sounds of each prompt, in the order they are played. The dialplan can react only between two sounds, so prompts
 * that may be interrupted are split into short ones.
 */
export const promptSounds = {
  dial: "smart-transfer/dial",
  invalid: "smart-transfer/invalid",
  unavailable: "smart-transfer/unavailable",
  forbidden: "smart-transfer/forbidden",
  busy: "smart-transfer/busy&smart-transfer/busy-stay&smart-transfer/busy-press&smart-transfer/busy-back",
  position: "smart-transfer/position",
  occupied: "smart-transfer/occupied",
  waiting: "smart-transfer/waiting",
  ask: "smart-transfer/ask-wait&smart-transfer/ask-other",
  voicemail: "smart-transfer/voicemail&smart-transfer/voicemail-press",
  takeback: "smart-transfer/takeback",
  accept: "smart-transfer/accept&smart-transfer/accept-press",
  returning: "smart-transfer/returning",
  goodbye: "smart-transfer/goodbye",
} as const;
export type PromptName = keyof typeof promptSounds;
