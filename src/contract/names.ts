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
} as const;

/** Contexts of extensions.conf: the parts that cannot wait for Lua (plan/key-context.ts, plan/dial-contexts.ts). */
export const plainContexts = {
  digits: "smart-transfer-digits",
  rung: "smart-transfer-rung",
  answered: "smart-transfer-answered",
  gone: "smart-transfer-gone",
  back: "smart-transfer-back",
} as const;

/** The contexts of the Lua dialplan. */
export const contexts = {
  key: "smart-transfer",
  keyed: "smart-transfer-keyed",
  button: "smart-transfer-button",
  receiver: "smart-transfer-receiver",
  line: "smart-transfer-line",
  accept: "smart-transfer-accept",
  recall: "smart-transfer-recall",
  alert: "smart-transfer-alert",
  end: "smart-transfer-end",
  rehearsal: "smart-transfer-rehearsal",
} as const;

/** The extension that Asterisk runs when a caller hangs up in a context (main/pbx.c). */
export const hangup = "h";

/** The category of the channel groups that count ringing phones: see dialplan/ticket.ts. */
export const rungCategory = "smart-transfer-rung";

/** The caller's shared variable that names where a phone forwards the call: see dialplan/forward.ts. */
export const forward = "SMART_TRANSFER_FORWARD";

/** Our features in the application map, as DYNAMIC_FEATURES lists them. */
export const features = { transfer: "smart-transfer", return: "smart-transfer-return" } as const;

/** Asterisk's own sounds around the number when a caller in line hears their position. */
export const positionSounds = { before: "queue-thereare", behind: "queue-callswaiting" } as const;

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
  accept: "smart-transfer/accept&smart-transfer/accept-press",
  returning: "smart-transfer/returning",
  goodbye: "smart-transfer/goodbye",
} as const;
export type PromptName = keyof typeof promptSounds;
