/**
 * Something noticed on the PBX before anything is written. A refusal stops the install. Warnings and notes are shown
 * with the plan: a warning needs the admin's attention, a note says how we handle what we found.
 */
export interface Finding {
  readonly kind: "refusal" | "warning" | "note";
  /** One sentence: what was found and where (file and line). */
  readonly says: string;
  /** One sentence: what to do. */
  readonly remedy: string;
}

export const refusal = (says: string, remedy: string): Finding => ({ kind: "refusal", says, remedy });
export const warning = (says: string, remedy: string): Finding => ({ kind: "warning", says, remedy });
export const note = (says: string, remedy = ""): Finding => ({ kind: "note", says, remedy });
