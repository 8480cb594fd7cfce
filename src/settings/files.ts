/** Names that the installer writes and the dialplan reads, relative to Asterisk's configuration directory. */
export const settingsFile = "smart_transfer.conf";
export const ownFolder = "smart_transfer.d";

/** An index of the directory that the installer makes: see plan/directory-index.ts and dialplan/directory.ts. */
export const indexFile = "smart_transfer.d/directory.conf";
export const index = {
  prefixes: "prefixes",
  devices: "devices",
  transferers: "transferers",
  spoken: "spoken",
} as const;

/** Contexts of extensions.conf: what cannot wait for Lua (plan/key-context.ts, plan/dial-contexts.ts). */
export const plainContexts = {
  digits: "smart-transfer-digits",
  rung: "smart-transfer-rung",
  answered: "smart-transfer-answered",
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

/** The extension that Asterisk runs in a context in which a caller has hung up (main/pbx.c). */
export const hangup = "h";

/** The category of the channel groups of phones that are being rung: dialplan/ticket.ts. */
export const rungCategory = "smart-transfer-rung";

/** Names of features in the application map, as DYNAMIC_FEATURES lists them. */
export const features = { transfer: "smart-transfer", return: "smart-transfer-return" } as const;

/** What tells a caller in a line their position, before and behind the number: Asterisk's core sounds. */
export const positionSounds = { before: "queue-thereare", behind: "queue-callswaiting" } as const;

/** Where our prompts lie under each language's folder of sounds. */
export const soundFolder = "smart-transfer";

/**
 * The sounds of ours that each prompt is said in, one after the other, as Asterisk's applications take them. Where something
 * may happen meanwhile that ends the wait, the sounds are short: the dialplan looks between them.
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
