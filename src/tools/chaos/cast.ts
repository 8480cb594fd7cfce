import { nameOf } from "../../sandbox/pbx.ts";

/** The directory: ten phones. */
export const desks = ["101", "102", "103", "104", "105", "106", "107", "108", "109", "110"] as const;

/** Phones that do not tell that they ring: the PBX waits for their answer. */
export const mute: readonly string[] = ["105", "110"];

/** The outside lines. Each carries several calls at once. */
export const lines = ["900", "901"] as const;
/** The calls that an outside line carries at once: each has a handset of its own. */
export const handsets = 5;

/** Mobiles, by the extension whose they are. How a mobile answers is the story's business: see story.ts. */
export const mobiles: Readonly<Record<string, string>> = { "102": "921", "104": "922", "106": "923" };

/** A number that exists in no context. */
export const noNumber = "7777";

/** Where a caller goes whom nobody took, when the admin has set it: an extension@context that plays music, then hangs up. */
export const fallback = { extension: "s", context: "operator" } as const;

/** The context of the receivers' voicemails, and the setting that names it. */
export const mailbox = "mailbox";
export const mailboxes = `\${EXTENSION}@${mailbox}`;

/** Short times, so that a call takes some ten seconds. */
export const settings: Readonly<Record<string, string>> = {
  digit_timeout: "1",
  dial_attempts: "2",
  // Longer than the silence that is too long: see rules/sound.ts.
  ring_timeout: "4",
  wait_timeout: "5",
  recall_timeout: "2",
  recall_attempts: "2",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the dialplan replaces it
  mobile_dial: "PJSIP/${NUMBER}",
  voicemail: mailboxes,
  prompt_busy: "smart-transfer/busy",
  prompt_accept: "smart-transfer/accept",
};

export const isDesk = (party: string) => (desks as readonly string[]).includes(party);
export const isMobile = (party: string) => Object.values(mobiles).includes(party);

/** Everybody who may appear in a story, in the order of the diagram's columns. */
export const everybody: readonly { number: string; name: string }[] = [
  ...lines.map((number) => ({ number, name: "line" })),
  ...desks.map((number) => ({ number, name: nameOf(number) })),
  ...Object.values(mobiles).map((number) => ({ number, name: "mobile" })),
];
