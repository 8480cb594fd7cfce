/** Names that the installer writes and the dialplan reads, relative to Asterisk's configuration directory. */
export const settingsFile = "smart_transfer.conf";
export const ownFolder = "smart_transfer.d";

/** An index of the directory that the installer makes: see plan/generated.ts and dialplan/directory.ts. */
export const indexFile = "smart_transfer.d/directory.conf";
export const index = { prefixes: "prefixes", devices: "devices" } as const;

/** The contexts of the Lua dialplan, and the extension pattern that each answers to. */
export const contexts = {
  key: "smart-transfer",
  receiver: "smart-transfer-receiver",
  alert: "smart-transfer-alert",
} as const;

/** Where our prompts lie under each language's folder of sounds. */
export const soundFolder = "smart-transfer";
