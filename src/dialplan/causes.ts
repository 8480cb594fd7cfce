/** Why nobody answered an extension's phones. */
export type Rung = "busy" | "no answer" | "declined" | "dnd" | "offline";

/**
 * The cause (Q.850) by which a node tells another how it went. SIP has a response of its own for each of these, and
 * every Asterisk makes the same cause of it again (chan_pjsip.c, hangup_cause2sip).
 */
export const causes: Record<Rung, number> = { busy: 17, "no answer": 19, declined: 21, dnd: 29, offline: 27 };

/** The cause for an extension that a node does not have. */
export const unknownExtension = 1;

/** What another node told by the cause with which it ended the last call: offline if it told nothing of these. */
export function toldByCause(): Rung {
  const cause = tonumber(channel.HANGUPCAUSE.get() ?? "");
  for (const [result, told] of pairs(causes)) if (told === cause) return result;
  return "offline";
}
