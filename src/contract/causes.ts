/** Why nobody answered an extension's phones. */
export type Rung = "busy" | "no answer" | "declined" | "dnd" | "offline";

/** What a node tells another of an extension: why nobody answered, or only that it could be rung. */
export type Told = Rung | "free";

/**
 * The cause (Q.850) by which a node tells another. SIP has a response of its own for each of these, and every Asterisk
 * makes the same cause of it again (chan_pjsip.c, hangup_cause2sip). No Asterisk says the cause of `free` by itself.
 */
export const causes: Record<Told, number> = {
  free: 22,
  busy: 17,
  "no answer": 19,
  declined: 21,
  dnd: 29,
  offline: 27,
};

/** The cause for an extension that a node does not have. */
export const unknownExtension = 1;

/** Seconds for the answer of another node, besides those that it rings or waits. */
export const onTheWay = 2;
